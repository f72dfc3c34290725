"""Cases of rules: what a rule lets pass, what it refuses, and where it points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meibo.professions.compiled import Profession
from tests.plugins.medical.professions import DAY, changed, sound

Changes = Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """A rule, changes to the sound record that it lets pass, changes that it refuses, and where it points."""

    rule: str
    passes: Changes
    breaks: Changes
    paths: tuple[str, ...]
    before: Changes | None = None
    procedure: str = "register"
    notes: str = ""

    def __str__(self) -> str:
        return f"{self.rule}{'-' if self.notes else ''}{self.notes}"


def check(profession: Profession, case: Case) -> None:
    """Let the rule pass the one and refuse the other, in sentences of both languages that repeat no value."""
    [rule] = [r for r in profession.rules if r.id == f"{profession.code}.{case.rule}"]
    record = sound(profession)
    previous = None if case.before is None else changed(record, case.before)
    assert rule.findings(changed(record, case.passes), previous, case.procedure, DAY) == [], case
    findings = rule.findings(changed(record, case.breaks), previous, case.procedure, DAY)
    assert [".".join(finding.path) for finding in findings] == list(case.paths), case
    for finding in findings:
        assert (finding.rule, finding.cites) == (rule.id, rule.cites)
        assert finding.ja.endswith("。")
        assert finding.en.isascii()
        assert finding.en.endswith(".")
        assert not any(digit in finding.ja + finding.en for digit in "0123456789")
