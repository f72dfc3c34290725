"""kill -9 of a delivery at each of its commits: the request goes out under one key, and is answered once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.core.link.conftest import World
from tests.core.link.test_outbox import ACCEPTED, REQUESTED
from tests.databases import POSTGRES

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
ROOT = Path(__file__).parents[3]
COMMITS = 2
"""Of one delivery: it is taken, and its answer is."""


def start(world: World, nth: int, when: str) -> subprocess.Popen[bytes]:
    settings = world.installation.settings
    environ = {f"MEIBO_{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(settings)}
    command = [sys.executable, "-m", "tests.core.link.crash", world.stand_in.address, str(nth), when]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env=os.environ | environ)


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
    dying = start(world, nth, when)
    assert await asyncio.to_thread(dying.wait, 60) == -signal.SIGKILL
    await world.hurry()
    await world.work()
    assert await world.actions() == [REQUESTED, ACCEPTED]
    assert (await world.statuses(), await world.receipts()) == (["accepted"], 1)
    sent_again = (nth, when) == (COMMITS, "before")
    assert world.stand_in.came == [(str(id), str(id))] * (2 if sent_again else 1)


async def test_a_delivery_that_lives_needs_no_other_commit(world: World) -> None:
    world.stand_in.answers = [once(world)]
    await world.ask()
    living = start(world, COMMITS + 1, "before")
    assert await asyncio.to_thread(living.wait, 60) == 0
    assert await world.actions() == [REQUESTED, ACCEPTED]
