"""What takes too long is given up, and nothing else is."""

from __future__ import annotations

import asyncio
import time

import pytest

from meibo_graphql.http.deadlines import Deadlines

SOON = 0.05


async def sleep(deadlines: Deadlines, seconds: float) -> str:
    with deadlines.set():
        await asyncio.sleep(seconds)
    return "done"


async def test_what_is_late_is_given_up_and_what_is_not_is_done() -> None:
    deadlines, begun = Deadlines(SOON), time.monotonic()
    late = [asyncio.create_task(sleep(deadlines, 5)) for _ in range(3)]
    quick = asyncio.create_task(sleep(deadlines, 0))
    await asyncio.sleep(SOON / 2)
    later = asyncio.create_task(sleep(deadlines, 5))
    answers = await asyncio.gather(*late, quick, later, return_exceptions=True)
    assert [type(answer) for answer in answers] == [
        TimeoutError,
        TimeoutError,
        TimeoutError,
        str,
        TimeoutError,
    ]
    assert time.monotonic() - begun < 10 * SOON


async def test_the_timer_begins_anew_after_a_rest() -> None:
    deadlines = Deadlines(SOON)
    assert await sleep(deadlines, 0) == "done"
    await asyncio.sleep(2 * SOON)
    with pytest.raises(TimeoutError):
        await sleep(deadlines, 5)


async def test_another_cancellation_stays_one() -> None:
    task = asyncio.create_task(sleep(Deadlines(5), 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def break_off(deadlines: Deadlines) -> None:
    with deadlines.set():
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            raise RuntimeError("broken off") from None


async def test_a_block_may_say_itself_why_it_ended() -> None:
    with pytest.raises(RuntimeError, match="broken off"):
        await break_off(Deadlines(SOON))
    await asyncio.sleep(0)  # The task itself is not cancelled.


def test_deadlines_outlive_a_loop() -> None:
    deadlines = Deadlines(SOON)
    assert asyncio.run(sleep(deadlines, 0)) == "done"
    with pytest.raises(TimeoutError):
        asyncio.run(sleep(deadlines, 5))
