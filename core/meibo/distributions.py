"""A plugin that is not installed: found by the entry point in the pyproject.toml of its folder."""

from __future__ import annotations

import sys
import tomllib
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

from meibo.errors import PluginError

GROUP = "meibo.plugins"
"""The entry points of plugins."""
PROJECT_FILE = "pyproject.toml"
DEEPEST = 3
"""How many folders a package may lie below its pyproject.toml (`src/meibo_x/`)."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a pyproject.toml says of the one plugin that it holds; `version` is "" where it is made elsewhere."""

    root: Path
    name: str
    package: str
    version: str

    @property
    def path(self) -> Path:
        """The folder from which the package is imported: the root, or `src/`."""
        top = self.package.partition(".")[0]
        inside = self.root / "src"
        return inside if (inside / top).exists() else self.root


def plugin_at(path: Path) -> tuple[str, ModuleType]:
    """(name, module) of the plugin whose distribution lies at `path`, or above the package at `path`.

    Another module of that name, such as an older version's, is forgotten first. Raises PluginError in one sentence.
    """
    distribution = distribution_at(path)
    _forget_others(distribution)
    invalidate_caches()
    with _importing_from(distribution.path):
        try:
            module = import_module(distribution.package)
        except Exception as error:
            raise PluginError(
                f"Plugin {distribution.name!r} cannot be loaded ({describe(error, distribution.root)}): mend it."
            ) from error
    if not _lies_in(module, distribution.root):
        raise PluginError(
            f"{distribution.root} holds no package {distribution.package!r}: mend the entry point in {PROJECT_FILE}."
        )
    return distribution.name, module


def distribution_at(path: Path) -> Distribution:
    """What the nearest pyproject.toml says; raises PluginError where there is none, or where it names no plugin."""
    root = _root(path)
    file = root / PROJECT_FILE
    try:
        project: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8")).get("project", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PluginError(f"{file} cannot be read: {error}.") from error
    named = project.get("entry-points", {}).get(GROUP, {})
    if len(named) != 1:
        raise PluginError(
            f'{file} names {len(named) or "no"} plugins: give one entry under [project.entry-points."{GROUP}"].'
        )
    [(name, package)] = named.items()
    return Distribution(root, name, package, str(project.get("version", "")))


def version_of(module: ModuleType) -> str:
    """The version of a module's distribution where that is not installed; "" where there is none."""
    try:
        distribution = distribution_at(_file(module).parent)
    except PluginError:
        return ""
    return distribution.version if distribution.package == module.__name__ else ""


def describe(error: BaseException, root: Path) -> str:
    """An error in a plugin's own file: what it is, and the file's innermost line."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__}: {error.msg}, {_inside(error.filename, root)}, line {error.lineno}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(root)]
    where = f", {_inside(frames[-1].filename, root)}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {str(error).rstrip('.')}{where}"


def _root(path: Path) -> Path:
    folder = path.resolve()
    if not folder.is_dir():
        raise PluginError(f"There is no folder {path}: name the plugin's.")
    for candidate in (folder, *list(folder.parents)[:DEEPEST]):
        if (candidate / PROJECT_FILE).is_file():
            return candidate
    raise PluginError(f"No {PROJECT_FILE} lies at {path}: name the folder of the plugin's distribution.")


def _forget_others(distribution: Distribution) -> None:
    """Let the next import read the files at the root."""
    known = sys.modules.get(distribution.package)
    if known is None or _lies_in(known, distribution.root):
        return
    top = distribution.package.partition(".")[0]
    for name in [n for n in sys.modules if n == top or n.startswith(f"{top}.")]:
        del sys.modules[name]


def _lies_in(module: ModuleType, root: Path) -> bool:
    return _file(module).resolve().is_relative_to(root)


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Imports look there first; a package that was found keeps finding its own modules afterwards."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _inside(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _file(module: ModuleType) -> Path:
    return Path(getattr(module, "__file__", None) or "")
