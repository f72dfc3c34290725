"""Orders to destroy a number: written with the act that leads to them, finished when the vault has done it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.register.fold import State, Verb

ENDS = frozenset({Verb.REVOKE, Verb.STRIKE_OFF})
"""The verbs that end a licence, and with it, for some reasons, the keeping of its number."""
ENDED = (State.REVOKED, State.STRUCK_OFF)


@dataclass(frozen=True, slots=True)
class ErasureOrder:
    """An order that the vault has still to carry out; `act` is the action that it follows from."""

    act: UUID
    scope: int
    pseudonym: str
    ordered_at: datetime


def orders_erasure(profession: Profession, verb: Verb, reason: str) -> bool:
    """Whether the profession's rule has the number destroyed when the verb is done for this reason (a code)."""
    return (
        verb in ENDS and profession.keeps_numbers and reason in profession.plugin.erasure.destroy_number_when
    )


async def pending(
    connection: AsyncConnection, scopes: Collection[int], act: UUID | None = None
) -> Sequence[ErasureOrder]:
    """The orders that are not finished, oldest first; with `act`, that of one action alone."""
    order, licence = tables.number_erasure.c, tables.licence.c
    statement = (
        select(order.action_id, order.scope, licence.pseudonym, order.recorded_at)
        .join(tables.licence, licence.id == order.licence_id)
        .where(order.done_at.is_(None), order.scope.in_(scopes))
        .order_by(order.recorded_at)
    )
    rows = await connection.execute(statement if act is None else statement.where(order.action_id == act))
    return [ErasureOrder(r.action_id, r.scope, r.pseudonym, r.recorded_at) for r in rows]


async def finish(connection: AsyncConnection, act: UUID, gone_after: date | None) -> None:
    """Note that an order was carried out, and after which day no backup holds the number (None: there was none)."""
    order = tables.number_erasure
    done = update(order).where(order.c.action_id == act, order.c.done_at.is_(None))
    await connection.execute(done.values(done_at=clock.now(), gone_after_date=gone_after))


async def forgotten(connection: AsyncConnection, licence: UUID) -> bool:
    """Whether the licence has ended by an act that had its number destroyed: it takes no number then."""
    order, span, version = tables.number_erasure.c, tables.licence_span.c, tables.licence_version.c
    today = clock.today()
    statement = (
        select(order.action_id)
        .join(tables.licence_span, span.licence_id == order.licence_id)
        .join(tables.licence_version, version.id == span.version_id)
        .where(order.licence_id == licence, version.state.in_(ENDED), span.known_to.is_(None))
        .where(span.valid_from <= today, span.valid_to.is_(None) | (span.valid_to > today))
        .limit(1)
    )
    return (await connection.execute(statement)).first() is not None
