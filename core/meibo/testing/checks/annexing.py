"""What the privacy annex (別添２) prints of each group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from meibo.testing.checks.declaring import TODO
from meibo.testing.findings import Finding, at
from meibo.testing.subjects import Subject

NEEDED = ("purpose", "source", "erasure")


def annex(subject: Subject) -> Iterator[Finding]:
    """Every group says what it is kept for, where it comes from, and when it is erased."""
    for spec in subject.own_groups():
        told = asdict(spec.type.about)
        for name in NEEDED:
            if not str(told[name]).strip() or TODO.search(str(told[name])):
                place = subject.sources.group(spec.type)
                yield at(
                    place, f"the group {spec.key} has no {name} for the annex", f'write it in {name}="…"'
                )


CHECKS = (annex,)
