"""The host: broken plugins end in one sentence each, or in quarantine."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from meibo import __version__
from meibo.distributions import GROUP
from meibo.errors import PluginError
from meibo.hooks import hookimpl
from meibo.host import load_host
from tests.core.professions.dancers import module, plugin


def misspelt() -> ModuleType:
    made = ModuleType("meibo_misspelt")

    @hookimpl
    def meibo_profesion() -> object:
        return plugin()

    made.meibo_profesion = meibo_profesion  # type: ignore[attr-defined]
    return made


def raising() -> ModuleType:
    made = ModuleType("meibo_raising")

    @hookimpl
    def meibo_profession() -> object:
        raise KeyError("lost")

    made.meibo_profession = meibo_profession  # type: ignore[attr-defined]
    return made


ONCE = "It must implement meibo_profession once and return a ProfessionPlugin."
BROKEN: list[tuple[str, ModuleType, str]] = [
    ("no-hook", ModuleType("empty"), f"Plugin 'no-hook': {ONCE}"),
    ("text", module("dancer"), f"Plugin 'text': {ONCE}"),
    ("none", module(None), f"Plugin 'none': {ONCE}"),
    (
        "bad-code",
        module(plugin(code="Bad-Code")),
        "Plugin 'bad-code': The plugin code 'Bad-Code' is not lower_snake_case: choose another.",
    ),
    (
        "old",
        module(plugin(core="<0.0.1")),
        f"Plugin 'old': It was made for core <0.0.1, this is {__version__}: install a matching pair.",
    ),
    (
        "path",
        module(plugin(number="register.no")),
        "Plugin 'path': The plugin 'dancer' names 'register.no' in number, which is no item of its groups.",
    ),
    ("raises", raising(), "Plugin 'raises' cannot be loaded (KeyError: 'lost'): mend or uninstall it."),
    (
        "range",
        module(plugin(core="any")),
        "Plugin 'range' cannot be loaded (InvalidSpecifier: Invalid specifier: 'any'): mend or uninstall it.",
    ),
]


@pytest.mark.parametrize(("name", "broken", "sentence"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_a_broken_plugin_ends_in_one_sentence(name: str, broken: ModuleType, sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        load_host([(name, broken)])
    assert refused.value.en == sentence


def test_a_misspelt_hook_is_named() -> None:
    with pytest.raises(PluginError, match="meibo_profesion"):
        load_host([("misspelt", misspelt())])


@pytest.mark.parametrize(("name", "broken", "sentence"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_quarantine_leaves_a_broken_plugin_out(name: str, broken: ModuleType, sentence: str) -> None:
    host = load_host([(name, broken), ("fine", module())], quarantine=True)
    assert list(host.professions) == ["dancer", "doctor"]
    assert host.quarantined == {name: sentence}
    assert host["doctor"].plugin.package == "meibo_doctor"
    assert [n for n, _ in host.manager.list_name_plugin() if n == name] == []


def test_an_entry_point_that_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = EntryPoint("lost", "meibo_no_such_module", GROUP)
    monkeypatch.setattr("meibo.host.entry_points", lambda **_: [lost])
    with pytest.raises(PluginError) as refused:
        load_host()
    assert refused.value.en == (
        "Plugin 'lost' cannot be loaded (ModuleNotFoundError: No module named 'meibo_no_such_module'):"
        " mend or uninstall it."
    )


def test_two_entry_points_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(**_: Any) -> list[EntryPoint]:
        return [EntryPoint("twin", f"meibo_{n}", GROUP) for n in "ab"]

    monkeypatch.setattr("meibo.host.entry_points", two)
    with pytest.raises(PluginError) as refused:
        load_host()
    assert refused.value.en == "Two distributions name a plugin 'twin': uninstall one of them."


def test_versions_and_files() -> None:
    host = load_host([("dancer", module())])
    assert host["dancer"].plugin.version == __version__
    assert host.files() == {"dancer": frozenset({"dancer"}), "medical": frozenset({"doctor"})}
    assert [folder.parent.name for folder in host.migrations()] == ["meibo_doctor"]


def test_two_plugins_of_one_profession() -> None:
    sentence = "Two plugins declare the profession 'dancer': uninstall one of them."
    both = [("fine", module()), ("again", module(name="meibo_again"))]
    with pytest.raises(PluginError) as refused:
        load_host(both)
    assert refused.value.en == sentence
    host = load_host(both, quarantine=True)
    assert host.quarantined == {"again": sentence}
    assert [name for name, _ in host.manager.list_name_plugin() if name != "doctor"] == ["fine"]


def test_migrations_are_found_whatever_the_entry_point_is_called(tmp_path: Path) -> None:
    made = module()
    made.__file__ = str(tmp_path / "__init__.py")
    tmp_path.joinpath("migrations").mkdir()
    assert tmp_path / "migrations" in load_host([("other-name", made)]).migrations()
