"""A medium carries what the line would: numbers and lists in, pseudonyms back; the book holds each until its end."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from joserfc.errors import JoseError

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.errors import Forbidden, InvalidValue, MessageRefused, NotFound
from meibo.exchange.inbound.tables import carried_medium, paper_batch, paper_certificate, pass_entry
from meibo_sandbox.existing import CentreStandIn
from tests.core.exchange.conftest import US
from tests.core.exchange.inbound.conftest import ABOUT, NAME, NUMBER, PROFESSION, Centre, line, passed
from tests.installed import principal


async def test_numbers_come_on_a_medium_and_pseudonyms_go_back_on_one(centre: Centre) -> None:
    licence, batch, media = await centre.enter(), uuid4(), centre.inbound.media
    centre.time.ahead += timedelta(days=20)
    file = centre.system.numbers(PROFESSION, [line()], batch=batch)
    centre.time.ahead += timedelta(days=20)
    came = await media.read(*ABOUT, "USB 1", file)
    assert (came.way, came.content, came.label) == ("in", "numbers", "USB 1")
    assert came.digest == hashlib.sha256(file).hexdigest()
    with pytest.raises(NotFound):  # The vault has not taken it yet.
        await media.answer(*ABOUT, batch, "USB 2")
    await centre.work()
    assert await centre.number(licence) == NUMBER
    centre.system.known.clear()
    gone, answer = await media.answer(*ABOUT, batch, "USB 2")
    centre.system.take_answer(answer)
    assert list(centre.system.known.values()) == [await centre.pseudonym(licence)]
    with pytest.raises(JoseError):
        CentreStandIn(NAME, US).take_answer(answer)
    await media.destroyed(*ABOUT, came.id)
    assert [(m.way, m.content, m.destroyed_at is None) for m in await media.listed(*ABOUT)] == [
        ("in", "numbers", False),
        ("out", "pseudonyms", True),
    ]
    centre.time.ahead += timedelta(days=31)
    assert [m.id for m in await media.listed(*ABOUT) if m.overdue] == [gone.id]


async def test_a_list_and_a_certificate_come_on_a_medium(centre: Centre) -> None:
    media = centre.inbound.media
    await centre.enter()
    batch = await centre.send(line())
    centre.system.destroy(batch)
    signed = centre.system.certificate(PROFESSION, batch, clock.today().isoformat())
    await media.read(*ABOUT, "USB 1", signed)
    await media.read(*ABOUT, "USB 2", centre.system.pass_list(PROFESSION, 2020, [passed()]))
    [row] = await centre.rows(paper_certificate)
    assert (row.signed, len(await centre.rows(pass_entry))) == (signed, 1)


async def test_a_medium_that_is_read_twice_is_entered_twice_and_taken_once(centre: Centre) -> None:
    file = centre.system.numbers(PROFESSION, [line()])
    for label in ("USB 1", "USB 1, again"):
        await centre.inbound.media.read(*ABOUT, label, file)
    assert [len(await centre.rows(table)) for table in (carried_medium, paper_batch)] == [2, 1]


async def test_what_is_not_believed_is_not_entered(centre: Centre) -> None:
    media, file = centre.inbound.media, centre.system.numbers(PROFESSION, [line()])
    for wrong in (file[:-9], b"garbled", centre.system.numbers("doctor", [line()])):
        with pytest.raises(MessageRefused):
            await media.read(*ABOUT, "USB 1", wrong)
    with pytest.raises(InvalidValue):
        await media.read(*ABOUT, "x" * 65, file)
    centre.time.ahead += timedelta(days=91)
    with pytest.raises(MessageRefused, match="STALE"):
        await media.read(*ABOUT, "USB 1", file)
    assert (await centre.rows(carried_medium), await centre.rows(paper_batch)) == ([], [])


async def test_each_verb_needs_the_permission(centre: Centre) -> None:
    media = centre.inbound.media
    for caller in (
        principal(Role.OFFICER, {PROFESSION}),
        principal(Role.ADMINISTRATOR, {PROFESSION}, without=frozenset({Permission.EXCHANGE_CARRY})),
        principal(Role.ADMINISTRATOR, {"nurse"}),
    ):
        about = (caller, NAME, PROFESSION)
        for act in (
            media.read(*about, "USB 1", b""),
            media.answer(*about, uuid4(), "USB 1"),
            media.destroyed(*about, uuid4()),
            media.listed(*about),
        ):
            with pytest.raises(Forbidden):
                await act
    for missing in (
        media.destroyed(*ABOUT, uuid4()),
        media.answer(*ABOUT, uuid4(), "USB 1"),
        media.listed(ABOUT[0], "public_search", PROFESSION),
    ):
        with pytest.raises(NotFound):
            await missing
    assert await centre.rows(carried_medium) == []
