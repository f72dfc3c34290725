"""Places: dense, one for each leaf, whoever sequences and however late a leaf commits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text

from meibo.audit import tables
from meibo.audit.checkpoints import CHECKPOINT_KEY, verifier_key, verify_checkpoint
from meibo.audit.leaves import RecordedLeaf, encode, new_id
from meibo.audit.log import AuditLog
from meibo.audit.proofs import newest_checkpoint
from meibo.audit.sequencer import BATCH, FEW, WAITING, Sequencer
from meibo.audit.sources import Change
from meibo.clock import now
from meibo.crypto.keys import FileKeys
from meibo.database.stores import COMMITTED, Database
from meibo.errors import OperatorError
from tests.core.audit.conftest import AuditStore, Check, Rows, on_postgres, reading

QUICK = 0.01


async def places(database: Database) -> list[tuple[int, str, str]]:
    place = tables.place
    query = select(place.c.leaf_index, place.c.source, place.c.cursor).order_by(place.c.leaf_index)
    async with database.read() as connection:
        return [(row[0], row[1], row[2]) for row in await connection.execute(query)]


async def test_nothing_new_leaves_no_checkpoint(audit_database: Database, sequencer: Sequencer) -> None:
    assert await sequencer.run_once() == 0
    assert await newest_checkpoint(audit_database) is None


async def test_leaves_and_rows_get_dense_places(
    audit_database: Database, log: AuditLog, sequencer: Sequencer, rows: Rows, keys: FileKeys
) -> None:
    await log.record(reading("D-1"), reading("D-2"))
    rows.add("a", "b")
    assert await sequencer.run_once() == 4
    await log.record(reading("D-3"))
    rows.add("c")
    assert await sequencer.run_once() == 2
    assert await sequencer.run_once() == 0

    found = await places(audit_database)
    assert [index for index, _, _ in found] == [0, 1, 2, 3, 4, 5]
    assert [source for _, source, _ in found] == [
        "audit",
        "audit",
        "register",
        "register",
        "audit",
        "register",
    ]
    assert [cursor for _, source, cursor in found if source == "register"] == ["a", "b", "c"]

    note = await newest_checkpoint(audit_database)
    assert note is not None
    checkpoint = verify_checkpoint(note, verifier_key(keys.newest(CHECKPOINT_KEY), "meibo/local"))
    assert checkpoint.size == 6


async def test_two_sequencers_at_once_give_each_leaf_one_place(
    audit_database: Database, log: AuditLog, rows: Rows, keys: FileKeys, check: Check
) -> None:
    other = Database(audit_database.url)
    sequencers = [Sequencer(database, keys, [rows]) for database in (audit_database, other)]

    async def write() -> None:
        for number in range(30):
            await log.record(reading(f"D-{number}"))
            rows.add(f"{number}")

    writing = asyncio.create_task(write())
    placed = 0
    while not writing.done():
        placed += sum(await asyncio.gather(*(each.run_once() for each in sequencers)))
    await writing
    while more := sum([await each.run_once() for each in sequencers]):
        placed += more
    await other.close()

    found = await places(audit_database)
    assert placed == 60
    assert [index for index, _, _ in found] == list(range(60))
    assert len({(source, cursor) for _, source, cursor in found}) == 60
    assert (await check()).fault is None


@on_postgres
async def test_a_leaf_that_commits_late_is_not_missed(
    audit_database: Database, log: AuditLog, sequencer: Sequencer
) -> None:
    late = RecordedLeaf(id=new_id(), at=now(), leaf=reading("D-1"))
    async with audit_database.write() as work:
        await work.connection.execute(tables.leaf.insert().inline(), {"id": late.id, "body": encode(late)})
        await work.connection.execute(tables.unplaced.insert(), {"leaf_id": late.id})
        await log.record(reading("D-2"))
        assert await sequencer.run_once() == 1
        await work.commit()
    assert await sequencer.run_once() == 1

    assert [(index, cursor == late.id) for index, _, cursor in await places(audit_database)] == [
        (0, False),
        (1, True),
    ]


async def test_a_batch_has_a_limit_and_the_rest_follows(
    audit_database: Database, log: AuditLog, sequencer: Sequencer, rows: Rows, check: Check
) -> None:
    await log.record(*[reading("D-1")] * (BATCH + 1))
    rows.add(*map(str, range(BATCH + 2)))

    assert [await sequencer.run_once() for _ in range(3)] == [2 * BATCH, 3, 0]
    assert (await check()).size == 2 * BATCH + 3


class Broken(Rows):
    """A source that fails as often as it is told, then ends the run."""

    def __init__(self, stop: asyncio.Event, failures: int) -> None:
        super().__init__()
        self.stop = stop
        self.failures = failures

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        self.failures -= 1
        if self.failures >= 0:
            raise ConnectionError("the row of D-1")
        if after is not None:
            self.stop.set()
        return await super().changes(after, limit)


async def test_running_goes_on_after_failures_until_it_is_told_to_stop(
    audit_database: Database, log: AuditLog, keys: FileKeys, caplog: pytest.LogCaptureFixture
) -> None:
    stop = asyncio.Event()
    rows = Broken(stop, failures=2)
    rows.add("a")
    await log.record(reading("D-1"))
    await asyncio.wait_for(Sequencer(audit_database, keys, [rows]).run(stop, QUICK), 10)

    assert len(await places(audit_database)) == 2
    assert caplog.messages == ["The audit log's sequencer failed (ConnectionError) and tries again."] * 2


async def test_running_stops_without_waiting(sequencer: Sequencer) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sequencer.run(stop, every=600))
    await asyncio.sleep(QUICK)
    stop.set()
    await asyncio.wait_for(running, 10)


class Counted(Rows):
    """A source that counts how often it is asked, and tells when it was asked again."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.again = asyncio.Event()

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        self.asked += 1
        if self.asked > 1:
            self.again.set()
        return await super().changes(after, limit)


async def test_it_rests_between_looks_unless_a_batch_was_full(
    audit_database: Database, keys: FileKeys
) -> None:
    rows, stop = Counted(), asyncio.Event()
    rows.add(*map(str, range(FEW + 1)))
    running = asyncio.create_task(Sequencer(audit_database, keys, [rows]).run(stop, every=600))
    await asyncio.wait_for(rows.again.wait(), 10)
    await asyncio.sleep(10 * QUICK)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert rows.asked == 2
    assert len(await places(audit_database)) == FEW + 1


async def test_a_full_queue_has_no_source_asked_again(
    audit_database: Database, log: AuditLog, keys: FileKeys
) -> None:
    rows, stop, passes = Counted(), asyncio.Event(), Counter[str]()

    def heard(what: str) -> None:
        passes[what] += 1
        if passes[COMMITTED] == 2:
            stop.set()

    await log.record(*[reading("D-1")] * (BATCH + 1))
    audit_database.heard.append(heard)
    await asyncio.wait_for(Sequencer(audit_database, keys, [rows]).run(stop, every=600), 10)
    assert len(await places(audit_database)) == BATCH + 1
    assert rows.asked == 1


async def test_the_queue_is_empty_afterwards(
    audit_store: AuditStore, log: AuditLog, sequencer: Sequencer
) -> None:
    await log.record(reading("D-1"))
    assert await audit_store.scalar("SELECT count(*) FROM audit_unplaced") == 1
    await sequencer.run_once()
    assert await audit_store.scalar("SELECT count(*) FROM audit_unplaced") == 0


async def test_an_index_serves_the_last_cursor(
    audit_store: AuditStore, sequencer: Sequencer, rows: Rows
) -> None:
    rows.add("a")
    await sequencer.run_once()
    explain = "EXPLAIN QUERY PLAN " if audit_store.database.is_sqlite else "EXPLAIN "
    async with audit_store.database.read() as connection:
        if not audit_store.database.is_sqlite:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.execute(
            text(
                f"{explain} SELECT cursor FROM audit_place WHERE source = :source AND source <> 'audit'"
                " ORDER BY leaf_index DESC LIMIT 1"
            ),
            {"source": "register"},
        )
        assert "audit_place_last" in str(plan.all())


async def test_leaves_that_wait_are_found_without_a_look_at_those_that_have_a_place(
    audit_store: AuditStore, log: AuditLog, sequencer: Sequencer
) -> None:
    await log.record(*[reading("D-1")] * (3 * BATCH))
    while await sequencer.run_once():
        pass
    async with audit_store.owner.write() as work:
        await work.connection.execute(text("ANALYZE"))
        await work.commit()
    explain = "EXPLAIN QUERY PLAN" if audit_store.owner.is_sqlite else "EXPLAIN"
    waiting = WAITING.on(audit_store.owner.is_sqlite)
    arguments = waiting.arguments({"ids": [new_id()]})
    found = await audit_store.owner._direct.fetch(f"{explain} {waiting.sql}", arguments, None)
    plan = str([tuple(row) for row in found])
    expected = (
        "SEARCH audit_leaf USING INDEX" if audit_store.owner.is_sqlite else "audit_leaf_id_key on audit_leaf"
    )
    assert expected in plan, plan


@pytest.mark.parametrize("names", [["register", "register"], ["audit"]])
def test_sources_have_names_of_their_own(names: list[str], keys: FileKeys, tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/audit.db")
    with pytest.raises(OperatorError, match="one name"):
        Sequencer(database, keys, [Rows(name) for name in names])
