"""Batches and their requests as rows: read, and moved from state to state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.database.bulk import insert_fenced
from meibo.linkage.residents.inquiries import Key, NumberTold, Outcome
from meibo.linkage.residents.tables import resident_batch, resident_request, resident_run


class BatchState(StrEnum):
    """How far a file has come; each step is one commit."""

    WAITING = "waiting"
    WRITTEN = "written"
    SENT = "sent"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class Request:
    """A question about one licence's holder, by its reference."""

    id: UUID
    licence: UUID


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of a run, and the requests that have no outcome yet, in their order."""

    id: UUID
    scope: int
    key: Key
    state: BatchState
    file: bytes
    open: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a request, and how the number that came stands to the one that was asked by."""

    request: UUID
    outcome: Outcome
    number: NumberTold = NumberTold.NONE


async def find_batch(connection: AsyncConnection, id: UUID) -> Batch:
    """The batch of an id, which the connection's scope reaches."""
    row, of = resident_batch.c, resident_run.c
    found = (
        await connection.execute(
            select(row.id, row.scope, of.key, row.state, row.file)
            .join(resident_run, of.id == row.run_id)
            .where(row.id == id)
        )
    ).one()
    asked = resident_request.c
    rows = await connection.execute(
        select(asked.id, asked.licence_id)
        .where(asked.batch_id == id, asked.outcome.is_(None))
        .order_by(asked.place)
    )
    requests = tuple(Request(*row) for row in rows)
    return Batch(found.id, found.scope, Key(found.key), BatchState(found.state), found.file or b"", requests)


async def add_batch(
    connection: AsyncConnection, scope: int, run: UUID, number: int, licences: Sequence[UUID]
) -> None:
    """A batch about these licences."""
    id = uuid4()
    batch = {"id": id, "scope": scope, "run_id": run, "number": number, "state": BatchState.WAITING}
    await connection.execute(insert(resident_batch), batch)
    await add_requests(connection, scope, id, licences)


async def add_requests(
    connection: AsyncConnection, scope: int, batch: UUID, licences: Sequence[UUID]
) -> None:
    """The requests of a batch, each under a reference drawn for it."""
    rows = [
        {"id": uuid4(), "scope": scope, "batch_id": batch, "place": place, "licence_id": licence}
        for place, licence in enumerate(licences, 1)
    ]
    await insert_fenced(connection, resident_request, rows)


async def batches_of(connection: AsyncConnection, run: UUID) -> list[UUID]:
    """The batches of a run, in their order."""
    row = resident_batch.c
    return list(await connection.scalars(select(row.id).where(row.run_id == run).order_by(row.number)))


async def move(connection: AsyncConnection, batch: UUID, state: BatchState, **values: Any) -> None:
    """Bring a batch to a state."""
    await connection.execute(
        update(resident_batch).where(resident_batch.c.id == batch).values(state=state, **values)
    )


async def note(connection: AsyncConnection, outcomes: Iterable[Noted]) -> None:
    """Note what came of requests: of those of one outcome by one statement."""
    alike: dict[tuple[Outcome, NumberTold], list[UUID]] = {}
    for each in outcomes:
        alike.setdefault((each.outcome, each.number), []).append(each.request)
    for (outcome, number), ids in alike.items():
        some = update(resident_request).where(resident_request.c.id.in_(ids))
        await connection.execute(some.values(outcome=outcome, number=number))
