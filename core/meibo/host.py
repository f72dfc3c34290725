"""Finds plugins by entry point, checks them, and gives the professions to everybody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import cast

import pluggy
from packaging.specifiers import SpecifierSet

from meibo import __version__
from meibo.distributions import GROUP, version_of
from meibo.errors import MeiboError, PluginError
from meibo.hooks import PROJECT, Hooks
from meibo.professions.compiled import Profession, compile_profession
from meibo.professions.plugin import ProfessionPlugin

CodeRows = Mapping[str, Iterable[Mapping[str, object]]]


@dataclass(frozen=True)
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

    def code_rows(self) -> list[tuple[str, CodeRows]]:
        """The plugins by name, each with its rows for the code tables of a new installation."""
        hook = self.manager.hook.meibo_code_rows
        return [(each.plugin_name, cast(CodeRows, each.function())) for each in hook.get_hookimpls()]

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
    for before, after in pairwise(found):
        if before.name == after.name:
            raise PluginError(f"Two distributions name a plugin {before.name!r}: uninstall one of them.")
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
        version = plugin.version or _version(source)
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
    return version_of(source) or __version__


def _forget(manager: pluggy.PluginManager, name: str) -> None:
    if manager.has_plugin(name):
        manager.unregister(name=name)


def _refuse_core(plugin: ProfessionPlugin) -> None:
    """Refuse a plugin made for another core: `>=1,<2` is a version specifier (PEP 440)."""
    if not SpecifierSet(plugin.core).contains(__version__, prereleases=True):
        raise PluginError(
            f"It was made for core {plugin.core}, this is {__version__}: install a matching pair."
        )


def _refuse_clash(profession: Profession, others: Mapping[str, Profession]) -> None:
    if profession.code in others:
        raise PluginError(f"Two plugins declare the profession {profession.code!r}: uninstall one of them.")
