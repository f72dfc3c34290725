"""Plugins that are not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from meibo.distributions import plugin_at
from meibo.errors import PluginError
from meibo.host import load_host

PROJECT = """
[project]
name = "meibo-{code}"
version = "{version}"
[project.entry-points."meibo.plugins"]
{code} = "{package}"
"""
PACKAGE = """
from tests.core.professions.dancers import plugin
from meibo.plugin import hookimpl

@hookimpl
def meibo_profession():
    return plugin()
"""


def distribution(
    root: Path, code: str, *, version: str = "2.3", source: str = PACKAGE, inside: str = ""
) -> Path:
    """A distribution on disk; its package may lie `inside` a folder."""
    package = root / inside / f"meibo_{code}"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source.format(code=code), "utf-8")
    project = PROJECT.format(code=code, version=version, package=f"meibo_{code}")
    (root / "pyproject.toml").write_text(project, "utf-8")
    return root


@pytest.mark.parametrize("inside", ["", "src"])
@pytest.mark.parametrize("named", ["root", "package"])
def test_a_plugin_is_found_by_its_entry_point(tmp_path: Path, inside: str, named: str) -> None:
    code = f"tap_{inside}_{named}"
    root = distribution(tmp_path, code, inside=inside)
    found = plugin_at(root if named == "root" else root / inside / f"meibo_{code}")
    assert (found[0], found[1].__name__) == (code, f"meibo_{code}")
    host = load_host([found], only=())
    assert host["dancer"].plugin.version == "2.3"


def test_another_version_is_read_from_its_own_files(tmp_path: Path) -> None:
    old = plugin_at(distribution(tmp_path / "old", "swing", version="1.0"))
    new = plugin_at(distribution(tmp_path / "new", "swing", version="1.1"))
    versions = [load_host([each], only=())["dancer"].plugin.version for each in (old, new)]
    assert versions == ["1.0", "1.1"]


def test_it_stands_in_for_an_installed_one() -> None:
    here = Path(__file__).parents[2] / "plugins" / "doctor"
    host = load_host([plugin_at(here)], only={"doctor"})
    assert list(host.professions) == ["doctor"]


def test_a_folder_without_a_plugin_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"^There is no folder .*lost: name the plugin's\.$"):
        plugin_at(tmp_path / "lost")
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    with pytest.raises(PluginError, match=r"^No pyproject\.toml lies at .*: name the folder of the plugin's"):
        plugin_at(deep)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    with pytest.raises(PluginError, match=r"pyproject\.toml names no plugins: give one entry under"):
        plugin_at(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project\n", "utf-8")
    with pytest.raises(PluginError, match=r"pyproject\.toml cannot be read: .*line 1"):
        plugin_at(tmp_path)


def test_an_entry_point_without_its_package(tmp_path: Path) -> None:
    text = PROJECT.format(code="lost", version="1", package="json")
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(
        PluginError, match=r"holds no package 'json': mend the entry point in pyproject\.toml"
    ):
        plugin_at(tmp_path)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("def (", r"SyntaxError: invalid syntax, meibo_{code}/__init__\.py, line 1"),
        ("\n\n1 / 0", r"ZeroDivisionError: division by zero, meibo_{code}/__init__\.py, line 3"),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, source: str, what: str) -> None:
    code = f"slip_{len(source)}"
    sentence = rf"^Plugin '{code}' cannot be loaded \({what.format(code=code)}\): mend it\.$"
    with pytest.raises(PluginError, match=sentence):
        plugin_at(distribution(tmp_path, code, source=source))
