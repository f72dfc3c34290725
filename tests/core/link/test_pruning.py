"""What links forget, and what they never do."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from meibo import clock
from meibo.jobs import NOTHING, Lease
from meibo.jobs.payloads import Nothing
from meibo.jobs.tables import job
from meibo.link.pruning import BODIES_KEPT, PRUNE_LINKS, RECEIPTS_KEPT
from meibo.link.tables import link_action, link_message, link_receipt
from tests.core.link.conftest import World
from tests.core.link.stand_in import NAME

DAY = timedelta(days=1)


async def prune(world: World) -> None:
    """As the clock has it done."""
    [handler] = [each for each in world.installation.handlers if each.kind is PRUNE_LINKS]
    assert (handler.kind.payload, handler.kind.every) == (Nothing, DAY)
    lease = Lease(world.installation.register, uuid4(), "links.prune", "{}", 1, 1, clock.now() + DAY)
    await _as_job(world, lease)
    await handler.run(lease, NOTHING)


async def _as_job(world: World, lease: Lease) -> None:
    """The row that a lease is of."""
    row = {
        "id": lease.id, "kind": lease.kind, "payload": "{}", "state": "running", "priority": 0, "due_at": lease.ends_at,
        "attempts": 1, "fence": 1, "enqueued_at": clock.now(),
    }  # fmt: skip
    async with world.installation.register.write() as work:
        await work.connection.execute(insert(job), row)
        await work.commit()


async def test_receipts_are_forgotten_when_nobody_sends_their_message_again(world: World) -> None:
    ages = {uuid4(): RECEIPTS_KEPT + DAY, uuid4(): RECEIPTS_KEPT - DAY}
    rows = [
        {"connector": NAME, "message_id": id, "received_at": clock.now() - age} for id, age in ages.items()
    ]
    async with world.installation.register.write() as work:
        await work.connection.execute(insert(link_receipt), rows)
        await work.commit()
    await prune(world)
    assert [row.message_id for row in await world.rows(link_receipt)] == [list(ages)[1]]


@pytest.mark.parametrize(
    ("age", "answered", "is_kept"),
    [
        pytest.param(BODIES_KEPT + DAY, True, False, id="answered long ago"),
        pytest.param(BODIES_KEPT - DAY, True, True, id="answered just now"),
        pytest.param(BODIES_KEPT + DAY, False, True, id="never answered"),
    ],
)
async def test_the_body_of_an_answered_request_is_forgotten_and_its_record_stays(
    world: World, age: timedelta, answered: bool, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answered:
        world.stand_in.answers = [lambda asked: world.stand_in.message("accepted", {}, re=asked["id"])]
    await world.ask()
    await world.work()
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + age)
    await prune(world)
    [row] = await world.rows(link_message)
    assert bool(row.sealed) is is_kept
    assert len(await world.rows(link_action)) == (2 if answered else 1)
