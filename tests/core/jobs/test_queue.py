"""The queue: a job stands or falls with its change, one worker has it, and it is done once in effect."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.database.stores import Database
from meibo.errors import LeaseLost
from meibo.jobs import NOTHING, Handler, JobKind, JobState, Lease, Nothing, Priority, Worker, enqueue, hasten
from meibo.jobs.queue import KEPT, prune, take
from meibo.jobs.tables import job
from meibo.jobs.worker import LONGEST_DELAY, delay
from tests.core.jobs.kinds import NOTE, Note, note, notes, noting

KINDS: dict[str, JobKind[Any]] = {NOTE.name: NOTE}


async def ask(database: Database, payload: Note | None = None, **more: Any) -> UUID | None:
    async with database.write() as work:
        id = await enqueue(work.connection, NOTE, payload or Note(uuid4()), **more)
        await work.commit()
    return id


async def rows(database: Database) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(select(job).order_by(job.c.enqueued_at)))


async def change(database: Database, **values: Any) -> None:
    """What time does, done at once."""
    async with database.write() as work:
        await work.connection.execute(update(job).values(**values))
        await work.commit()


async def test_a_job_is_done_and_ended_in_one_commit(register: Database) -> None:
    payload = Note(uuid4())
    await ask(register, payload)
    worker = Worker(register, [noting()])
    assert [await worker.run_one(), await worker.run_one()] == [True, False]
    assert await notes(register) == {str(payload.id): "1"}
    [row] = await rows(register)
    assert (row.state, row.attempts, row.fence, row.failure) == (JobState.DONE, 1, 1, None)


async def test_a_job_waits_until_what_it_waits_for_has_come(register: Database) -> None:
    later = clock.now() + timedelta(hours=1)
    ids = [await ask(register, dedupe_key=key, due_at=later) for key in ("this", "other")]
    async with register.write() as work:
        await hasten(work.connection, "this")
    assert await take(register, KINDS) is None  # Nothing was committed.
    async with register.write() as work:
        await hasten(work.connection, "this")
        await work.commit()
    lease = await take(register, KINDS)
    assert lease is not None
    assert (lease.id, await take(register, KINDS)) == (ids[0], None)
    async with register.write() as work:
        await hasten(work.connection, "this")  # It is under way: its lease stays as long as it was.
        await work.commit()
    await lease.finish()


async def test_without_the_callers_commit_there_is_no_job(register: Database) -> None:
    async with register.write() as work:
        assert await enqueue(work.connection, NOTE, Note(uuid4())) is not None
    assert await rows(register) == []
    assert await take(register, KINDS) is None


async def test_a_dedupe_key_counts_once(register: Database) -> None:
    first, second = await ask(register, dedupe_key="a"), await ask(register, dedupe_key="a")
    third = await ask(register, dedupe_key="b")
    assert (first is None, second is None, third is None) == (False, True, False)
    assert len(await rows(register)) == 2


async def test_what_is_not_due_waits_and_what_is_urgent_goes_first(register: Database) -> None:
    soon = JobKind("test.soon", Nothing, Priority.SOON)
    await ask(register, due_at=clock.now() + timedelta(hours=1))
    waiting = await ask(register)
    async with register.write() as work:
        urgent = await enqueue(work.connection, soon, NOTHING)
        await work.commit()
    kinds = {**KINDS, soon.name: soon}
    taken = [await take(register, kinds) for _ in range(3)]
    assert [lease and lease.id for lease in taken] == [urgent, waiting, None]


async def test_one_of_several_workers_has_a_job(register: Database) -> None:
    ids = [await ask(register) for _ in range(5)]
    leases = [each for each in await asyncio.gather(*(take(register, KINDS) for _ in range(9))) if each]
    again = [each for each in [await take(register, KINDS)] if each]
    assert sorted(each.id for each in [*leases, *again]) == sorted(filter(None, ids))


async def test_a_worker_that_comes_back_late_writes_nothing(register: Database) -> None:
    """Its lease ran out and another has the job: the fence holds inside the transaction of the effect."""
    payload = Note(uuid4())
    await ask(register, payload)
    late = await take(register, KINDS)
    await change(register, due_at=clock.now() - timedelta(seconds=1))
    second = await take(register, KINDS)
    assert late is not None
    assert second is not None
    assert (late.fence, second.fence, second.attempt) == (1, 2, 2)
    with pytest.raises(LeaseLost):
        await note(late, payload)
    for act in (late.finish(), late.fail("X", None), late.postpone(clock.now())):
        with pytest.raises(LeaseLost):
            await act
    assert await notes(register) == {}
    await note(second, payload)
    assert await notes(register) == {str(payload.id): "2"}
    with pytest.raises(LeaseLost):
        await note(second, payload)


async def test_a_lease_that_ran_out_ends_nothing_though_nobody_took_the_job(register: Database) -> None:
    payload = Note(uuid4())
    await ask(register, payload)
    late = await take(register, KINDS)
    await change(register, due_at=clock.now() - timedelta(seconds=1))
    assert late is not None
    with pytest.raises(LeaseLost):
        await note(late, payload)
    assert await notes(register) == {}


async def test_a_failure_is_told_by_its_code_tried_again_and_buried(
    register: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_lease: Lease, _payload: Note) -> None:
        raise ValueError("見本　太郎")

    await ask(register)
    worker, seen = Worker(register, [Handler(NOTE, fails)]), []
    for _ in range(NOTE.most_attempts):
        assert await worker.run_one()
        [row] = await rows(register)
        seen.append((row.state, row.attempts, row.failure))
        await change(register, due_at=clock.now())
    assert seen == [
        (JobState.WAITING, 1, "ValueError"),
        (JobState.WAITING, 2, "ValueError"),
        (JobState.DEAD, 3, "ValueError"),
    ]
    assert not await worker.run_one()
    assert "見本" not in caplog.text


async def test_a_job_on_which_workers_die_is_buried(register: Database) -> None:
    await ask(register)
    for _ in range(NOTE.most_attempts):
        assert await take(register, KINDS)
        await change(register, due_at=clock.now())
    assert await take(register, KINDS) is None
    [row] = await rows(register)
    assert (row.state, row.attempts, row.failure) == (JobState.DEAD, 3, "LEASE_LOST")


async def test_a_run_longer_than_its_lease_is_broken_off(register: Database) -> None:
    brief = JobKind("test.brief", Nothing, lease=timedelta(seconds=1.2))

    async def sleeps(_lease: Lease, _payload: Nothing) -> None:
        await asyncio.sleep(60)

    async with register.write() as work:
        await enqueue(work.connection, brief, NOTHING)
        await work.commit()
    assert await Worker(register, [Handler(brief, sleeps)]).run_one()
    [row] = await rows(register)
    assert (row.state, row.failure) == (JobState.WAITING, "TimeoutError")


async def test_a_postponed_job_counts_as_untried(register: Database) -> None:
    until = clock.now() + timedelta(hours=1)

    async def not_now(lease: Lease, _payload: Note) -> None:
        await lease.postpone(until)

    await ask(register)
    worker = Worker(register, [Handler(NOTE, not_now)])
    assert [await worker.run_one(), await worker.run_one()] == [True, False]
    [row] = await rows(register)
    assert (row.state, row.attempts, row.due_at) == (JobState.WAITING, 0, until)


def test_delays_double_up_to_an_hour_with_a_random_half() -> None:
    for attempt, longest in ((1, timedelta(seconds=2)), (5, timedelta(seconds=32)), (99, LONGEST_DELAY)):
        drawn = {delay(attempt) for _ in range(50)}
        assert longest / 2 <= min(drawn) <= max(drawn) <= longest
        assert len(drawn) > 1


@pytest.mark.parametrize(
    ("every", "at", "slot"),
    [
        (
            timedelta(days=1),
            datetime(2026, 11, 25, 14, 59, tzinfo=UTC),
            datetime(2026, 11, 24, 15, tzinfo=UTC),
        ),
        (
            timedelta(days=1),
            datetime(2026, 11, 25, 15, 0, tzinfo=UTC),
            datetime(2026, 11, 25, 15, tzinfo=UTC),
        ),
        (
            timedelta(hours=1),
            datetime(2026, 11, 25, 7, 59, tzinfo=UTC),
            datetime(2026, 11, 25, 7, tzinfo=UTC),
        ),
    ],
)
def test_days_begin_in_japan(every: timedelta, at: datetime, slot: datetime) -> None:
    assert JobKind("test.clock", Nothing, every=every).slot(at) == slot


async def test_a_job_of_the_clock_is_done_once_though_all_workers_ask(register: Database) -> None:
    done = []

    async def once(_lease: Lease, _payload: Nothing) -> None:
        done.append(1)

    daily = JobKind("test.daily", Nothing, every=timedelta(days=1))
    workers = [Worker(register, [Handler(daily, once)]) for _ in range(4)]
    await asyncio.gather(*(each.run_one() for each in workers))
    for each in workers:
        assert not await each.run_one()
    assert (done, len(await rows(register))) == ([1], 1)


async def test_what_was_done_is_forgotten_after_a_week_and_what_is_dead_is_not(register: Database) -> None:
    await ask(register)
    await ask(register)
    lease = await take(register, KINDS)
    assert lease is not None
    await lease.finish()
    lease = await take(register, KINDS)
    assert lease is not None
    await lease.fail("X", None)
    assert await prune(register) == 0
    await change(register, ended_at=clock.now() - KEPT - timedelta(seconds=1))
    assert await prune(register) == 1
    assert [row.state for row in await rows(register)] == [JobState.DEAD]


async def test_a_stopped_worker_brings_its_job_to_an_end(register: Database) -> None:
    begun, stop, payload = asyncio.Event(), asyncio.Event(), Note(uuid4())

    async def slow(lease: Lease, payload: Note) -> None:
        begun.set()
        await asyncio.sleep(0.2)
        await note(lease, payload)

    await ask(register, payload)
    running = asyncio.create_task(Worker(register, [Handler(NOTE, slow)], at_once=2).run(stop))
    await begun.wait()
    stop.set()
    await running
    assert await notes(register) == {str(payload.id): "1"}
