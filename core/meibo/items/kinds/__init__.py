"""What an item can be: its kind says how its values come in and lie."""

from __future__ import annotations

from typing import Any

from meibo.items.kinds.base import Kind, Storage, as_text
from meibo.items.kinds.codes import Code, CodeKind, CodesKind
from meibo.items.kinds.days import (
    DayKind,
    Era,
    EraDateKind,
    EraKind,
    EraMonthKind,
    InstantKind,
    PairKind,
    PartialDateKind,
    YearMonthKind,
)
from meibo.items.kinds.kept import (
    FileKind,
    IndividualNumberKind,
    InstitutionCodeKind,
    NumberKind,
    Pseudonym,
    PseudonymKind,
    ResidentCodeKind,
)
from meibo.items.kinds.words import (
    LARGEST_INTEGER,
    Email,
    EmailKind,
    FlagKind,
    IntegerKind,
    Kana,
    KanaKind,
    Phone,
    PhoneKind,
    PostalCode,
    PostalCodeKind,
)

KINDS: tuple[Kind, ...] = (
    Kind(),
    KanaKind(),
    IntegerKind(),
    DayKind(),
    PartialDateKind(),
    YearMonthKind(),
    InstantKind(),
    EraKind(),
    EraDateKind(),
    EraMonthKind(),
    CodeKind(),
    CodesKind(),
    FlagKind(),
    PhoneKind(),
    EmailKind(),
    PostalCodeKind(),
    FileKind(),
    PseudonymKind(),
    IndividualNumberKind(),
    ResidentCodeKind(),
    InstitutionCodeKind(),
)
BY_TYPE: dict[Any, Kind] = {kind.type: kind for kind in KINDS}

__all__ = [
    "BY_TYPE",
    "KINDS",
    "LARGEST_INTEGER",
    "Code",
    "CodeKind",
    "CodesKind",
    "DayKind",
    "Email",
    "Era",
    "EraDateKind",
    "EraKind",
    "FileKind",
    "FlagKind",
    "IndividualNumberKind",
    "InstantKind",
    "Kana",
    "Kind",
    "NumberKind",
    "PairKind",
    "PartialDateKind",
    "Phone",
    "PostalCode",
    "Pseudonym",
    "PseudonymKind",
    "Storage",
    "as_text",
]
