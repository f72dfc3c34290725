"""What law says of a profession: who keeps the register, which measures there are, how long an entry stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meibo.items.texts import Texts


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article that an act or a number rests on, with the days from and to which it holds."""

    id: str
    law: str
    article: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Administrator:
    """The licence administrator (資格管理者): the authority, its division, and the body that it has designated
    to keep the register (指定登録機関), where there is one."""

    authority: Texts
    division: Texts
    designated: Texts | None = None


@dataclass(frozen=True, slots=True)
class ReceivingOffice:
    """The offices through which applications come (経由機関). `item` is the path of the item that holds an
    entry's office code; an account bound to offices sees the entries with their codes alone."""

    item: str
    name: Texts


class MeasureKind(StrEnum):
    """What a disciplinary measure does to the licence's standing."""

    REPRIMAND = "reprimand"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class Measure:
    """A disciplinary measure (行政処分): its code, by which dispositions name it, its name, what it does, the legal
    basis by id, and the longest suspension in months where the law sets one."""

    code: str
    name: Texts
    kind: MeasureKind
    legal_basis: str
    longest_months: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """Entries for a term (期限付登録). An entry whose flag `fixed` is set lapses at the end of the day in `until`,
    unless the term was lifted, on the day in `lifted`. All are paths of items."""

    fixed: str
    until: str
    lifted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSearch:
    """The public search (資格確認検索): since when, and whether the searcher must give the sex. It takes the full
    name and tells name, sex and year of registration of those who stand in the register. It tells of no measure: no
    rule of ours makes them public here."""

    since: date
    sex_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingSystem:
    """The system in which the office keeps this register too (既存システム): the connector that leads there, and the
    numbers of the first and the last item that it may be told; None: every item of the record. Only where it
    `takes_numbers` may an office let it have individual numbers, on a dated legal basis."""

    connector: str
    items: tuple[int, int] | None = None
    takes_numbers: bool = False


@dataclass(frozen=True, slots=True)
class PaperNumbers:
    """Individual numbers that a designated body took on paper, and sends once for its holders: the connector that leads
    there. From then on it knows them by their pseudonyms, and proves that it destroyed what it had."""

    connector: str


@dataclass(frozen=True, slots=True)
class PassLists:
    """The lists of those who passed the national examination (合格者名簿): the connector of the body that sends them,
    and the items by which an entry says which pass it rests on: its number, and the year, month or day."""

    connector: str
    number: str = ""
    passed: str = ""
