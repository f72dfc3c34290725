"""Running the checks of a plugin, one after the other."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from meibo.distributions import PROJECT_FILE
from meibo.errors import MeiboError
from meibo.testing.checks import all_checks
from meibo.testing.checks.kinds import Check
from meibo.testing.findings import Finding, at
from meibo.testing.subjects import Subject


def check_plugin(path: Path, postgres: str = "") -> list[Finding]:
    """What every check finds; a plugin that cannot even be loaded is one finding."""
    try:
        subject = Subject(path, postgres)
    except MeiboError as error:
        return [refusal(path / PROJECT_FILE, error, "load")]
    with subject:
        found = [finding for check in all_checks() for finding in run(check, subject)]
    return list({(f.path, f.line, f.what): f for f in reversed(found)}.values())[::-1]


def run(check: Check, subject: Subject) -> Sequence[Finding]:
    """What one check finds; an error that it meets is a finding at the profession's declaration."""
    try:
        return [_signed(finding, check) for finding in _found(check, subject)]
    except MeiboError as error:
        place = subject.sources.declaration
        return [_signed(replace(refusal(place.path, error, ""), line=place.line), check)]
    except Exception as error:  # A check must not hide what the others find.
        what = f"the check {check.__name__} failed with {type(error).__name__}: {error}"
        return [_signed(at(subject.sources.declaration, what, "mend the plugin, or report it"), check)]


def _found(check: Check, subject: Subject) -> Iterator[Finding]:
    found = check(subject)
    yield from asyncio.run(found) if inspect.iscoroutine(found) else found  # type: ignore[misc]


def _signed(finding: Finding, check: Check) -> Finding:
    here = Path.cwd()
    path = finding.path.relative_to(here) if finding.path.is_relative_to(here) else finding.path
    return replace(finding, path=path, check=check.__name__)


def refusal(path: Path, error: MeiboError, check: str) -> Finding:
    """An error's sentence as a finding."""
    what, _, mend = error.en.rstrip(".").rpartition(": ")
    return Finding(path, 1, what or error.en, mend, check)
