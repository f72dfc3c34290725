"""Where in a plugin's files something is declared: read from the files' syntax, so that findings name a line."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

from meibo.items.declaration import Group, Placed
from meibo.professions.plugin import ProfessionPlugin
from meibo.professions.rules import DeclaredRule
from meibo.testing.findings import Place


class Sources:
    """The files of a plugin's package at `root`."""

    def __init__(self, plugin: ProfessionPlugin, root: Path) -> None:
        self.plugin = plugin
        self.root = root

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        """Every module of the package by path, its migrations left out."""
        files = sorted(p for p in self.root.rglob("*.py") if "migrations" not in p.parts)
        return {file: ast.parse(file.read_text("utf-8")) for file in files}

    @cached_property
    def calls(self) -> dict[str, list[tuple[frozenset[str], Place]]]:
        """What is called by name, and each time with which words and where, in the order of the files."""
        found: dict[str, list[tuple[frozenset[str], Place]]] = {}
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    call = frozenset(_texts(node)), Place(path, node.lineno)
                    found.setdefault(_name(node.func), []).append(call)
        return found

    @cached_property
    def declaration(self) -> Place:
        """Where the profession is declared."""
        return self._call("ProfessionPlugin") or Place(self.root / "__init__.py", 1)

    def item(self, group: type[Group], name: str) -> Place:
        """Where an item of a group, or of one of its parts, is declared."""
        for listed in self.plugin.groups:
            declared = listed.group if isinstance(listed, Placed) else listed
            if declared.about.key == group.about.key or declared.part_of in group.__mro__:
                for cls in declared.__mro__:
                    if place := _line_in(cls, name):
                        return place
        return self.group(group)

    def group(self, group: type[Group]) -> Place:
        """Where a group's class begins."""
        return next((p for cls in group.__mro__ if (p := _line_in(cls, ""))), self.declaration)

    def rule(self, rule: DeclaredRule) -> Place:
        """Where a rule begins."""
        code = rule.check.__code__
        return Place(Path(code.co_filename), code.co_firstlineno)

    def named(self, what: str, *words: str, otherwise: Sequence[str] = ()) -> Place:
        """Where `Fee("registration", …)` is written: the first call of `what` that holds all the words, else the first
        that holds `otherwise`, else the declaration. Days count as words: `date(2024, 5, 27)` is 2024-05-27."""
        return self._call(what, *words) or self._call(what, *otherwise) or self.declaration

    def _call(self, what: str, *words: str) -> Place | None:
        return next((place for said, place in self.calls.get(what, ()) if said.issuperset(words)), None)


def _line_in(cls: type, name: str) -> Place | None:
    """The line of an attribute in a class body, or of the class itself where `name` is ""."""
    module = sys.modules.get(cls.__module__)
    if not (found := getattr(module, "__file__", None)):  # What is built in has none.
        return None
    file = Path(found)
    for node in _classes(file, file.stat().st_mtime).get(cls.__name__, ()):
        if not name:
            return Place(file, node.lineno)
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and _name(line.target) == name:
                return Place(file, line.lineno)
    return None


@cache
def _classes(file: Path, _changed: float) -> dict[str, list[ast.ClassDef]]:
    """The classes of a file by name."""
    found: dict[str, list[ast.ClassDef]] = {}
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _texts(call: ast.Call) -> Iterator[str]:
    for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "date":
            parts = [part.value for part in value.args if isinstance(part, ast.Constant)]
            yield "-".join(f"{part:02}" for part in parts if isinstance(part, int))
