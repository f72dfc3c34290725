"""Runs as they are kept, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.database.walking import Order
from meibo.errors import NotFound
from meibo.linkage.residents.inquiries import Key, Outcome
from meibo.linkage.residents.tables import resident_batch, resident_request, resident_run

ORDER = Order((resident_run.c.requested_at, resident_run.c.id), newest_first=True)


class RunState(StrEnum):
    """What was decided on a run; how far an approved one has come, its outcomes say."""

    REQUESTED = "requested"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands: `outcomes` count the inquiries that have one."""

    id: UUID
    profession: str
    key: Key
    state: RunState
    size: int
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    outcomes: Mapping[Outcome, int]

    @property
    def waiting(self) -> int:
        """Inquiries without an outcome yet."""
        return self.size - sum(self.outcomes.values())


async def told(connection: AsyncConnection, profession: str, rows: Sequence[Row[Any]]) -> list[Run]:
    """Runs from their rows, with the counts of their outcomes."""
    asked, batch = resident_request.c, resident_batch.c
    counted = await connection.execute(
        select(batch.run_id, asked.outcome, func.count())
        .join(resident_batch, batch.id == asked.batch_id)
        .where(batch.run_id.in_([each.id for each in rows]), asked.outcome.is_not(None))
        .group_by(batch.run_id, asked.outcome)
    )
    outcomes: dict[UUID, dict[Outcome, int]] = {}
    for run, outcome, count in counted:
        outcomes.setdefault(run, {})[Outcome(outcome)] = count
    return [
        Run(
            each.id, profession, Key(each.key), RunState(each.state), each.size, each.requested_by,
            each.requested_at, each.decided_by, each.decided_at, outcomes.get(each.id, {}),
        )
        for each in rows
    ]  # fmt: skip


async def locked(connection: AsyncConnection, scope: int, id: UUID) -> Row[Any]:
    """The row of a run, which stays locked until the commit; raises NotFound."""
    row = resident_run.c
    asked = select(resident_run).where(row.id == id, row.scope == scope).with_for_update()
    found = (await connection.execute(asked)).one_or_none()
    if found is None:
        raise NotFound("run")
    return found
