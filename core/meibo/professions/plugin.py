"""What a plugin declares of its profession: what the register keeps, asks, charges, shows and forgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from meibo.items.declaration import Group, Placed
from meibo.items.texts import Texts
from meibo.professions.certificates import Certificate
from meibo.professions.law import (
    Administrator,
    ExistingSystem,
    LegalBasis,
    Measure,
    PaperNumbers,
    PassLists,
    PublicSearch,
    ReceivingOffice,
    Term,
)
from meibo.professions.procedures import Document, Fee, Procedure
from meibo.professions.rules import DeclaredRule
from meibo.professions.upcasts import Upcast

Groups = Sequence[type[Group] | Placed]
"""The groups of an official list, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRule:
    """What is forgotten when: the record after striking off, and the number for which reasons."""

    keep_record: bool = True
    destroy_number_when: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Which items say who the holder is, and where they live; core searches, shows and checks a head by them."""

    family_name: str = "register.family_name"
    given_name: str = "register.given_name"
    family_name_kana: str = "register.family_name_kana"
    given_name_kana: str = "register.given_name_kana"
    birth_date: str = "register.birth_date"
    sex: str = "register.sex_code"
    address: str = "register.address"


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
    groups: Groups
    rules: Sequence[DeclaredRule] = ()
    legal_bases: Sequence[LegalBasis] = ()
    procedures: Sequence[Procedure] = ()
    fees: Sequence[Fee] = ()
    certificate: Certificate | None = None
    shown_to_holder: Sequence[str] = ()
    """Paths of the items that holders see of their own licence at the portal, beside number, day and name."""
    erasure: ErasureRule = field(default_factory=ErasureRule)
    file: str = ""
    holder: Holder = field(default_factory=Holder)
    number: str = "register.registration_number"
    registered: str = "register.registration_date"
    effects: Mapping[str, Effect] = field(default_factory=dict)
    measures: Sequence[Measure] = ()
    reeducation: str = ""
    """Id of the legal basis on which re-education is ordered after a measure; "" where the law knows none."""
    administrator: Administrator | None = None
    receiving_office: ReceivingOffice | None = None
    term: Term | None = None
    public_search: PublicSearch | None = None
    existing_system: ExistingSystem | None = None
    paper_numbers: PaperNumbers | None = None
    pass_lists: PassLists | None = None
    documents: Sequence[Document] = ()
    """Papers beyond those that core names."""
    upcasts: Sequence[Upcast] = ()
    """What brings rows forward that earlier versions of the plugin wrote."""
    package: str = ""
    """The plugin's package, for its migrations; found by itself where left out."""
    version: str = ""
    """The distribution's version; found by itself where left out."""
