"""Pass lists at the registry: which came, and whether an applicant or a holder is on one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.exchange.inbound.passes import CHECK, ListState, PassOffice
from meibo.exchange.inbound.standing import Candidate, PassFound, PassStanding
from meibo_graphql.context import of
from meibo_graphql.ids import NodeKind

strawberry.enum(PassStanding, description="What the pass lists say of somebody.")


@strawberry.type(description="合格者名簿: a list that came. Who stands in it is not told.")
class PassList:
    list_id: strawberry.ID = strawberry.field(description="The sender's own.")
    year: int
    count: int
    received_at: datetime
    replaced_at: datetime | None = strawberry.field(description="Since when it counts no more.")
    forgotten_at: datetime | None = strawberry.field(
        description="Since when it is not kept any longer who stands in it."
    )


@strawberry.type(description="What the pass lists say, and which of them say it.")
class ExaminationPass:
    standing: PassStanding
    list_ids: list[strawberry.ID]


@strawberry.input(description="What somebody says of a pass, as variables only.")
class PassCandidate:
    profession: strawberry.ID
    year: int = strawberry.field(description="Of the examination.")
    full_name: str
    birth_date: str = strawberry.field(description="EDTF.")
    number: str = strawberry.field(default="", description="受験番号 or 合格証書番号, where it is known.")


PERSONAL = frozenset(f"PassCandidate.{name}" for name in ("fullName", "birthDate", "number"))
"""Arguments that are accepted as variables alone."""


async def resolve_lists(info: Info[Any, Any], profession: strawberry.ID) -> list[PassList]:
    """The lists of a profession."""
    return [shown(each) for each in await _office(info).listed(of(info).principal, profession)]


async def resolve_candidate(info: Info[Any, Any], candidate: PassCandidate) -> ExaminationPass:
    """Whether an applicant passed."""
    said = Candidate(candidate.year, candidate.full_name, candidate.birth_date, candidate.number)
    return _pass(await _office(info).check(of(info).principal, candidate.profession, said))


async def resolve_holder(info: Info[Any, Any], licence_id: strawberry.ID) -> ExaminationPass | None:
    """Whether a holder passed; null where there is no such licence."""
    context = of(info)
    await context.demand(Permission.EXAMINATION_CHECK, CHECK)
    key = context.ids.open(licence_id)
    head = await context.heads.load(key.id) if key and key.kind is NodeKind.LICENCE else None
    if head is None:
        return None
    return _pass(await _office(info).check_licence(context.principal, head.profession, head.id))


QUERIES = {
    "pass_lists": strawberry.field(
        resolver=resolve_lists, description="合格者名簿の一覧: a profession's lists, oldest first."
    ),
    "candidate_pass": strawberry.field(
        resolver=resolve_candidate,
        description="合格の照会: whether an applicant stands in the lists of a year.",
    ),
    "holder_pass": strawberry.field(
        resolver=resolve_holder,
        description="合格の確認: whether a licence's holder does, by what the entry says of the pass.",
    ),
}
"""The root fields, by name."""


def shown(state: ListState) -> PassList:
    """A list as the API shows it."""
    return PassList(
        list_id=strawberry.ID(str(state.list)), year=state.year, count=state.count,
        received_at=state.received_at, replaced_at=state.replaced_at, forgotten_at=state.forgotten_at,
    )  # fmt: skip


def _pass(found: PassFound) -> ExaminationPass:
    return ExaminationPass(standing=found.standing, list_ids=[strawberry.ID(str(id)) for id in found.lists])


def _office(info: Info[Any, Any]) -> PassOffice:
    return of(info).installation.exchange.inbound.passes
