"""Planted numbers go through success and every failure, and stand nowhere in the clear but in the system itself."""

from __future__ import annotations

import logging
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from starlette.responses import Response

from meibo.database.stores import Store
from meibo.errors import MeiboError
from meibo.register.fold import Verb
from meibo_sandbox.existing import Fault
from tests.core.exchange.numbers.conftest import Handing
from tests.core.vault.numerals import ONE, THREE, TWO


async def everything(handing: Handing) -> str:
    """Every value of every row of every store, as text."""
    told: list[str] = []
    for store, database in handing.installation.databases.items():
        scopes = handing.installation.scopes.numbers.values() if store is Store.REGISTER else ()
        async with database.read(scopes) as connection:
            for name in await connection.run_sync(lambda c: inspect(c).get_table_names()):
                rows = await connection.execute(text(f'SELECT * FROM "{name}"'))
                told += (repr(tuple(row)) for row in rows)
    return "\n".join(told)


async def test_no_number_is_told_anywhere(
    handing: Handing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    posted, respond = [], handing.system.respond

    def overheard(raw: bytes) -> Response:
        posted.append(raw)
        return respond(raw)

    monkeypatch.setattr(handing.system, "respond", overheard)
    licence = await handing.pharmacists.enter(individual=ONE)
    other = await handing.pharmacists.enter("600002", individual=TWO)
    await handing.allow()
    errors, stores = [], []
    for fault in Fault:
        handing.system.faults = [fault]
        with suppress(MeiboError):
            await handing.turn()
        stores.append(await everything(handing))
    await handing.enrol(other, THREE)
    await handing.turn()
    await handing.give_up(licence)
    for fault in Fault:
        handing.system.faults = [fault]
        try:
            await handing.turn()
        except MeiboError as error:
            errors.append(repr(error) + str(error))
    await handing.turn()
    await handing.pharmacists.act(other, Verb.STRIKE_OFF, "402")
    assert [*handing.numbers.values()] == [THREE]
    records = "\n".join(repr(vars(record)) for record in caplog.records)
    told = {
        "logs": caplog.text + records,
        "stores": "\n".join([*stores, await everything(handing)]),
        "posted": b"\n".join(posted).decode(),
        "errors": "\n".join(errors),
        "files": "\n".join(each.name for each in temporary.iterdir()),
    }
    assert len(posted) > len(Fault)
    assert {place: [each for each in (ONE, TWO, THREE) if each in told[place]] for place in told} == {
        place: [] for place in told
    }
