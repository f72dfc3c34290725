"""A planted number, name and pass go through success and every failure, and stand nowhere in the clear."""

from __future__ import annotations

import logging
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import inspect, text

from meibo.database.stores import Store
from meibo.errors import MessageRefused
from meibo.exchange.inbound.messages import PassRow
from meibo.exchange.inbound.standing import Candidate
from meibo.linkage.papers import PaperLine, read_lines
from meibo_sandbox.existing import Fault, Spoilt
from tests.core.exchange.inbound.conftest import ABOUT, NUMBER, OTHER, PROFESSION, Centre, line, passed
from tests.core.exchange.inbound.test_passes import CLERK

PLANTED = {"family_name": "鸞鳳", "given_name": "麒麟丸"}
TEXTS = ("鸞鳳", "麒麟丸", NUMBER, OTHER, "KANARIA7")


async def everything(centre: Centre) -> str:
    """Every value of every row of every store, as text; bytes are told as they are read."""
    told: list[str] = []
    for store in Store:
        async with centre.installation.databases[store].read([centre.scope]) as connection:
            for name in await connection.run_sync(lambda c: inspect(c).get_table_names()):
                rows = (await connection.execute(text(f'SELECT * FROM "{name}"'))).all()
                told += (
                    value.decode(errors="replace") if isinstance(value, bytes) else repr(value)
                    for row in rows for value in row
                )  # fmt: skip
    return "\n".join(told)


async def test_nothing_planted_is_told_anywhere(
    centre: Centre, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    await centre.enter(**PLANTED)
    system, refusals, batch = centre.system, [], uuid4()
    for spoilt in Spoilt:
        for raw in (
            system.numbers(PROFESSION, [line(**PLANTED)], spoilt=spoilt),
            system.pass_list(PROFESSION, 2020, [passed("KANARIA7", **PLANTED)], spoilt=spoilt),
        ):
            with pytest.raises(MessageRefused) as refusal:
                await centre.receive(raw)
            refusals.append(repr(refusal.value) + str(refusal.value))
    raw = system.numbers(PROFESSION, [line(**PLANTED)], batch=batch)
    await centre.inbound.media.read(*ABOUT, "USB 1", raw)
    waiting = await everything(centre)  # Before a worker takes it, it lies encrypted.
    system.faults = list(Fault)
    await centre.work()
    await centre.send(line(OTHER, **PLANTED), line(OTHER, registration_number="1000009", **PLANTED))
    await centre.receive(system.pass_list(PROFESSION, 2020, [passed("KANARIA7", **PLANTED)]))
    asked = Candidate(2020, "鸞鳳麒麟丸", "1995-01-15", "KANARIA7")
    found = await centre.inbound.passes.check(CLERK, PROFESSION, asked)
    assert found.standing == "passed"
    for _ in Fault:
        centre.time.ahead += timedelta(hours=2)
        await centre.work()
    assert sorted(system.refused.values()) == ["ambiguous"] * 2
    assert len(system.known) == 1
    _, answer = await centre.inbound.media.answer(*ABOUT, batch, "USB 2")
    kept = await everything(centre)
    told = {
        "logs": "\n".join([caplog.text, *(repr(vars(record)) for record in caplog.records)]),
        "waiting": waiting,
        "stores": kept,
        "media": raw.decode() + answer.decode(),
        "errors": "\n".join(refusals),
        "reprs": repr((asked, found)),
        "files": "".join(
            p.read_bytes().decode(errors="replace") for p in temporary.rglob("*") if p.is_file()
        ),
    }
    assert {place: [t for t in TEXTS if t in told[place]] for place in told} == {place: [] for place in told}


def test_lines_and_rows_never_print_what_they_hold() -> None:
    sent = line(**PLANTED, reference=str(uuid4()), verified_by="paper_copy")
    [one] = read_lines(PaperLine, msgspec.json.encode([sent]))
    [other] = read_lines(PassRow, msgspec.json.encode([passed("KANARIA7", **PLANTED)]))
    assert (one.individual_number, other.number) == (NUMBER, "KANARIA7")
    assert [t for t in TEXTS if t in repr((one, other))] == []
