"""Planted numbers, names and addresses go through success and every failure, and stand nowhere in the clear."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from meibo.database.stores import Store
from meibo.errors import MessageRefused
from meibo.identity import NumberKind
from meibo.linkage.residents.inquiries import Facts, Key
from meibo_sandbox.residents import Fault
from tests.core.linkage.residents.conftest import CLERK, HANAKO, OFFICER, World

PLANTED = replace(
    HANAKO, name="鸞鳳　麒麟丸", kana="ランポウ　キリンマル", address="佐渡市鶴亀字蓬莱八百八十八"
)
NUMBER = "999999999996"
TEXTS = (
    *("鸞鳳", "麒麟丸", "ランポウ", "キリンマル", PLANTED.address, NUMBER),
    *(HANAKO.individual_number, HANAKO.resident_code),
)


async def everything(world: World) -> str:
    """Every value of every row of every store, as text."""
    told: list[str] = []
    for store in Store:
        async with world.installation.databases[store].read([world.scope]) as connection:
            names = await connection.run_sync(lambda c: inspect(c).get_table_names())
            for name in names:
                told += (
                    repr(tuple(row)) for row in await connection.execute(text(f'SELECT * FROM "{name}"'))
                )
    return "\n".join(told)


async def test_nothing_planted_is_told_anywhere(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    world.network.register.residents[:] = [  # type: ignore[attr-defined]
        replace(PLANTED, individual_number=NUMBER, former_numbers=(HANAKO.individual_number,))
    ]
    await world.doctors.enter(
        "500001", HANAKO.individual_number, family_name="鸞鳳", given_name="麒麟丸",
        family_name_kana="ランポウ", given_name_kana="キリンマル",
    )  # fmt: skip
    desk = world.installation.residents.desk
    for key in (Key.INDIVIDUAL_NUMBER, Key.FACTS):
        world.network.faults = [f for f in Fault if f is not Fault.OVERSIZED]
        await world.begin(key)
        for _ in range(len(Fault) + 1):
            await world.hurry()
    world.network.faults = [Fault.HOSTILE]
    with pytest.raises(MessageRefused) as refusal:
        await desk.search(CLERK, "doctor", Key.INDIVIDUAL_NUMBER, NUMBER)
    facts = Facts(PLANTED.name, PLANTED.kana, PLANTED.address, "2", "1990-01-15")
    [found] = await desk.search(CLERK, "doctor", Key.FACTS, facts=facts)
    assert found.values["address"] == PLANTED.address
    run, other = (await world.installation.residents.runs.runs(OFFICER, "doctor")).nodes
    assert (run.waiting, other.waiting) == (0, 0)
    logged = "\n".join([caplog.text, *(repr(vars(record)) for record in caplog.records)])
    posted = b"".join(raw for _, raw in world.network.came)
    told = {
        "logs": logged,
        "stores": await everything(world),
        "posted": posted.decode(),
        "errors": repr(refusal.value) + str(refusal.value),
        "reprs": repr((found, facts, run)),
    }
    assert {place: [t for t in TEXTS if t in told[place]] for place in told} == {place: [] for place in told}
    assert list(temporary.iterdir()) == []


async def test_the_file_on_disk_holds_nothing_planted(world: World) -> None:
    """Of SQLite the files themselves are looked through, free pages and log included."""
    if not world.installation.register.is_sqlite:
        return
    await world.doctors.enter(individual=HANAKO.individual_number)
    await world.begin()
    await world.work()
    reader = world.installation.reader(CLERK, "test")
    assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    files = stored(world)
    assert files.keys() >= {"register.db", "numbers.db", "audit.db"}
    texts = (HANAKO.address, HANAKO.individual_number, HANAKO.resident_code)
    assert [(name, t) for t in texts for name, content in files.items() if t.encode() in content] == []


def stored(world: World) -> dict[str, bytes]:
    """The databases' files by name."""
    return {file.name: file.read_bytes() for file in Path(world.installation.settings.data).glob("*.db*")}
