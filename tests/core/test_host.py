"""The host: broken plugins end in one sentence each, or in quarantine."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from meibo import __version__, hooks
from meibo.audit import tables as audit
from meibo.distributions import GROUP
from meibo.errors import PluginError
from meibo.hooks import hookimpl
from meibo.host import load_host
from meibo.installation import register_tables_of
from meibo.professions.promises import RESERVED
from tests.core.professions.dancers import DancerRegister, Practice, module, plugin


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
    (
        "core-own",
        module(plugin(code="licence")),
        "Plugin 'core-own': The plugin code 'licence' is core's own: choose another.",
    ),
    (
        "no-version",
        module(plugin(version="first")),
        "Plugin 'no-version': The version of the distribution is 'first', which is no version: write one such as 1.2.",
    ),
    (
        "long-version",
        module(plugin(version="1." * 16 + "1")),
        "Plugin 'long-version': Its version is longer than 32 characters: shorten it.",
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
    host = load_host([(name, broken), ("fine", module())], only={"doctor"}, quarantine=True)
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
    sentence = "Two distributions name a plugin 'twin': uninstall one of them."
    with pytest.raises(PluginError) as refused:
        load_host()
    assert refused.value.en == sentence
    host = load_host([("fine", module())], quarantine=True)
    assert (list(host.professions), host.quarantined) == (["dancer"], {"twin": sentence})


def test_versions_and_files() -> None:
    host = load_host([("dancer", module())], only={"doctor"})
    assert host["dancer"].plugin.version == __version__
    assert host.files() == {"dancer": frozenset({"dancer"}), "medical": frozenset({"doctor"})}
    assert [folder.parent.name for folder in host.migrations()] == ["meibo_doctor"]


def test_two_plugins_of_one_profession() -> None:
    sentence = "Two plugins declare the profession 'dancer': uninstall one of them."
    both = [("fine", module()), ("again", module(name="meibo_again"))]
    with pytest.raises(PluginError) as refused:
        load_host(both, only={"doctor"})
    assert refused.value.en == sentence
    host = load_host(both, only={"doctor"}, quarantine=True)
    assert host.quarantined == {"again": sentence}
    assert [name for name, _ in host.manager.list_name_plugin() if name != "doctor"] == ["fine"]


def test_migrations_are_found_whatever_the_entry_point_is_called(tmp_path: Path) -> None:
    made = module()
    made.__file__ = str(tmp_path / "__init__.py")
    tmp_path.joinpath("migrations").mkdir()
    assert tmp_path / "migrations" in load_host([("other-name", made)]).migrations()


class RedShoes(
    Practice, title="靴", en="Shoes", purpose="a test", source="a test", erasure="keep", key="red_shoes"
):
    """With it, dancers keep the table `dancer_red_shoes`."""


class Shoes(Practice, title="靴", en="Shoes", purpose="a test", source="a test", erasure="keep", key="shoes"):
    """So do red dancers with this."""


RED = plugin(
    code="dancer_red",
    number="dancer_register.registration_number",
    registered="dancer_register.registration_date",
    groups=(DancerRegister, Shoes),
    rules=(),
    effects={},
)


def test_two_professions_with_one_table() -> None:
    both = [
        ("dancer", module(plugin(groups=(DancerRegister, RedShoes), rules=(), effects={}))),
        (
            "dancer_red",
            module(RED, "red"),
        ),
    ]
    sentence = (
        "The professions 'dancer' and 'dancer_red' would both keep the table 'dancer_red_shoes':"
        " rename the group or the profession."
    )
    with pytest.raises(PluginError) as refused:
        load_host(both, only={"doctor"})
    assert refused.value.en == sentence
    host = load_host(both, only={"doctor"}, quarantine=True)
    assert (list(host.professions), host.quarantined) == (["dancer", "doctor"], {"dancer_red": sentence})


def test_a_hook_that_raises_is_named_with_its_plugin() -> None:
    made = module()

    @hookimpl
    def meibo_code_rows() -> object:
        raise LookupError("no file")

    made.meibo_code_rows = meibo_code_rows  # type: ignore[attr-defined]
    answers = load_host([("dancing", made)], only=()).answers("meibo_code_rows")
    with pytest.raises(PluginError) as refused:
        list(answers)
    assert refused.value.en == (
        "Plugin 'dancing': its hook meibo_code_rows raised LookupError (no file): mend or uninstall it."
    )


def test_a_plugin_under_quarantine_is_asked_nothing() -> None:
    host = load_host(only={"doctor"})
    assert [name for name, _ in host.answers("meibo_code_rows")] == ["doctor"]
    assert list(host.without({"doctor": "broken"}).answers("meibo_code_rows")) == []


def test_each_hook_is_used_by_one_of_ours() -> None:
    host = load_host()
    specified = [name for name in vars(hooks.Hooks) if name.startswith("meibo_")]
    assert specified
    for name in set(specified) - {"meibo_connectors"}:  # An installation's own: no profession brings one.
        assert getattr(host.manager.hook, name).get_hookimpls(), name


def test_codes_with_which_core_names_its_tables_are_reserved() -> None:
    stores = (*register_tables_of(load_host(only=())), *audit.metadata.sorted_tables)
    first_words = {table.name.partition("_")[0] for table in stores if not table.name.endswith("_master")}
    assert first_words | {"core", "meibo"} <= RESERVED
