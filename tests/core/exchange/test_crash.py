"""kill -9 of a worker at each commit of a feed: nothing is lost, and nothing is told twice in effect."""

from __future__ import annotations

import signal

import pytest

from meibo.exchange.beats import TURN, Side, Turn
from meibo.exchange.tables import feed
from meibo.jobs import enqueue
from meibo.register.fold import Verb
from tests.core.exchange.conftest import World
from tests.databases import POSTGRES
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.exchange.crash"
COMMITS = 5
"""Of one turn: it is taken, the batch waits, the batch is over, nothing more waits, the turn is done."""


async def ask(world: World) -> None:
    """A turn of the public list's feed, due by the clock of other processes."""
    async with world.installation.register.write() as work:
        turn = Turn(Side.PUBLIC_SEARCH, world.scope)
        await enqueue(work.connection, TURN, turn, due_at=world.time.real())
        await work.commit()


async def test_a_worker_that_dies_at_any_commit_leaves_the_lists_right(world: World) -> None:
    licence, deaths = await world.doctors.enter(), 0
    for nth in range(1, COMMITS + 2):
        for when in ("before", "after"):
            name = f"見本{nth}{when}"
            await world.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": name}})
            await ask(world)
            deaths += await exit_code(CRASH, world.installation.settings, nth, when) == -signal.SIGKILL
            await world.beat()
            listed = world.public.lists["doctor"]
            assert (nth, when, +listed) == (nth, when, {(2016, f"{name}　花子", "2"): 1})
    assert deaths == 2 * COMMITS  # And one worker more, which lived.
    assert [row.pending for row in await world.rows(feed)] == [None, None]
