"""Synthetic residents, and how they are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from meibo.linkage.residents.codec import Glyph

FACTS = {
    "subject_full_name_kanji": "name",
    "subject_full_name_kana": "kana",
    "subject_birth_date": "birth_date",
    "subject_sex": "sex",
    "subject_address": "address",
}
"""By which items of an inquiry which facts of a resident are compared."""


@dataclass(frozen=True, slots=True)
class Resident:
    """One synthetic resident, dates in ISO; `former_numbers` find them too, as numbers may change."""

    name: str
    kana: str
    birth_date: str
    sex: str
    address: str
    individual_number: str
    resident_code: str
    municipality: str = "13101"
    dead_since: str = ""
    gone_since: str = ""
    """Since when the resident lives abroad."""
    former_surname: str = ""
    former_numbers: tuple[str, ...] = ()
    glyphs: tuple[Glyph, ...] = ()
    refuses: bool = False
    """Whether the municipality takes no part in the network."""


class Register(Protocol):
    """Whoever knows residents: a list in a test, the synthetic world in a demo."""

    def find(self, asked: Mapping[str, str]) -> Sequence[Resident]:
        """Those who are meant by the items of an inquiry, those who were struck off included."""


@dataclass(slots=True)
class ResidentList:
    """A few residents in memory."""

    residents: list[Resident]

    def find(self, asked: Mapping[str, str]) -> Sequence[Resident]:
        """By number or code where one is given, else by all facts that are given."""
        return [each for each in self.residents if is_meant(each, asked)]


def is_meant(resident: Resident, asked: Mapping[str, str]) -> bool:
    """Whether an inquiry means a resident."""
    if number := asked.get("subject_individual_number"):
        return number in (resident.individual_number, *resident.former_numbers)
    if code := asked.get("subject_resident_code"):
        return code == resident.resident_code
    facts = {item: getattr(resident, fact) for item, fact in FACTS.items() if asked.get(item)}
    return bool(facts) and all(asked[item] == value for item, value in facts.items())
