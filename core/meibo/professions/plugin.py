"""What a plugin declares of its profession: what the register keeps, asks, charges, shows and forgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from meibo.items.declaration import Group, Placed
from meibo.professions.rules import DeclaredRule

Texts = tuple[str, str]
"""Japanese and English."""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article that an act or a number rests on, with the days from and to which it holds."""

    id: str
    law: str
    article: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """An application that people make: which items it gives, which papers it needs, within how long."""

    id: str
    ja: str
    en: str
    gives: Sequence[str] = ()
    documents: Sequence[str] = ()
    within: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Yen for a procedure by channel (`online`, `paper`, `any`); `kind` is `tax` (登録免許税) or `fee` (手数料)."""

    procedure: str = field(kw_only=False)
    channel: str
    yen: int
    valid_from: date
    valid_to: date | None = None
    kind: str = "fee"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a certificate, taken from an item."""

    name: str
    item: str
    disclosable: bool = True


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a digital certificate shows: its type and claims."""

    type: str
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRule:
    """What is forgotten when: the record after striking off, and the number for which reasons."""

    keep_record: bool = True
    destroy_number_when: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Which items say who the holder is; core searches and shows a head by them."""

    family_name: str = "register.family_name"
    given_name: str = "register.given_name"
    family_name_kana: str = "register.family_name_kana"
    given_name_kana: str = "register.given_name_kana"
    birth_date: str = "register.birth_date"
    sex: str = "register.sex_code"


@dataclass(frozen=True, slots=True)
class Effect:
    """The items that a verb sets by itself (the day, the reason's code, its words), and those that it clears."""

    date: str = ""
    reason: str = ""
    text: str = ""
    clears: tuple[str, ...] = ()

    def paths(self) -> tuple[str, ...]:
        """Those that are named."""
        return (*(p for p in (self.date, self.reason, self.text) if p), *self.clears)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionPlugin:
    """One profession. `code` names tables and API types; `core` is the range of core versions it was made for;
    `file` the register file (医籍等 = "medical") whose administrator keeps the numbers."""

    code: str
    core: str
    name: Texts
    register_name: Texts
    groups: Sequence[type[Group] | Placed]
    rules: Sequence[DeclaredRule] = ()
    legal_bases: Sequence[LegalBasis] = ()
    procedures: Sequence[Procedure] = ()
    fees: Sequence[Fee] = ()
    certificate: Certificate | None = None
    erasure: ErasureRule = field(default_factory=ErasureRule)
    file: str = ""
    holder: Holder = field(default_factory=Holder)
    number: str = "register.registration_number"
    registered: str = "register.registration_date"
    effects: Mapping[str, Effect] = field(default_factory=dict)
    measures: Sequence[str] = ()
    """Codes of the dispositions that the law knows for this profession."""
    package: str = ""
    """The plugin's package, for its migrations; found by itself where left out."""
    version: str = ""
    """The distribution's version; found by itself where left out."""
