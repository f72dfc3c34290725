"""What goes out: asked for with the change, sent until it arrives, answered once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.connectors import Message
from meibo.database.stores import Store
from meibo.errors import Forbidden, InvalidValue, NotFound
from meibo.jobs.tables import job
from meibo.link import breaker
from meibo.link.tables import link_action, link_message, link_state
from tests.core.link.conftest import Ask, World
from tests.core.link.stand_in import NAME, StandIn
from tests.installed import principal

REQUESTED = ("requested", "", "tester")
ACCEPTED = ("accepted", "", f"link:{NAME}")


def accepts(stand_in: StandIn) -> Any:
    return lambda asked: stand_in.message("accepted", {}, re=asked["id"])


def rejects(stand_in: StandIn) -> Any:
    return lambda asked: stand_in.message("rejected", {"code": "NO_MATCH"}, re=asked["id"])


async def test_a_request_is_sent_under_its_own_key_and_accepted(world: World) -> None:
    world.stand_in.answers = [accepts(world.stand_in)]
    id = await world.ask()
    assert (await world.statuses(), await world.work()) == (["requested"], 1)
    assert world.stand_in.came == [(str(id), str(id))]
    assert await world.statuses() == ["accepted"]
    assert await world.actions() == [REQUESTED, ACCEPTED]
    assert await world.receipts() == 1


async def test_a_rejection_is_noted_with_its_code(world: World) -> None:
    world.stand_in.answers = [rejects(world.stand_in)]
    await world.ask()
    await world.work()
    assert await world.statuses() == ["rejected"]
    assert await world.actions() == [REQUESTED, ("rejected", "NO_MATCH", f"link:{NAME}")]


async def test_an_answer_that_comes_later_is_taken_when_it_comes(world: World) -> None:
    id = await world.ask()
    await world.work()
    assert (await world.statuses(), await world.actions()) == (["sent"], [REQUESTED])
    assert await world.links.inbox.receive(NAME, world.stand_in.message("accepted", {}, re=str(id)))
    assert (await world.statuses(), await world.actions()) == (["accepted"], [REQUESTED, ACCEPTED])


async def test_without_the_commit_nothing_is_asked(world: World) -> None:
    async with world.installation.register.write([world.scope]) as work:
        await world.links.outbox.request(
            work.connection, principal(Role.ADMINISTRATOR), "doctor", world.scope, world.licence, NAME, "ask",
            Ask("見本", "東京都"),
        )  # fmt: skip
    assert (await world.work(), world.stand_in.came) == (0, [])
    assert await world.statuses() == []


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        pytest.param(500, "SOURCE_UNAVAILABLE", id="broken"),
        pytest.param(307, "SOURCE_UNAVAILABLE", id="redirecting"),
        pytest.param(409, "SOURCE_UNAVAILABLE", id="refusing"),
        pytest.param(b"x" * 4_001, "SOURCE_UNAVAILABLE", id="oversized"),
        pytest.param(b"garbled", "MESSAGE_REFUSED", id="garbled"),
    ],
)
async def test_a_delivery_that_fails_is_made_again_under_the_same_key(
    world: World, fault: Any, failure: str
) -> None:
    world.stand_in.answers = [fault, accepts(world.stand_in)]
    id = await world.ask()
    await world.work()
    [row] = await world.rows(job)
    assert (row.state, row.failure, await world.statuses()) == ("waiting", failure, ["requested"])
    await world.hurry()
    await world.work()
    assert world.stand_in.came == [(str(id), str(id))] * 2
    assert await world.actions() == [REQUESTED, ACCEPTED]


async def test_after_five_failures_all_workers_leave_the_system_alone(world: World) -> None:
    world.stand_in.answers = [503] * breaker.FAILURES
    for _ in range(breaker.FAILURES):
        await world.ask()
    await world.work()
    [state] = await world.rows(link_state)
    assert (state.failures, state.open_until is not None) == (breaker.FAILURES, True)
    await world.ask()
    assert await world.work() >= 1  # What is due is postponed, unsent and untried.
    assert len(world.stand_in.came) == breaker.FAILURES
    assert sum(row.attempts for row in await world.rows(job)) == breaker.FAILURES
    await world.hurry()
    await world.work()
    [state] = await world.rows(link_state)
    assert (state.failures, state.open_until) == (0, None)
    assert await world.statuses() == ["sent"] * (breaker.FAILURES + 1)


async def test_a_system_that_is_down_for_two_days_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, real, passed = [await world.ask() for _ in range(3)], clock.now, timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: real() + passed)
    world.stand_in.answers = [503] * 1_000
    while passed < timedelta(days=2):
        await world.work()
        passed += timedelta(minutes=10)
    assert {row.state for row in await world.rows(job)} == {"waiting"}
    assert len(world.stand_in.came) < 500  # It was not hammered either.
    world.stand_in.answers = [
        lambda asked: world.stand_in.message("accepted", {}, re=asked["id"], iat=int(clock.now().timestamp()))
    ] * 3
    for _ in range(7):  # An hour, at most, until each is due again.
        await world.work()
        passed += timedelta(minutes=10)
    assert await world.statuses() == ["accepted"] * 3
    assert sorted(key for key, _ in world.stand_in.came[-3:]) == sorted(map(str, ids))


async def test_a_paused_connector_sends_nothing_until_it_is_resumed(world: World) -> None:
    office, caller = world.links.office, principal(Role.ADMINISTRATOR)
    await office.switch(caller, NAME, paused=True)
    await world.ask()
    assert (await world.work(), world.stand_in.came) == (1, [])
    assert [(s.paused, s.counts) for s in await office.listed(caller)] == [(True, {"requested": 1})]
    await office.switch(caller, NAME, paused=False)
    await world.hurry()
    assert (await world.work(), len(world.stand_in.came)) == (1, 1)


async def test_a_request_is_sent_again_by_hand_only_if_it_was_not(world: World) -> None:
    office, caller = world.links.office, principal(Role.ADMINISTRATOR)
    id = await world.ask()
    await office.retry(caller, id)
    assert await world.work() == 2
    assert len(world.stand_in.came) == 1
    with pytest.raises(NotFound):
        await office.retry(caller, id)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"principal": principal(Role.OFFICER)}, Forbidden),
        (
            {"principal": principal(Role.ADMINISTRATOR, without=frozenset({Permission.LINK_SEND}))},
            Forbidden,
        ),
        ({"principal": principal(Role.ADMINISTRATOR, professions={"nurse"})}, Forbidden),
        ({"connector": "nobody"}, NotFound),
        ({"type": "moved"}, NotFound),
        ({"message": Message()}, InvalidValue),
        ({"message": Ask("見本", 5)}, InvalidValue),  # type: ignore[arg-type]
        ({"message": Ask("123456789018", "東京都")}, InvalidValue),
        ({"message": Ask("見本", "1234-5678-9018")}, InvalidValue),
    ],
)
async def test_what_may_not_be_asked_is_refused_and_nothing_is_kept(
    world: World, change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await world.ask(**change)
    assert [await world.rows(table) for table in (link_message, link_action, job)] == [[], [], []]


@pytest.mark.parametrize("caller", [principal(Role.OFFICER), principal(Role.AUDITOR)])
async def test_an_operators_verbs_need_the_permission(world: World, caller: Any) -> None:
    office = world.links.office
    id = await world.ask()
    for act in (
        office.listed(caller),
        office.key(caller, NAME),
        office.evidence(caller, NAME, date.min, date.max),
        office.switch(caller, NAME, paused=True),
        office.retry(caller, id),
    ):
        with pytest.raises(Forbidden):
            await act
    assert await world.rows(link_state) == []
    assert len(await world.rows(job)) == 1


async def test_evidence_is_what_was_requested_and_what_came_of_it(world: World) -> None:
    office, caller, today = world.links.office, principal(Role.ADMINISTRATOR), clock.today()
    world.stand_in.answers = [rejects(world.stand_in)]
    id = await world.ask()
    await world.work()
    told = [
        (each.request, each.type, each.status, each.code, each.account)
        for each in (await office.evidence(caller, NAME, today, today)).nodes
    ]
    assert told == [
        (id, "ask", "requested", "", "tester"), (id, "ask", "rejected", "NO_MATCH", f"link:{NAME}"),
    ]  # fmt: skip
    yesterday = today - timedelta(days=1)
    assert (await office.evidence(caller, NAME, date.min, yesterday)).nodes == []
    assert len((await office.evidence(caller, NAME, date.min, date.max)).nodes) == 2
    with pytest.raises(NotFound):
        await office.evidence(caller, "nobody", today, today)


async def test_what_was_asked_and_answered_is_in_the_audit_log(world: World) -> None:
    world.stand_in.answers = [accepts(world.stand_in)]
    await world.ask()
    await world.work()
    [source] = [s for s in world.installation.sources if s.name == "link_action"]
    first = await source.changes(None, 1)
    rest = await source.changes(first[0].cursor, 10)
    assert [b'"requested"' in first[0].body, b'"accepted"' in rest[0].body, len(rest)] == [True, True, 1]
    assert len(first[0].subjects) == 1


CANARY = ("ｶﾅﾘｱ 太郎", "東京都カナリア区1-2-3", "123456789018")


async def test_a_canary_is_found_nowhere_in_the_clear(
    world: World, caplog: pytest.LogCaptureFixture, store: Any
) -> None:
    """Name and address through success, failure and refusal; a number through refusal: it gets no further."""
    caplog.set_level("DEBUG")
    name, address, number = CANARY
    world.stand_in.answers = [
        500, b"garbled", world.stand_in.message("moved", {"to": 5, "name": name}),
        accepts(world.stand_in),
    ]  # fmt: skip
    await world.ask(message=Ask(name, address))
    for _ in range(4):
        await world.work()
        await world.hurry()
    with pytest.raises(InvalidValue):
        await world.ask(message=Ask(number, address))
    with pytest.raises(Exception, match=r"MALFORMED"):
        await world.links.inbox.receive(NAME, world.stand_in.message("moved", {"name": name, "to": number}))
    assert await world.statuses() == ["accepted"]
    listed = await world.links.office.listed(principal(Role.ADMINISTRATOR))
    kept = f"{caplog.text}{dict(world.links.inbox.refused)}{listed}"
    for table in ("job", "link_message", "link_action", "link_receipt", "link_state", "audit_leaf"):
        database = world.installation.databases[Store.AUDIT if table == "audit_leaf" else Store.REGISTER]
        async with database.read([world.scope]) as connection:
            rows = await connection.execute(text(f"SELECT * FROM {table}"))
            kept += "".join(
                value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                for row in rows
                for value in row
            )
    assert len(kept) > 1_000
    assert [each for each in CANARY if each in kept] == []
