"""The types that every profession shares, named as in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import clock
from meibo.consent import Purpose
from meibo.errors import Finding, FindingCode
from meibo.identity import VerifiedBy
from meibo.items.codes import CodeList
from meibo.items.shared import lists
from meibo.items.texts import Texts
from meibo.professions.compiled import Profession as Compiled
from meibo.professions.law import MeasureKind
from meibo.professions.verbs import Verb
from meibo.register import dispositions
from meibo.register.dispositions import DispositionState
from meibo.register.fold import State
from meibo.registry import views
from meibo.registry.views import RedactionReason
from meibo.values import dates, eras
from meibo_graphql import words
from meibo_graphql.batching import told
from meibo_graphql.context import codes_of, of
from meibo_graphql.ids import NodeKey
from meibo_graphql.scalars import EDTF, YearMonth


@strawberry.enum(description="The language of a text that a person sees.")
class Language(Enum):
    JA = "ja"
    EN = "en"


def worded(texts: Texts, language: Language) -> str:
    """The text in a language."""
    return texts[language is Language.EN]


strawberry.enum(Purpose, name="SharePurpose", description="What somebody is let see a licence for.")
strawberry.enum(State, name="LicenceState", description="The standing of a licence.")
strawberry.enum(DispositionState, description="How a disposition stands. A reprimand ends with its order.")
strawberry.enum(MeasureKind, description="What a measure does to the licence's standing.")
strawberry.enum(RedactionReason, description="Why an item is masked.")
strawberry.enum(FindingCode, name="UserErrorCode", description="Why a verb was refused.")
strawberry.enum(VerifiedBy, description="How the person was identified (番号法16条).")


@strawberry.interface(description="Anything that has an id of its own: opaque, never reused, a cache's key.")
class Node:
    id: strawberry.ID


@strawberry.type(description="A code as the row holds it.")
class Code:
    code: str
    list: str = strawberry.field(description="The list that the code belongs to.")
    codes: strawberry.Private[CodeList | None] = None

    @strawberry.field(description="Null where no list knows the code (old rows).")
    def label(self, info: Info[Any, Any], language: Language = Language.JA) -> str | None:
        if self.codes is None:
            return None
        if self.codes.table:
            return codes_of(info).label(self.codes.table, self.code, language.value)
        return self.codes.label(self.code, language.value)


def code_of(value: str | None, codes: CodeList | None) -> Code | None:
    """A code value as the API shows it."""
    return None if value is None else Code(code=value, list=codes.name if codes else "", codes=codes)


@strawberry.interface(description="A row of a code table: what every list of codes needs.")
class CodeTableRow:
    code: str = strawberry.field(description="What goes in for it.")
    valid_from: date = strawberry.field(description="The first day on which it holds.")
    valid_to: date | None = strawberry.field(description="The day on which it no longer holds.")

    @strawberry.field(description="The Japanese one where the table has no English.")
    def label(self: Any, language: Language = Language.JA) -> str | None:
        ja, en = self["labels"]
        found: str | None = en if language is Language.EN else ja
        return found


@strawberry.type(description="A day that may be known in part.")
class PartialDate:
    source: strawberry.Private[dates.PartialDate]

    @strawberry.field
    def value(self) -> EDTF:
        return EDTF(self.source.value)

    @strawberry.field(description="The first day that it may be.")
    def earliest(self) -> date | None:
        return self.source.earliest

    @strawberry.field(description="The last day that it may be.")
    def latest(self) -> date | None:
        return self.source.latest

    @strawberry.field(description="昭和25年5月 / May 1950.")
    def text(self, language: Language = Language.JA) -> str:
        return self.source.text_ja if language is Language.JA else self.source.text_en

    @strawberry.field(description="As it was handed in, where that was kept.")
    def verbatim(self) -> str | None:
        return self.source.verbatim


@strawberry.type(
    description="A day as the office keeps it: a pair of era and date, with the day that follows from it."
)
class EraDate:
    source: strawberry.Private[eras.EraDate]

    @strawberry.field(description="The day.")
    def value(self) -> date:
        return self.source.day

    @strawberry.field(description="The era as it was handed in.")
    def era(self) -> str:
        return self.source.era_text

    @strawberry.field(description="The date within the era as it was handed in.")
    def verbatim(self) -> str:
        return self.source.date_text

    @strawberry.field(description="昭和25年5月3日 / 3 May 1950.")
    def text(self, language: Language = Language.JA) -> str:
        return self.source.text_ja if language is Language.JA else self.source.text_en


@strawberry.type(
    description="A month as the office keeps it: a pair of era and month, with the month that follows from it."
)
class EraMonth:
    source: strawberry.Private[dates.EraMonth]

    @strawberry.field(description="The month.")
    def value(self) -> YearMonth:
        return YearMonth(self.source.month.value)

    @strawberry.field(description="The era as it was handed in.")
    def era(self) -> str:
        return self.source.era_text

    @strawberry.field(description="The month within the era as it was handed in.")
    def verbatim(self) -> str:
        return self.source.date_text

    @strawberry.field(description="昭和25年5月 / May 1950.")
    def text(self, language: Language = Language.JA) -> str:
        month = self.source.month
        return month.text_ja if language is Language.JA else month.text_en


@strawberry.type(description="A document that is kept elsewhere, by its digest.")
class File:
    sha256: str
    name: str
    media_type: str
    size: int


@strawberry.type(
    description="What is told of a number: whether the vault holds it. The number itself has a verb of its own."
)
class NumberStatus:
    held: bool
    destroyed_at: datetime | None


@strawberry.type(description="Why an item is null although the row may hold a value.")
class Redaction:
    item: str = strawberry.field(description="Its name in this group.")
    reason: RedactionReason


@strawberry.type(description="Who holds the licence; each value null where it is unknown or masked.")
class Holder:
    full_name: str | None
    full_name_kana: str | None
    birth_date: PartialDate | None
    sex: Code | None
    redacted: list[Redaction]


@strawberry.type(description="The office that ordered a measure.")
class OrderingOffice:
    name: str
    code: str | None


@strawberry.type(
    description="A measure against the holder (行政処分), as it was ordered, and what was done to it later."
)
class Disposition(Node):
    key: strawberry.Private[NodeKey]
    source: strawberry.Private[views.DispositionView]

    @strawberry.field  # type: ignore[misc]
    def id(self, info: Info[Any, Any]) -> strawberry.ID:  # type: ignore[override]
        return strawberry.ID(of(info).ids.seal(*self.key))

    @strawberry.field(description="The measure, from Profession.measures.")
    def kind(self, info: Info[Any, Any]) -> Code:
        known = _measures(of(info).installation.host[self.source.profession])
        return Code(code=self._order.code, list=known.name, codes=known)

    effect = strawberry.field(
        resolver=told("source.disposition.kind", MeasureKind),
        description="What the measure does to the licence's standing.",
    )

    @strawberry.field
    def office(self) -> OrderingOffice:
        return OrderingOffice(name=self._order.office_name, code=self._order.office_code or None)

    @strawberry.field(description="発簡番号.")
    def order_number(self) -> str | None:
        return self._order.number or None

    ordered_date = strawberry.field(resolver=told("source.disposition.ordered_date", date))
    start_date = strawberry.field(
        resolver=told("source.disposition.order.start_date", date),
        description="The first day on which it holds; it begins by itself.",
    )
    end_date = strawberry.field(
        resolver=told("source.disposition.order.end_date", date | None),
        description="The last day on which it holds, unless it is lifted before; it ends by itself.",
    )

    @strawberry.field
    def reason(self) -> Code | None:
        return code_of(self._order.reason or None, lists.REASON)

    @strawberry.field(description="The words of the order's reason.")
    def remarks(self) -> str | None:
        return self._order.remarks or None

    lifted_date = strawberry.field(
        resolver=told("source.disposition.lifted_date", date | None),
        description="The day from which it no longer holds because it was lifted (停止解除), or a new licence"
        " was given (再免許).",
    )
    reeducation_ordered_date = strawberry.field(
        resolver=told("source.disposition.reeducation_ordered_date", date | None),
        description="再教育研修命令.",
    )
    reeducation_completed_date = strawberry.field(
        resolver=told("source.disposition.reeducation_completed_date", date | None),
        description="再教育研修修了登録.",
    )

    @strawberry.field(
        description="How it stands on a day; null: today in Japan. Null where it was not yet ordered."
    )
    def state(self, on: date | None = None) -> DispositionState | None:
        return self._disposition.state(on or clock.today())

    @strawberry.field(description="The state in words.")
    def state_label(self, on: date | None = None, language: Language = Language.JA) -> str | None:
        found = self._disposition.state(on or clock.today())
        return worded(words.DISPOSITION_STATES[found], language) if found else None

    @strawberry.field(
        description="The verbs with which the caller may follow it up now; none on a past version."
    )
    def viewer_may(self) -> list[str]:
        return [camel(verb) for verb in self.source.viewer_may]

    @property
    def _disposition(self) -> dispositions.Disposition:
        return self.source.disposition

    @property
    def _order(self) -> dispositions.Order:
        return self.source.disposition.order


@lru_cache
def _measures(profession: Compiled) -> CodeList:
    """The measures that a profession's law knows, as a list of codes."""
    return CodeList("disposition", {measure.code: measure.name for measure in profession.plugin.measures})


def disposition_of(key: NodeKey, view: views.DispositionView) -> Disposition:
    """A disposition as the API shows it."""
    return Disposition(key=key, source=view)  # type: ignore[call-arg]  # Its id is made when it is asked for.


@strawberry.type(description="What happened to a licence: who did what, why, from which day.")
class Action(Node):
    id: strawberry.ID
    number: int
    verb: str
    status: str
    effective_date: date
    recorded_at: datetime
    institution: str
    reason: Code | None
    legal_basis: str
    resulting_version: int | None

    @strawberry.field(description="What was done, in words.")
    def verb_label(self, language: Language = Language.JA) -> str:
        return worded(words.VERBS[Verb(self.verb)], language)


def action_of(id: str, view: views.ActionView) -> Action:
    """An action as the API shows it."""
    return Action(
        id=strawberry.ID(id),
        number=view.number,
        verb=view.verb,
        status=view.status,
        effective_date=view.effective_date,
        recorded_at=view.recorded_at,
        institution=view.institution,
        reason=code_of(view.reason, lists.REASON),
        legal_basis=view.legal_basis,
        resulting_version=view.resulting_version,
    )


@strawberry.type(description="One look at a licence, or one act on it: what its holder may be told.")
class Access:
    at: datetime
    institution: str
    purpose: str | None
    operation: str
    kind: str = strawberry.field(description="read, find, reveal, refusal, intent, done …")
    outcome: str = strawberry.field(description="ok, or the code of the refusal.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    cursors: strawberry.Private[Sequence[str]]

    @strawberry.field
    def start_cursor(self) -> str | None:
        return self.cursors[0] if self.cursors else None

    @strawberry.field
    def end_cursor(self) -> str | None:
        return self.cursors[-1] if self.cursors else None


@dataclass(frozen=True, slots=True)
class _Texts:
    ja: str
    en: str


@strawberry.type(
    description="One reason why a verb was refused. The message says what to do and never repeats a value."
)
class UserError:
    code: FindingCode
    rule: str | None = strawberry.field(description="An open id: the plugin's rule, or the check.")
    cites: str | None = strawberry.field(description="The law or the items that the rule rests on.")
    path: list[str] = strawberry.field(
        description="Walks the input: register, familyNameKana; a row of a list by its number, from 0."
    )
    texts: strawberry.Private[_Texts]

    @strawberry.field
    def message(self, language: Language = Language.JA) -> str:
        return self.texts.ja if language is Language.JA else self.texts.en


def user_error(finding: Finding) -> UserError:
    """A finding as the API shows it; paths are spelt as in the input."""
    path = (finding.path,) if isinstance(finding.path, str) else finding.path
    return UserError(
        code=finding.code,
        rule=finding.rule or None,
        cites=finding.cites or None,
        path=[camel(part) for part in path if part],
        texts=_Texts(finding.ja, finding.en),
    )


def camel(name: str) -> str:
    """`family_name_kana` as the API spells it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@strawberry.input(description="From one day to another, both included.")
class DateRange:
    from_: date | None = strawberry.field(name="from", default=None)
    to: date | None = None


@strawberry.input(
    description="A name, as given or with variants folded (髙 and 高). The conditions are ANDed."
)
class NameMatch:
    full: str | None = strawberry.field(
        default=None, description="Family and given name, with or without a blank."
    )
    family: str | None = None
    kana_prefix: str | None = strawberry.field(
        default=None, description="The first two to eight characters of the reading."
    )
    fold_variants: bool = True
