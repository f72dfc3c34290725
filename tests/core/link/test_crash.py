"""kill -9 of a delivery at each of its commits: the request goes out under one key, and is answered once."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from tests.core.link.conftest import World
from tests.core.link.test_outbox import ACCEPTED, REQUESTED
from tests.databases import POSTGRES
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.link.crash"
COMMITS = 2
"""Of one delivery: it is taken, and its answer is."""


def once(world: World) -> Any:
    """The stand-in as a well-made system: it answers a key that it knows as it did before."""
    told: dict[str, bytes] = {}

    def answer(asked: dict[str, Any]) -> bytes:
        if asked["id"] not in told:
            told[asked["id"]] = world.stand_in.message("accepted", {}, re=asked["id"])
        return told[asked["id"]]

    return answer


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, COMMITS + 1))
async def test_a_delivery_that_dies_is_made_once_in_effect(world: World, nth: int, when: str) -> None:
    world.stand_in.answers = [once(world)] * 2
    id = await world.ask()
    assert (
        await exit_code(CRASH, world.installation.settings, world.stand_in.address, nth, when)
        == -signal.SIGKILL
    )
    await world.hurry()
    await world.work()
    assert await world.actions() == [REQUESTED, ACCEPTED]
    assert (await world.statuses(), await world.receipts()) == (["accepted"], 1)
    sent_again = (nth, when) == (COMMITS, "before")
    assert world.stand_in.came == [(str(id), str(id))] * (2 if sent_again else 1)


async def test_a_delivery_that_lives_needs_no_other_commit(world: World) -> None:
    world.stand_in.answers = [once(world)]
    await world.ask()
    assert (
        await exit_code(CRASH, world.installation.settings, world.stand_in.address, COMMITS + 1, "before")
        == 0
    )
    assert await world.actions() == [REQUESTED, ACCEPTED]
