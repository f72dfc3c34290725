"""What acts that failed or died have left among the numbers: taking it back, finding it, sweeping it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from meibo.clock import now
from meibo.database.bulk import by_index
from meibo.database.stores import Database, UnitOfWork
from meibo.values.pseudonyms import PersonId
from meibo.vault.keystore import BATCH, NIL, KeyStore
from meibo.vault.locks import lock, lock_every, name_of
from meibo.vault.tables import enrolment


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment without its number."""

    id: UUID
    person: PersonId
    file: str
    destroyed_at: datetime | None


class Upkeep:
    """Undoes and sweeps enrolments, in the stores `numbers` and `keys`."""

    def __init__(self, database: Database, keystore: KeyStore) -> None:
        self._database = database
        self._keystore = keystore

    async def withdraw(self, enrolment_id: UUID) -> None:
        """Take back what the act with this enrolment id did, unless a later act relies on it.

        A number that the act had replaced is current again. Withdrawing twice is no harm. The key goes last,
        so that an enrolment without its key is always a number that was destroyed on purpose.
        """
        async with self._database.write() as work:
            await lock(work, name_of(enrolment_id))
            claimed = select(enrolment).where(enrolment.c.claimed_by == enrolment_id).with_for_update()
            row = (await work.connection.execute(claimed)).first()
            if row is None:
                return await self._destroy_if_loose(work, enrolment_id)
            if row.id == enrolment_id:
                await work.connection.execute(delete(enrolment).where(enrolment.c.id == row.id))
            await self._bring_back(work, enrolment_id, row.id, row.replaced_by, row.replaced_at)
            await work.commit()
        await self.sweep_key(enrolment_id)

    async def withdraw_many(self, enrolment_ids: Collection[UUID]) -> None:
        """`withdraw` for the acts of many new enrolments: those on which no other act relies go in two commits."""
        own = enrolment.c.claimed_by == enrolment.c.id
        replaced = select(enrolment.c.replaced_by).where(enrolment.c.replaced_by.in_(enrolment_ids))
        async with self._database.write() as work:
            await lock_every(work)
            await by_index(work.connection)
            plain = delete(enrolment).where(
                enrolment.c.id.in_(enrolment_ids), own, enrolment.c.id.not_in(replaced)
            )
            await work.connection.execute(plain)
            touched = select(enrolment.c.id, enrolment.c.claimed_by, enrolment.c.replaced_by).where(
                or_(
                    enrolment.c.id.in_(enrolment_ids),
                    enrolment.c.claimed_by.in_(enrolment_ids),
                    enrolment.c.replaced_by.in_(enrolment_ids),
                )
            )
            relied = {id for row in await work.connection.execute(touched) for id in row} & set(enrolment_ids)
            await work.commit()
        if loose := set(enrolment_ids) - relied:
            await self._keystore.destroy(list(loose))
        for id in relied:
            await self.withdraw(id)

    async def sweep(self, enrolment_id: UUID, before: datetime) -> bool:
        """Destroy an enrolment and its key, if no act has relied on it since `before`; whether it did."""
        async with self._database.write() as work:
            idle = delete(enrolment).where(enrolment.c.id == enrolment_id, enrolment.c.claimed_at < before)
            if (await work.connection.execute(idle)).rowcount == 0:
                return False
            await work.commit()
        await self.sweep_key(enrolment_id)
        return True

    async def sweep_key(self, enrolment_id: UUID) -> None:
        """Destroy a key, if it has no enrolment."""
        async with self._database.write() as work:
            await lock(work, name_of(enrolment_id))
            await self._destroy_if_loose(work, enrolment_id)

    async def enrolments_before(self, instant: datetime) -> AsyncIterator[list[Enrolled]]:
        """Every enrolment on which no act has relied since `instant`, in batches."""
        last = NIL
        columns = (enrolment.c.id, enrolment.c.person, enrolment.c.file, enrolment.c.destroyed_at)
        while True:
            page = select(*columns).where(enrolment.c.claimed_at < instant, enrolment.c.id > last)
            async with self._database.read() as connection:
                rows = await connection.execute(page.order_by(enrolment.c.id).limit(BATCH))
                batch = [Enrolled(*row) for row in rows]
            if not batch:
                return
            last = batch[-1].id
            yield batch

    async def orphans(self, before: datetime) -> AsyncIterator[list[UUID]]:
        """Keys made before that instant which no enrolment has, in batches."""
        async for keys in self._keystore.keys_before(before):
            async with self._database.read() as connection:
                known = set(await connection.scalars(select(enrolment.c.id).where(enrolment.c.id.in_(keys))))
            yield [key for key in keys if key not in known]

    async def finish_destructions(self, enrolled: Sequence[Enrolled]) -> int:
        """Carry destructions of numbers to the end, and destroy again what a restored backup brought back."""
        kept = await self._keystore.held_status([one.id for one in enrolled])
        marked = {one.id for one in enrolled if one.destroyed_at is not None}
        back = [id for id, status in kept.items() if status.held and id in marked]
        unmarked = [id for id, status in kept.items() if not status.held and id not in marked]
        if back:
            await self._keystore.destroy(back)
        for id in unmarked:
            await self._mark(id, kept[id].destroyed_at)
        return len(back) + len(unmarked)

    async def _mark(self, enrolment_id: UUID, destroyed_at: datetime | None) -> None:
        async with self._database.write() as work:
            one = update(enrolment).where(enrolment.c.id == enrolment_id)
            await work.connection.execute(one.values(destroyed_at=destroyed_at))
            await work.commit()

    async def _bring_back(
        self, work: UnitOfWork, act: UUID, held: UUID, replaced_by: UUID | None, replaced_at: datetime | None
    ) -> None:
        """Put what the act replaced where the act's own stood; that steps back, if it is still there."""
        former = await work.connection.scalar(select(enrolment.c.id).where(enrolment.c.replaced_by == act))
        if former is None:
            return
        await work.connection.execute(
            update(enrolment)
            .where(enrolment.c.id == held, enrolment.c.replaced_at.is_(None))
            .values(replaced_by=former, replaced_at=now())
        )
        await work.connection.execute(
            update(enrolment)
            .where(enrolment.c.id == former)
            .values(replaced_by=replaced_by, replaced_at=replaced_at)
        )

    async def _destroy_if_loose(self, work: UnitOfWork, enrolment_id: UUID) -> None:
        if await work.connection.scalar(select(enrolment.c.id).where(enrolment.c.id == enrolment_id)) is None:
            await self._keystore.destroy([enrolment_id])
