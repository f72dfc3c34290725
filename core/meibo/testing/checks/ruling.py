"""Rules: named after the profession, resting on law or items, and tried."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from meibo.testing.findings import Finding, at
from meibo.testing.subjects import Subject


def rules(subject: Subject) -> Iterator[Finding]:
    """A rule's id begins with the profession's code, and it cites law or items."""
    code = subject.profession.code
    for rule in subject.profession.plugin.rules:
        place = subject.sources.rule(rule)
        if not rule.id.startswith(f"{code}."):
            yield at(place, f"the rule {rule.id} does not begin with {code}.", f"name it {code}.{rule.id}")
        if not rule.cites.strip() and not rule.items:
            yield at(place, f"the rule {rule.id} cites nothing", 'name the law or the items in cites="…"')


def tried(subject: Subject) -> Iterator[Finding]:
    """Every rule is named in a test."""
    words = {word for file in _tests(subject) for word in _words(file)}
    for rule in subject.profession.plugin.rules:
        own = rule.id.rpartition(".")[2]
        if not {rule.id, own, rule.check.__name__} & words:
            what = f"no test tries the rule {rule.id}"
            yield at(
                subject.sources.rule(rule), what, "write a case that passes and one that fails in tests/"
            )


def _tests(subject: Subject) -> Iterator[Path]:
    """The distribution's tests; in a workspace, those of `tests/plugins/<code>` beside it."""
    folders = [subject.root / "tests", *(p / "tests" / "plugins" for p in subject.root.parents[1:2])]
    for folder in folders:
        yield from folder.rglob("*.py") if folder.is_dir() else ()


def _words(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


CHECKS = (rules, tried)
