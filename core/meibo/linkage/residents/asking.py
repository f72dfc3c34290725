"""Asking on another's behalf: a check that two people approved has its own batches, each of which is asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.crypto.keys import KeyProvider
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.jobs import enqueue
from meibo.linkage.residents.batches import EXCHANGE, BatchPayload
from meibo.linkage.residents.filing import GROUP
from meibo.linkage.residents.inquiries import Key, NumberTold, Outcome
from meibo.linkage.residents.requests import BatchState, add_requests
from meibo.linkage.residents.rows import RunState
from meibo.linkage.residents.tables import resident_batch, resident_reply, resident_request, resident_run
from meibo.professions.compiled import Profession
from meibo.register import sealing, tables


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back about one licence's holder; `values` are those of the reply by item, numbers left out, and empty
    where none was kept."""

    outcome: Outcome
    number: NumberTold
    by_facts: bool
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks about a batch under its own id, and reads what came of it."""

    database: Database
    professions: Mapping[str, Profession]
    scopes: Mapping[str, int]
    keys: KeyProvider

    async def ask(
        self, batch: UUID, profession: str, licences: Sequence[UUID], *, key: Key, on_behalf_of: str
    ) -> None:
        """Ask about licences by one file, which has the batch's id; again is no harm. The caller has seen to it that
        two people want it, and `on_behalf_of` names it in the run."""
        scope, at = self.scopes[profession], clock.now()
        run = {
            "id": uuid4(), "scope": scope, "key": key, "state": RunState.APPROVED, "size": len(licences),
            "requested_by": on_behalf_of, "requested_at": at, "decided_by": on_behalf_of, "decided_at": at,
        }  # fmt: skip
        row = {"id": batch, "scope": scope, "run_id": run["id"], "number": 1, "state": BatchState.WAITING}
        async with self.database.write([scope]) as work:
            await work.connection.execute(insert(resident_run), run)
            entered = await work.connection.execute(insert_new(resident_batch).values(row))
            if entered.rowcount != 1:
                return  # It was asked before; the run goes with the transaction.
            await add_requests(work.connection, scope, batch, licences)
            await enqueue(work.connection, EXCHANGE, BatchPayload(batch, scope))
            await work.commit()

    async def answers(self, batch: UUID, profession: str) -> dict[UUID, Answered] | None:
        """By licence what came of a batch; None where it was never asked, or not all of it has been filed."""
        async with self.database.read([self.scopes[profession]]) as connection:
            of = resident_batch.c
            state = await connection.scalar(select(of.state).where(of.id == batch))
            if state != BatchState.FILED:
                return None
            return await self._answers(connection, self.professions[profession], batch)

    async def _answers(
        self, connection: AsyncConnection, profession: Profession, batch: UUID
    ) -> dict[UUID, Answered]:
        asked, reply, spec = resident_request.c, resident_reply.c, profession.groups[GROUP]
        group, licence = tables.group_table(profession.code, spec), tables.licence.c
        statement = (
            select(
                group, asked.outcome.label("_outcome"), asked.number.label("_number"),
                asked.licence_id.label("_licence"), licence.wrapped_key, licence.key_version,
            )
            .select_from(resident_request)
            .join(tables.licence, licence.id == asked.licence_id)
            .outerjoin(resident_reply, reply.request_id == asked.id)
            .outerjoin(group, group.c.id == reply.id)
            .where(asked.batch_id == batch)
        )  # fmt: skip
        rows = (await connection.execute(statement)).mappings()
        return {row["_licence"]: self._answered(profession, row) for row in rows}

    def _answered(self, profession: Profession, row: Mapping[Any, Any]) -> Answered:
        values = self._opened(profession, row) if row["id"] else {}
        number = NumberTold(row["_number"] or NumberTold.NONE)
        by_facts = bool(values.get("subject_full_name_kanji") or values.get("subject_full_name_kana"))
        return Answered(Outcome(row["_outcome"]), number, by_facts, values)

    def _opened(self, profession: Profession, row: Mapping[Any, Any]) -> dict[str, Any]:
        """The values of a reply's row."""
        spec, licence = profession.groups[GROUP], row["_licence"]
        envelope = sealing.licence_envelope(self.keys, profession.code)
        secret = sealing.open_licence_key(envelope, licence, row["wrapped_key"], row["key_version"])
        table, version = tables.group_table(profession.code, spec).name, row["plugin_version"]
        where = sealing.place(table, licence, sealing.part_of(spec, row), version)
        values = sealing.joined(spec, row, sealing.open_json(secret, row["sealed"], where))
        return {name: value for name, value in values.items() if value is not None}
