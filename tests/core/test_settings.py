"""Settings: the environment over the file, types, and a help for each."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from meibo.database.stores import Store
from meibo.errors import SettingsError
from meibo.settings import Settings, describe, load_settings


def toml(folder: Path, text: str) -> Path:
    file = folder / "meibo.toml"
    file.write_text(text, "utf-8")
    return file


def test_without_anything_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({"PATH": "/bin", "OTHER_PORT": "1"}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = toml(tmp_path, 'port = 1\nhost = "0.0.0.0"\nexplorer = false\n')
    found = load_settings({"MEIBO_PORT": "2"}, file)
    assert (found.port, found.host, found.explorer) == (2, "0.0.0.0", False)  # noqa: S104


def test_the_file_is_found_by_name_or_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = toml(tmp_path, "port = 5\n")
    assert load_settings({"MEIBO_FILE": str(file)}).port == 5
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).port == 5


@pytest.mark.parametrize(
    ("given", "value"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False)]
)
def test_flags(given: str, value: bool) -> None:
    assert load_settings({"MEIBO_QUARANTINE": given}).quarantine is value


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"MEIBO_PRT": "1"}, "There is no setting 'prt': see `meibo settings` for their names."),
        ({"MEIBO_PORT": "secret"}, "The setting port wants int: see `meibo settings`."),
        ({"MEIBO_PORT": "--5"}, "The setting port wants int: see `meibo settings`."),
        ({"MEIBO_PORT": "-5"}, "The setting port wants int: see `meibo settings`."),
        ({"MEIBO_PORT": "８０"}, "The setting port wants int: see `meibo settings`."),
        ({"MEIBO_PORT": ""}, "The setting port wants int: see `meibo settings`."),
        ({"MEIBO_EXPLORER": "yes"}, "The setting explorer wants bool: see `meibo settings`."),
        ({"MEIBO_FILE": "/no/such.toml"}, "There is no file /no/such.toml: see MEIBO_FILE."),
    ],
)
def test_what_is_wrong_in_the_environment(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    assert refused.value.en == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prt = 1", "There is no setting 'prt': see `meibo settings` for their names."),
        ("port = true", "The setting port wants int: see `meibo settings`."),
        ("port = 1.5", "The setting port wants int: see `meibo settings`."),
        ("host = 5", "The setting host wants str: see `meibo settings`."),
        ("host = ['secret']", "The setting host wants str: see `meibo settings`."),
        ("register_url = secret", "{file} is no TOML file in UTF-8: mend it."),
    ],
)
def test_what_is_wrong_in_the_file(tmp_path: Path, text: str, sentence: str) -> None:
    file = toml(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        load_settings({}, file)
    assert refused.value.en == sentence.format(file=file)
    assert "secret" not in repr(refused.value.__cause__)


def test_every_setting_has_a_name_a_default_and_a_help() -> None:
    described = list(describe())
    assert [name for name, _, _ in described] == [f"MEIBO_{f.name.upper()}" for f in fields(Settings)]
    assert [name for name, _, text in described if not text.endswith(".")] == []
    assert {name: default for name, default, _ in described}["MEIBO_PORT"] == "8470"


@pytest.mark.parametrize("store", list(Store))
def test_urls(store: Store) -> None:
    default = Settings(data="/data")
    assert default.url(store) == default.url(store, owner=True) == f"sqlite+aiosqlite:////data/{store}.db"
    given = Settings(**{f"{store}_url": "ours", f"{store}_owner_url": "owners"})  # type: ignore[arg-type]
    assert (given.url(store), given.url(store, owner=True)) == ("ours", "owners")


def test_key_folders() -> None:
    assert Settings(data="/d").key_folder("vault") == Path("/d/keys/vault")
    assert Settings(data="/d", vault_keys="/k").key_folder("vault") == Path("/k")
