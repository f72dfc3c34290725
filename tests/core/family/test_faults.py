"""The intermediate server is down, late, twice, garbled or wrong: nothing is lost, doubled or believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from meibo import clock
from meibo.errors import MessageRefused, Refused, SettingsError
from meibo.family import InquiryKind
from meibo.family.messages import CONNECTOR
from meibo.family.tables import family_result
from meibo.jobs.tables import job
from meibo.link.envelopes import read_jwks
from meibo.link.states import Reason
from meibo.link.tables import link_message
from meibo_graphql.app import create_app
from meibo_sandbox.family import Answer, Fault
from tests.core.family.conftest import OFFICER, SAYS, World

REPLY = dict(SAYS)


@pytest.fixture
async def asked(world: World) -> World:
    """Symbols are there, and nothing has been asked."""
    await world.obtain()
    world.stand_in.came.clear()
    return world


async def failures(world: World) -> list[str | None]:
    return [row.failure for row in await world.rows(job) if row.state == "waiting"]


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault.DOWN, "SOURCE_UNAVAILABLE"),
        (Fault.GARBLED, "MESSAGE_REFUSED"),
        (Fault.TRUNCATED, "MESSAGE_REFUSED"),
        (Fault.OVERSIZED, "SOURCE_UNAVAILABLE"),
        (Fault.STALE, "MESSAGE_REFUSED"),
    ],
)
async def test_an_answer_that_is_not_believed_is_asked_for_again(
    asked: World, fault: Fault, failure: str
) -> None:
    asked.stand_in.fault = fault
    await asked.office.ask(OFFICER, asked.request())
    await asked.work()
    assert (await failures(asked), await asked.replies()) == ([failure], [])
    asked.stand_in.fault = None
    await asked.hurry()
    await asked.work()
    assert (await asked.replies(), len(await asked.rows(family_result))) == ([REPLY], 1)
    assert len({id for _, id in asked.stand_in.came}) == 1
    assert len(asked.stand_in.held) == 1


async def test_a_late_answer_is_pushed_and_filed_once(asked: World) -> None:
    asked.stand_in.fault = Fault.LATE
    await asked.office.ask(OFFICER, asked.request())
    await asked.work()
    assert ([row.status for row in await asked.rows(link_message)][-1], await asked.replies()) == ("sent", [])
    asked.stand_in.fault = None
    again = list(asked.stand_in.waiting)
    app = create_app(asked.installation)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        assert await asked.stand_in.push(client) == [204]
        asked.stand_in.waiting = again
        assert await asked.stand_in.push(client) == [204]
    assert (await asked.replies(), asked.stand_in.waiting) == ([REPLY], [])
    assert len(await asked.rows(family_result)) == 1


async def test_an_answer_that_comes_twice_is_filed_once(asked: World) -> None:
    asked.stand_in.fault = Fault.TWICE
    await asked.office.ask(OFFICER, asked.request())
    await asked.work()
    [again] = asked.stand_in.waiting
    assert not await receive(asked, again)
    assert (await asked.replies(), len(await asked.rows(family_result))) == ([REPLY], 1)


async def receive(world: World, answer: Answer) -> bool:
    message = world.stand_in.wire.write(answer, clock.now())
    return await world.installation.links.inbox.receive(CONNECTOR, message)


async def late(world: World, kind: InquiryKind = InquiryKind.REGISTER) -> str:
    """Something is asked, and not answered yet; gives the message's id."""
    world.stand_in.fault = Fault.LATE
    await world.office.ask(OFFICER, world.request(kind))
    await world.work()
    return world.stand_in.came[-1][1]


def result(id: str | None, **items: str) -> Answer:
    until = (clock.now() + timedelta(hours=1)).isoformat()
    return Answer("result", {"items": items or REPLY, "kept_until": until}, id)


async def test_a_second_answer_of_another_kind_or_content_is_refused(asked: World) -> None:
    id = await late(asked)
    assert await receive(asked, result(id))
    for other in (result(id, place_of_birth="Osaka"), Answer("rejected", {"code": "NO_MATCH"}, id)):
        with pytest.raises(MessageRefused) as refused:
            await receive(asked, other)
        assert refused.value.reason == Reason.ANSWERED_ALREADY
    assert await asked.replies() == [REPLY]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        pytest.param(lambda id: result(None), Reason.UNKNOWN_REQUEST, id="answers nothing"),
        pytest.param(
            lambda id: result("00000000-0000-4000-8000-000000000000"),
            Reason.UNKNOWN_REQUEST,
            id="never asked",
        ),
        pytest.param(lambda id: Answer("symbol", {"symbol": "x"}, id), Reason.UNKNOWN_REQUEST, id="a symbol"),
        pytest.param(
            lambda id: Answer("deleted", {"inquiry": id, "at": "2026-01-01T00:00:00Z"}),
            Reason.UNKNOWN_REQUEST,
            id="deleted before it came",
        ),
        pytest.param(lambda id: result(id, death_date="2026-01-01"), Reason.UNASKED, id="an item more"),
        pytest.param(lambda id: result(id, family_name="見本"), Reason.UNASKED, id="an item of elsewhere"),
        pytest.param(
            lambda id: Answer("result", {"items": REPLY}, id), Reason.MALFORMED, id="without its time"
        ),
        pytest.param(
            lambda id: Answer("result", {"items": REPLY, "kept_until": "2026-01-01T00:00:00"}, id),
            Reason.MALFORMED,
            id="of no time zone",
        ),
        pytest.param(
            lambda id: Answer("inquire", {"legal_basis": "", "items": []}, None),
            Reason.UNKNOWN_TYPE,
            id="a question",
        ),
    ],
)
async def test_what_was_not_asked_for_is_refused_and_changes_nothing(
    asked: World, made: Any, reason: Reason
) -> None:
    id = await late(asked)
    before = await asked.stored()
    with pytest.raises(MessageRefused) as refused:
        await receive(asked, made(id))
    assert refused.value.reason == reason
    assert (await asked.stored(), await asked.replies()) == (before, [])
    assert [row.status for row in await asked.rows(link_message)][-1] == "sent"


async def test_a_server_that_sends_more_than_was_asked_is_not_believed(asked: World) -> None:
    asked.stand_in.fault = Fault.TOO_MUCH
    await asked.office.ask(OFFICER, asked.request(items=("place_of_birth",)))
    await asked.work()
    assert (await failures(asked), await asked.replies()) == (["MESSAGE_REFUSED"], [])


@pytest.mark.parametrize(
    "items",
    [{"provision_base_date": "2026-02-30"}, {"place_of_birth": "x" * 201}, {"place_of_birth": "a\u0000b"}],
)
async def test_a_value_that_its_item_does_not_allow_refuses_the_whole(
    asked: World, items: dict[str, str]
) -> None:
    id = await late(asked)
    with pytest.raises(Refused) as refused:
        await receive(asked, result(id, **(REPLY | items)))
    assert next(iter(items.values())) not in str(refused.value)
    assert (await asked.replies(), await asked.rows(family_result)) == ([], [])
    assert await receive(asked, result(id))


async def test_a_refusal_is_told_by_its_code(asked: World) -> None:
    asked.stand_in.fault = Fault.REFUSING
    batch = await asked.office.ask(OFFICER, asked.request())
    await asked.work()
    [inquiry] = (await asked.office.inquiries(OFFICER, "doctor", batch)).nodes
    assert (inquiry.status, inquiry.code, await asked.replies()) == ("rejected", "NOT_PERMITTED", [])


async def test_a_symbol_that_comes_after_the_number_was_destroyed_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Struck off meanwhile, in a file whose rule is that the number goes."""
    id = await late(world, InquiryKind.SYMBOL)

    async def destroyed(_connection: Any, licence: Any) -> bool:
        return bool(licence == world.licences[0])

    monkeypatch.setattr("meibo.family.receiving.forgotten", destroyed)
    assert await receive(world, Answer("symbol", {"symbol": "symbol-1"}, id))
    assert not await world.holds_symbol(world.licences[0])


async def test_without_a_key_for_encryption_no_number_leaves(world: World) -> None:
    path = world.installation.settings.path("link") / f"{CONNECTOR}.jwks.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"use": "enc"', b'"use": "sig"'))
    await world.office.ask(OFFICER, world.request(InquiryKind.SYMBOL))
    await world.work()
    assert (await failures(world), world.stand_in.came) == ([SettingsError.code], [])
    path.write_bytes(whole)
    await world.hurry()
    await world.work()
    assert await world.holds_symbol(world.licences[0])


async def test_a_message_signed_by_the_key_for_encryption_is_not_believed(world: World) -> None:
    keys = read_jwks((world.installation.settings.path("link") / f"{CONNECTOR}.jwks.json").read_bytes())
    assert list(keys) == [world.stand_in.wire.signing.kid]
