"""Finds plugins by entry point, checks them, and gives the professions to everybody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
from packaging.specifiers import SpecifierSet

from meibo import __version__
from meibo.distributions import GROUP
from meibo.distributions import version_of as distribution_version
from meibo.errors import MeiboError, PluginError
from meibo.hooks import PROJECT, Hooks
from meibo.professions.code_tables import CORE_KEYS
from meibo.professions.compiled import Profession, compile_profession
from meibo.professions.plugin import ProfessionPlugin
from meibo.professions.upcasts import version_of

LONGEST_VERSION = 32
"""Every row holds the version that wrote it."""

CodeRows = Mapping[str, Iterable[Mapping[str, object]]]


@dataclass(frozen=True, eq=False)
class Host:
    """The installed professions by code, in the order of their codes; `quarantined` says what was left out, and why."""

    professions: Mapping[str, Profession]
    manager: pluggy.PluginManager
    quarantined: Mapping[str, str]

    def __getitem__(self, code: str) -> Profession:
        return self.professions[code]

    def migrations(self) -> list[Path]:
        """The folders of the plugins' revisions."""
        packages = {profession.plugin.package for profession in self.professions.values()}
        folders = []
        for _, module in self.manager.list_name_plugin():
            file = getattr(module, "__file__", None)
            if file and getattr(module, "__name__", "") in packages:
                folders.append(Path(file).parent / "migrations")
        return sorted(f for f in folders if f.is_dir())

    def without(self, broken: Mapping[str, str]) -> Host:
        """The host without some professions, each quarantined with a sentence."""
        if not broken:
            return self
        kept = {code: p for code, p in self.professions.items() if code not in broken}
        return replace(self, professions=kept, quarantined={**self.quarantined, **broken})

    def answers(self, hook: str, *, of: str = "", **given: object) -> Iterator[tuple[str, Any]]:
        """(plugin name, answer) of each plugin that implements a hook and is no longer under quarantine, or `of` the
        profession with this code alone.

        Raises PluginError that names a plugin whose hook raised.
        """
        asked = [self[of]] if of else self.professions.values()
        packages = {profession.plugin.package for profession in asked}
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            if getattr(implementation.plugin, "__name__", "") not in packages:
                continue
            try:
                answer = implementation.function(*(given[name] for name in implementation.argnames))
            except Exception as error:
                raise PluginError(
                    f"Plugin {implementation.plugin_name!r}: its hook {hook} raised"
                    f" {type(error).__name__} ({error}): mend or uninstall it."
                ) from error
            yield implementation.plugin_name, answer

    def code_rows(self) -> list[tuple[str, CodeRows]]:
        """The plugins by name, each with its rows for the code tables of a new installation."""
        return list(self.answers("meibo_code_rows"))

    def files(self) -> dict[str, frozenset[str]]:
        """The register files whose administrators keep numbers, each with its professions; "" for those without."""
        files: dict[str, set[str]] = {}
        for code, profession in self.professions.items():
            files.setdefault(profession.file, set()).add(code)
        return {file: frozenset(codes) for file, codes in files.items()}


def load_host(
    extra: Iterable[tuple[str, ModuleType]] = (),
    *,
    only: Collection[str] | None = None,
    quarantine: bool = False,
) -> Host:
    """The installed plugins, or `only` those of these names, and `extra` modules (name, module) such as a test's or
    `plugin_at(path)`: each stands in for an installed one of its name.

    Raises PluginError in one sentence (which, what, how to mend) unless `quarantine` leaves broken ones out.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    professions: dict[str, Profession] = {}
    quarantined: dict[str, str] = {}
    extra = list(extra)
    named = {name for name, _ in extra}
    sources: list[tuple[str, EntryPoint | ModuleType]] = [
        *((name, found) for name, found in _installed(only) if name not in named),
        *extra,
    ]
    for name, module in sources:
        try:
            _refuse_twin(name, [n for n, _ in sources])
            profession = _admit(manager, name, module)
            _refuse_clash(profession, professions)
        except PluginError as error:
            _forget(manager, name)
            if not quarantine:
                raise
            quarantined[name] = error.en
            continue
        professions[profession.code] = profession
    return Host(dict(sorted(professions.items())), manager, quarantined)


def _installed(only: Collection[str] | None) -> list[tuple[str, EntryPoint]]:
    found = sorted(entry_points(group=GROUP), key=lambda e: e.name)
    if only is not None and (missing := set(only) - {e.name for e in found}):
        raise PluginError(
            f"No installed plugin is named {min(missing)!r}: install it, or mend MEIBO_PROFESSIONS."
        )
    return [(e.name, e) for e in found if only is None or e.name in only]


def _admit(manager: pluggy.PluginManager, name: str, source: EntryPoint | ModuleType) -> Profession:
    """Import, register and compile one plugin; anything it raises becomes one sentence."""
    try:
        module = source.load() if isinstance(source, EntryPoint) else source
        manager.register(module, name)
        manager.check_pending()
        plugin = _declaration(manager, name, module)
        _refuse_core(plugin)
        version = str(version_of(plugin.version or _version(source), "The version of the distribution"))
        if len(version) > LONGEST_VERSION:
            raise PluginError(f"Its version is longer than {LONGEST_VERSION} characters: shorten it.")
        return compile_profession(replace(plugin, version=version, package=module.__name__))
    except MeiboError as error:
        _forget(manager, name)
        raise PluginError(f"Plugin {name!r}: {error.en}") from error
    except Exception as error:
        _forget(manager, name)
        raise PluginError(
            f"Plugin {name!r} cannot be loaded ({type(error).__name__}: {error}): mend or uninstall it."
        ) from error


def _declaration(manager: pluggy.PluginManager, name: str, module: ModuleType) -> ProfessionPlugin:
    caller = manager.subset_hook_caller(
        "meibo_profession", [p for n, p in manager.list_name_plugin() if n != name]
    )
    declared = caller()
    if len(declared) != 1 or not isinstance(declared[0], ProfessionPlugin):
        raise PluginError("It must implement meibo_profession once and return a ProfessionPlugin.")
    return declared[0]


def _version(source: EntryPoint | ModuleType) -> str:
    if isinstance(source, EntryPoint):
        return source.dist.version if source.dist else __version__
    return distribution_version(source) or __version__


def _forget(manager: pluggy.PluginManager, name: str) -> None:
    if manager.has_plugin(name):
        manager.unregister(name=name)


def _refuse_core(plugin: ProfessionPlugin) -> None:
    """Refuse a plugin made for another core: `>=1,<2` is a version specifier (PEP 440)."""
    if not SpecifierSet(plugin.core).contains(__version__, prereleases=True):
        raise PluginError(
            f"It was made for core {plugin.core}, this is {__version__}: install a matching pair."
        )


def _refuse_twin(name: str, names: Sequence[str]) -> None:
    """Refuse both of two plugins of one name: nobody can say which is meant."""
    if names.count(name) > 1:
        raise PluginError(f"Two distributions name a plugin {name!r}: uninstall one of them.")


def _refuse_clash(profession: Profession, others: Mapping[str, Profession]) -> None:
    """Refuse a second plugin of one profession, and one whose tables another has."""
    if profession.code in others:
        raise PluginError(f"Two plugins declare the profession {profession.code!r}: uninstall one of them.")
    for other in others.values():
        for table in sorted(profession.table_names() & other.table_names()):
            raise PluginError(
                f"The professions {other.code!r} and {profession.code!r} would both keep the table {table!r}:"
                " rename the group or the profession."
            )
    owners = dict.fromkeys(CORE_KEYS, "core")
    owners |= {spec.key: code for code, other in others.items() for spec in other.own_code_tables}
    for spec in profession.own_code_tables:
        if spec.key in owners:
            raise PluginError(
                f"Plugin {profession.code!r}: the code table {spec.key!r} is {owners[spec.key]}'s already:"
                " choose another key."
            )
