"""kill -9 at each commit of a turn that erases one number and hands another over: both happen, each once in effect."""

from __future__ import annotations

import signal

import pytest
from sqlalchemy import update

from meibo import clock
from meibo.exchange.numbers.tables import feed_erasure, feed_handover
from meibo_sandbox.world.numbers import individual_number
from tests.core.exchange.numbers.conftest import Handing
from tests.databases import POSTGRES
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.exchange.numbers.crash"
COMMITS = 5
"""Of one turn: it begins, the erasure is noted, and confirmed; the batch waits, and is over."""
DEATHS = [*((nth, "before") for nth in range(1, COMMITS + 1)), (COMMITS, "after"), (COMMITS + 1, "before")]
"""To die right after a commit is to die before the next; the last worker lives."""


async def due(handing: Handing) -> None:
    """The next round is due, by the clock of other processes."""
    installation = handing.installation
    async with installation.register.write(installation.scopes.numbers.values()) as work:
        await work.connection.execute(update(feed_handover).values(next_round_at=clock.now()))
        await work.commit()


async def test_a_worker_that_dies_at_any_commit_leaves_the_numbers_right(handing: Handing) -> None:
    await handing.allow()
    last = await handing.pharmacists.enter("700000", individual=individual_number(0))
    await handing.turn(later=handing.time.ahead)
    deaths = 0
    for handed, (nth, when) in enumerate(DEATHS, 1):
        number = individual_number(handed)
        await handing.give_up(last)
        last = await handing.pharmacists.enter(f"{700_000 + handed}", individual=number)
        await due(handing)
        deaths += await exit_code(CRASH, handing.installation.settings, nth, when) == -signal.SIGKILL
        await due(handing)
        await handing.turn(later=handing.time.ahead)
        assert (nth, when, handing.numbers) == (nth, when, {await handing.pseudonym(last): number})
    assert deaths == len(DEATHS) - 1
    erased = [row.answer for row in await handing.rows(feed_erasure)]
    assert erased == ["erased"] * len(DEATHS)
    assert len(set(handing.came("hand_over"))) == len(DEATHS) + 1
    assert len(set(handing.came("erase"))) == len(DEATHS)
