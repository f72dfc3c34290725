"""What the privacy annex (別添２) prints of each group."""

from __future__ import annotations

from collections.abc import Iterator

from meibo.items.texts import Texts
from meibo.testing.checks.declaring import TODO
from meibo.testing.findings import Finding, at
from meibo.testing.subjects import Subject

NEEDED = ("purpose", "source", "erasure")


def annex(subject: Subject) -> Iterator[Finding]:
    """Every group says what it is kept for, where it comes from, and when it is erased, in both languages."""
    for spec in subject.own_groups():
        for name in NEEDED:
            told: Texts = getattr(spec.type.about, name)
            for language, text in zip(("Japanese", "English"), told, strict=True):
                if not text.strip() or TODO.search(text):
                    what = f"the group {spec.key} has no {language} {name} for the annex"
                    yield at(subject.sources.group(spec.type), what, f"write {name}=(Japanese, English)")


CHECKS = (annex,)
