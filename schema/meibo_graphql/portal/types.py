"""What a holder is told of any licence, whatever its profession."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import clock
from meibo.portal import LicenceAccess
from meibo.professions.compiled import Profession as Compiled
from meibo.professions.law import MeasureKind
from meibo.register.dispositions import DispositionState
from meibo.registry import views
from meibo_graphql import types
from meibo_graphql.portal.context import of
from meibo_graphql.types import Language, PageInfo


@strawberry.interface(description="Anything that has an id of its own: opaque, never reused, a cache's key.")
class Node:
    id: strawberry.ID


@strawberry.type(description="The profession of a licence.")
class Profession:
    source: strawberry.Private[Compiled]

    @strawberry.field(description="Such as doctor.")
    def code(self) -> strawberry.ID:
        return strawberry.ID(self.source.code)

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.source.plugin.name[language is Language.EN]

    @strawberry.field
    def register_name(self, language: Language = Language.JA) -> str:
        return self.source.plugin.register_name[language is Language.EN]


@strawberry.type(description="Who holds the licence, as its register has it.")
class Holder:
    full_name: str | None
    full_name_kana: str | None
    birth_date: types.PartialDate | None
    sex: types.Code | None


@strawberry.type(description="One act on a licence. Which official did it is not told.")
class Act:
    number: int
    verb: str = strawberry.field(description="register, correct, reissue, suspend …")
    effective_date: date = strawberry.field(description="From which day it holds.")
    recorded_at: datetime
    institution: str
    legal_basis: str


@strawberry.type(description="The acts on a licence, oldest first.")
class ActConnection:
    nodes: list[Act]
    page_info: PageInfo


@strawberry.type(description="One look at a licence, or one act on it: who and what for.")
class Access:
    source: strawberry.Private[LicenceAccess]

    @strawberry.field
    def at(self) -> datetime:
        return self.source.access.at

    @strawberry.field(description="The office or partner that looked; 本人 where the holder did.")
    def institution(self) -> str:
        return self.source.access.institution

    @strawberry.field
    def purpose(self) -> str | None:
        return self.source.access.purpose or None

    @strawberry.field(description="read, find, reveal, refusal, intent, done …")
    def kind(self) -> str:
        return self.source.access.kind

    @strawberry.field(description="ok, or why nothing was shown.")
    def outcome(self) -> str:
        return self.source.access.outcome

    @strawberry.field(description="Whether it was the holder, here at the portal.")
    def by_holder(self) -> bool:
        return self.source.by_holder


@strawberry.type(description="Who looked at a licence, newest first. A look appears a second after it.")
class AccessConnection:
    nodes: list[Access]
    page_info: PageInfo


@strawberry.type(description="A measure against the holder (行政処分).")
class Measure:
    source: strawberry.Private[views.DispositionView]

    @strawberry.field
    def name(self, info: Info[Any, Any], language: Language = Language.JA) -> str:
        plugin = of(info).portal.host[self.source.profession].plugin
        names = {measure.code: measure.name for measure in plugin.measures}
        code = self.source.disposition.order.code
        return names[code][language is Language.EN] if code in names else code

    @strawberry.field(description="What it does to the licence's standing.")
    def effect(self) -> MeasureKind:
        return self.source.disposition.kind

    @strawberry.field(description="The office that ordered it.")
    def office(self) -> str:
        return self.source.disposition.order.office_name

    @strawberry.field
    def ordered_date(self) -> date:
        return self.source.disposition.ordered_date

    @strawberry.field
    def start_date(self) -> date:
        return self.source.disposition.order.start_date

    @strawberry.field(description="The last day on which it holds; null: without end.")
    def end_date(self) -> date | None:
        return self.source.disposition.order.end_date

    @strawberry.field(description="How it stands today.")
    def state(self) -> DispositionState | None:
        return self.source.disposition.state(clock.today())

    @strawberry.field(description="再教育研修命令.")
    def reeducation_ordered_date(self) -> date | None:
        return self.source.disposition.reeducation_ordered_date

    @strawberry.field(description="再教育研修修了登録.")
    def reeducation_completed_date(self) -> date | None:
        return self.source.disposition.reeducation_completed_date
