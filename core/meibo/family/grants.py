"""The network's list: which items of the family register may be asked for on which legal basis, and since when.

It is data with dates and sources (`grants.tsv`), which an office replaces by `MEIBO_FAMILY_GRANTS` when the list is
changed; what it does not grant is not asked.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from meibo.errors import SettingsError
from meibo.items.shared.family_register import FamilyRegister
from meibo.professions.law import LegalBasis

HEADER = ["law", "article", "item", "valid_from", "valid_to", "source"]
OURS = Path(__file__).with_name("grants.tsv")
ITEMS = tuple(FamilyRegister.items)
"""The identifiers of the 16 items, in official order."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One line: an article lets an item be asked for, from a day on and perhaps to one."""

    law: str
    article: str
    item: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, basis: LegalBasis, day: date) -> bool:
        """Whether the line is of this basis and in force on a day."""
        begun = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return begun and (self.law, self.article) == (basis.law, basis.article)


@dataclass(frozen=True, slots=True)
class Grants:
    """The list."""

    lines: tuple[Grant, ...]

    def items(self, basis: LegalBasis, day: date) -> frozenset[str]:
        """The items that may be asked for on a basis on a day."""
        return frozenset(line.item for line in self.lines if line.holds(basis, day))


def load_grants(file: str) -> Grants:
    """The list in a file, or ours where none is named; raises SettingsError with the line that is no grant."""
    path = Path(file) if file else OURS
    try:
        return read_grants(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"MEIBO_FAMILY_GRANTS: {path.name} cannot be read as UTF-8.") from None


def read_grants(lines: Iterable[str]) -> Grants:
    """The list in lines of values separated by tabs; raises SettingsError."""
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if next(rows, None) != HEADER:
        raise SettingsError(f"MEIBO_FAMILY_GRANTS: line 1 must be {' '.join(HEADER)}, separated by tabs.")
    return Grants(tuple(_read(number, row) for number, row in enumerate(rows, start=2)))


def _read(number: int, row: list[str]) -> Grant:
    try:
        law, article, item, valid_from, valid_to, source = row
        if not (law and article and source and item in ITEMS):
            raise ValueError
        ends = date.fromisoformat(valid_to) if valid_to else None
        return Grant(law, article, item, date.fromisoformat(valid_from), ends, source)
    except ValueError:
        raise SettingsError(
            f"MEIBO_FAMILY_GRANTS: line {number} is no grant: law, article, item, days as YYYY-MM-DD, source."
        ) from None
