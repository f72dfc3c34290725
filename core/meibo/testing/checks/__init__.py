"""The checks, each a function of a subject: pure ones read the declaration, the others an installation of its own."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points

from meibo.testing.checks import annexing, declaring, law, migrating, moving, reading, ruling, texts
from meibo.testing.checks.kinds import Check

GROUP = "meibo.checks"
"""Entry points by which other distributions add checks: each names a sequence of functions."""
OWN: Sequence[Check] = (
    *declaring.CHECKS,
    *texts.CHECKS,
    *annexing.CHECKS,
    *law.CHECKS,
    *ruling.CHECKS,
    *migrating.CHECKS,
    *moving.CHECKS,
    *reading.CHECKS,
)


def all_checks() -> list[Check]:
    """Core's own, then those of other distributions in the order of their names."""
    added = sorted(entry_points(group=GROUP), key=lambda e: e.name)
    return [*OWN, *(check for each in added for check in each.load())]
