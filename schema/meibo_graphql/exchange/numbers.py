"""Numbers that go to an existing system: on which basis, by two people, and what it has to erase again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.exchange.numbers import Basis, KeptBasis, NumberOffice, erasing
from meibo_graphql.context import of
from meibo_graphql.exchange.feeds import FeedActInput
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import UserError


@strawberry.type(description="提供の根拠: from which day until which day a law lets a system have numbers.")
class NumberBasis:
    id: strawberry.ID
    legal_basis: str = strawberry.field(description="The article.")
    start_date: date
    end_date: date = strawberry.field(description="The last day.")
    proposed_by: str
    approved_by: str | None = strawberry.field(description="Null: it waits, and nothing is sent on it.")
    ended_by: str | None
    ended_at: datetime | None


@strawberry.type(description="消去の連絡: a number that was destroyed here after a system had it.")
class NumberErasure:
    id: strawberry.ID
    licence_id: strawberry.ID
    ordered_at: datetime
    asked_at: datetime | None
    answer: str | None = strawberry.field(description="The last thing that the system said of it.")
    confirmed_at: datetime | None = strawberry.field(description="When its signed confirmation was filed.")
    overdue: bool


@strawberry.input(description="Let a system have numbers, once somebody else has approved it.")
class ProposeNumberBasisInput(FeedActInput):
    legal_basis: str = strawberry.field(description="The article that lets it have them.")
    start_date: date = strawberry.field(description="Today or later.")
    end_date: date = strawberry.field(description="The last day.")


@strawberry.input
class NumberBasisActInput(FeedActInput):
    basis_id: strawberry.ID


@strawberry.type
class NumberBasisPayload:
    basis_id: strawberry.ID | None = strawberry.field(
        description="Null where it was refused or only validated."
    )
    user_errors: list[UserError]


@strawberry.type
class HandNumbersOverPayload:
    begun: bool = strawberry.field(description="False where it was refused or only validated.")
    user_errors: list[UserError]


async def resolve_bases(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID
) -> list[NumberBasis]:
    """The bases of a system."""
    found = await _office(info).bases(of(info).principal, connector, profession)
    return [shown(kept) for kept in found]


async def resolve_handed(info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID) -> int:
    """How many it has."""
    return await _office(info).handed(of(info).principal, connector, profession)


async def resolve_erasures(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, overdue: bool = False
) -> list[NumberErasure]:
    """What it was asked to erase, or what of it is overdue."""
    found = await _office(info).erasures(of(info).principal, connector, profession)
    return [_erasure(each, of(info).ids) for each in found if each.overdue or not overdue]


async def resolve_receipt(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, erasure_id: strawberry.ID
) -> str:
    """The signed text."""
    about = connector, profession, named(erasure_id)
    return (await _office(info).receipt(of(info).principal, *about)).decode()


async def propose(info: Info[Any, Any], input: ProposeNumberBasisInput) -> NumberBasisPayload:
    """Enter a basis."""
    basis = Basis(legal_basis=input.legal_basis, start_date=input.start_date, end_date=input.end_date)
    told = of(info).principal, input.connector, input.profession, basis
    act = _office(info).propose(*told, validate_only=input.validate_only)
    id, errors = await attempt(act, "connector", "number_basis.unknown_feed", "legal_basis")
    entered = None if id is None or input.validate_only else strawberry.ID(str(id))
    return NumberBasisPayload(basis_id=entered, user_errors=errors)


def decide(verb: Callable[..., Awaitable[None]]) -> Callable[..., Any]:
    """The resolver that approves or ends."""

    async def resolve(info: Info[Any, Any], input: NumberBasisActInput) -> NumberBasisPayload:
        told = of(info).principal, input.connector, input.profession, named(input.basis_id)
        act = verb(_office(info), *told, validate_only=input.validate_only)
        _, errors = await attempt(act, "basis_id", "number_basis.unknown")
        done = None if errors or input.validate_only else input.basis_id
        return NumberBasisPayload(basis_id=done, user_errors=errors)

    return resolve


async def hand_over_again(info: Info[Any, Any], input: FeedActInput) -> HandNumbersOverPayload:
    """Begin anew."""
    told = of(info).principal, input.connector, input.profession
    act = _office(info).again(*told, validate_only=input.validate_only)
    _, errors = await attempt(act, "connector", "number_basis.unknown_feed")
    return HandNumbersOverPayload(begun=not errors and not input.validate_only, user_errors=errors)


QUERIES = {
    "number_bases": strawberry.field(
        resolver=resolve_bases,
        description="提供の根拠の一覧: on which a system may have or had numbers, newest first.",
    ),
    "handed_numbers": strawberry.field(
        resolver=resolve_handed, description="Of how many licences a system has a number, or may have one."
    ),
    "number_erasures": strawberry.field(
        resolver=resolve_erasures,
        description="消去の連絡の一覧: those that are not confirmed first; with overdue those that ought to be by now.",
    ),
    "number_erasure_receipt": strawberry.field(
        resolver=resolve_receipt,
        description="消去の確認: as the system signed it; NOT_FOUND where it confirmed nothing yet.",
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "propose_number_basis": strawberry.field(
        resolver=propose, description="提供の申請: let a system have numbers from a day until a day."
    ),
    "approve_number_basis": strawberry.field(
        resolver=decide(NumberOffice.approve),
        description="提供の承認: by another person than who proposed it; numbers go there from its first day on.",
    ),
    "end_number_basis": strawberry.field(
        resolver=decide(NumberOffice.end),
        description="提供の終了: nothing more is sent on it; erasures are still sent on.",
    ),
    "hand_numbers_over_again": strawberry.field(
        resolver=hand_over_again,
        description="再提供: every number once more, on the basis that holds; the system has lost them.",
    ),
}
"""The administrator's verbs, by name."""


def shown(kept: KeptBasis) -> NumberBasis:
    """A basis as the API shows it."""
    return NumberBasis(
        id=strawberry.ID(str(kept.id)), legal_basis=kept.basis.legal_basis, start_date=kept.basis.start_date,
        end_date=kept.basis.end_date, proposed_by=kept.proposed_by, approved_by=kept.approved_by,
        ended_by=kept.ended_by, ended_at=kept.ended_at,
    )  # fmt: skip


def _erasure(each: erasing.Erasure, ids: NodeIds) -> NumberErasure:
    return NumberErasure(
        id=strawberry.ID(str(each.id)), licence_id=strawberry.ID(ids.seal(NodeKind.LICENCE, each.licence)),
        ordered_at=each.ordered_at, asked_at=each.asked_at, answer=each.answer,
        confirmed_at=each.confirmed_at, overdue=each.overdue,
    )  # fmt: skip


def _office(info: Info[Any, Any]) -> NumberOffice:
    return of(info).installation.exchange.numbers
