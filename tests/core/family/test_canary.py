"""A number, a symbol and a place of birth, through success and failures: none is in a log or table in the clear."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect, text

from meibo.database.stores import Store
from meibo.errors import MessageRefused, Refused
from meibo.family import InquiryKind
from meibo_sandbox.family import Answer, Fault
from tests.core.family.conftest import NUMBERS, OFFICER, SAYS, World
from tests.core.family.test_faults import late, receive, result

SPOILT = (Fault.DOWN, Fault.GARBLED, Fault.TRUNCATED, Fault.STALE, Fault.TOO_MUCH, None)
NAME = "見本　花子"


async def everything(world: World) -> str:
    """Every value of every table in every store, as text; blobs too, as far as they read as text."""
    kept = ""
    for store in Store:
        async with world.installation.databases[store].read([world.scope]) as connection:
            names = await connection.run_sync(lambda c: inspect(c).get_table_names())
            for name in names:
                for row in await connection.execute(text(f'SELECT * FROM "{name}"')):
                    kept += "".join(map(_text, row)) + "\n"
    return kept


def _text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


async def test_a_canary_is_found_nowhere_in_the_clear(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for kind in (InquiryKind.SYMBOL, InquiryKind.REGISTER):
        world.stand_in.fault = SPOILT[0]
        await world.office.ask(OFFICER, world.request(kind))
        for fault in SPOILT:
            world.stand_in.fault = fault
            await world.work()
            await world.hurry()
        await world.work()
    assert await world.replies() == [dict(SAYS)]
    id = await late(world)
    tries: list[tuple[Answer, type[Exception]]] = [
        (result(id, family_name=NAME), MessageRefused),
        (Answer("result", {"items": {NAME: NUMBERS[0]}, "kept_until": "never"}, id), MessageRefused),
        (result(id, provision_base_date=SAYS["place_of_birth"]), Refused),
        (Answer("symbol", {"symbol": NUMBERS[0]}, id), MessageRefused),
    ]
    for answer, error in tries:
        with pytest.raises(error):
            await receive(world, answer)
    with pytest.raises(Refused):
        await world.office.ask(OFFICER, world.request(items=(NAME, NUMBERS[0])))
    [symbol] = world.stand_in.symbols
    inquiries = (await world.office.inquiries(OFFICER, "doctor")).nodes
    kept = (
        await everything(world) + caplog.text + str(inquiries) + str(world.installation.links.inbox.refused)
    )
    assert len(kept) > 50_000
    canaries = (*NUMBERS, symbol, SAYS["place_of_birth"], NAME, NAME.replace("\u3000", ""))
    assert [each for each in canaries if each in kept] == []
