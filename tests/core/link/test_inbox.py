"""What comes in: taken once, or refused for one reason and not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest

from meibo.connectors import Connector, Direction, by_name
from meibo.errors import MessageRefused, NotFound, PluginError, SettingsError
from meibo.link.client import addresses_of
from meibo.link.states import Reason
from tests.core.link.conftest import Ask, Moved, World, receive
from tests.core.link.stand_in import NAME, StandIn, new_key

BODY = MappingProxyType({"to": "東京都"})


async def test_a_message_takes_effect_once(world: World) -> None:
    message = world.stand_in.message("moved", dict(BODY))
    taken = [await world.links.inbox.receive(NAME, message) for _ in range(3)]
    assert (taken, await world.effects(), await world.receipts()) == ([True, False, False], 1, 1)


def garbled(s: StandIn) -> bytes:
    message = bytearray(s.message("moved", dict(BODY)))
    message[len(message) // 2] ^= 1
    return bytes(message)


BAD: dict[str, tuple[Callable[[StandIn], bytes], Reason]] = {
    "empty": (lambda s: b"", Reason.MALFORMED),
    "no JWS": (lambda s: b"\xff\xfe garbage", Reason.MALFORMED),
    "truncated": (lambda s: s.message("moved", dict(BODY))[:-9], Reason.MALFORMED),
    "garbled": (garbled, Reason.BAD_SIGNATURE),
    "oversized": (lambda s: s.message("moved", {"to": "x" * 4_000}), Reason.OVERSIZED),
    "of another key": (lambda s: s.message("moved", dict(BODY), key=new_key()), Reason.BAD_SIGNATURE),
    "of an unknown kid": (
        lambda s: s.message("moved", dict(BODY), header={"kid": "other"}),
        Reason.BAD_SIGNATURE,
    ),
    "of another typ": (lambda s: s.message("moved", dict(BODY), header={"typ": "JWT"}), Reason.BAD_SIGNATURE),
    "with more in its header": (
        lambda s: s.message("moved", dict(BODY), header={"jku": "https://x"}),
        Reason.MALFORMED,
    ),
    "stale": (lambda s: s.message("moved", dict(BODY), iat=int(time.time()) - 400), Reason.STALE),
    "of the future": (lambda s: s.message("moved", dict(BODY), iat=int(time.time()) + 400), Reason.STALE),
    "of another sender": (lambda s: s.message("moved", dict(BODY), iss="somebody"), Reason.MISADDRESSED),
    "to somebody else": (lambda s: s.message("moved", dict(BODY), aud="https://x"), Reason.MISADDRESSED),
    "of an unknown type": (lambda s: s.message("ask", {"name": "a", "address": "b"}), Reason.UNKNOWN_TYPE),
    "an answer to nothing": (lambda s: s.message("accepted", {}), Reason.UNKNOWN_TYPE),
    "an answer to an unknown request": (
        lambda s: s.message("accepted", {}, re=str(uuid4())),
        Reason.UNKNOWN_REQUEST,
    ),
    "with a field more": (lambda s: s.message("moved", {"to": "a", "name": "b"}), Reason.MALFORMED),
    "with a field less": (lambda s: s.message("moved", {}), Reason.MALFORMED),
    "of another form": (lambda s: s.message("moved", {"to": 5}), Reason.MALFORMED),
    "with a fault for an id": (lambda s: s.message("moved", dict(BODY), id="1"), Reason.MALFORMED),
}


@pytest.mark.parametrize(("made", "reason"), BAD.values(), ids=BAD.keys())
async def test_a_bad_message_is_refused_for_one_reason_and_changes_nothing(
    world: World, made: Callable[[StandIn], bytes], reason: Reason
) -> None:
    with pytest.raises(MessageRefused) as refused:
        await world.links.inbox.receive(NAME, made(world.stand_in))
    assert refused.value.reason == reason
    assert (await world.effects(), await world.receipts()) == (0, 0)


async def test_answers_out_of_order_and_twice_change_nothing_more(world: World) -> None:
    """The first answer counts; another of the same request is refused, the same again is known."""
    id = str(await world.ask())
    inbox, first = world.links.inbox, world.stand_in.message("rejected", {"code": "NO_MATCH"}, re=id)
    assert await inbox.receive(NAME, first)  # Before our own delivery was made.
    with pytest.raises(MessageRefused) as refused:
        await inbox.receive(NAME, world.stand_in.message("accepted", {}, re=id))
    assert refused.value.reason == Reason.ANSWERED_ALREADY
    assert not await inbox.receive(NAME, first)
    await world.work()
    assert (world.stand_in.came, await world.statuses()) == ([], ["rejected"])
    assert [status for status, _, _ in await world.actions()] == ["requested", "rejected"]


@pytest.mark.parametrize("code", ["", "no", "NO MATCH", "見本", "A" * 33])
async def test_a_rejections_code_is_a_code(world: World, code: str) -> None:
    id = str(await world.ask())
    with pytest.raises(MessageRefused) as refused:
        await world.links.inbox.receive(NAME, world.stand_in.message("rejected", {"code": code}, re=id))
    assert refused.value.reason == Reason.MALFORMED
    assert await world.statuses() == ["requested"]


async def test_an_unknown_connector_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.links.inbox.receive("nobody", world.stand_in.message("moved", dict(BODY)))


async def test_an_effect_that_raises_leaves_no_receipt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = world.stand_in.message("moved", dict(BODY))
    with monkeypatch.context() as patched:
        patched.setattr("tests.core.link.conftest.uuid4", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await world.links.inbox.receive(NAME, message)
    assert (await world.effects(), await world.receipts()) == (0, 0)
    assert await world.links.inbox.receive(NAME, message)
    assert (await world.effects(), await world.receipts()) == (1, 1)


@pytest.mark.parametrize(
    "declared",
    [
        [("a", Connector(name="Bad Name", direction=Direction.OUT))],
        [
            ("a", Connector(name="x", direction=Direction.OUT)),
            ("b", Connector(name="x", direction=Direction.IN)),
        ],
        [("a", Connector(name="x", direction=Direction.IN, sends={"ask": Ask}))],
        [("a", Connector(name="x", direction=Direction.OUT, receives={"moved": Moved}, receive=receive))],
        [("a", Connector(name="x", direction=Direction.BOTH, receives={"moved": Moved}))],
    ],
)
def test_a_wrong_declaration_is_refused(declared: Any) -> None:
    with pytest.raises(PluginError):
        by_name(declared)


@pytest.mark.parametrize("address", ["x", "x=http://example.jp", "x=ftp://a", "x=https://a:b@example.jp"])
def test_an_address_that_may_not_be_asked_is_refused(address: str) -> None:
    with pytest.raises(SettingsError):
        addresses_of(address)
    assert addresses_of(" a=https://a.jp/x , b=http://127.0.0.1:1") == {
        "a": "https://a.jp/x", "b": "http://127.0.0.1:1",
    }  # fmt: skip
