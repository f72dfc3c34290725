"""Versions and spans follow from the actions, say what was believed when, and never change."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meibo.errors import FindingCode, Refused, StaleVersion
from meibo.register import tables
from meibo.register.dispositions import Order
from meibo.register.fold import Act, State, Verb, fold, spans
from meibo.register.opening import open_licence
from meibo.register.writing import Known
from tests.core.register.doctors import DAY, ENTERED, TODAY, Doctors

Believed = list[tuple[date, date | None, State, str]]
MARRIED = TODAY - 20 * DAY


async def opened(doctors: Doctors, licence: UUID) -> Known:
    """The licence, rebuilt from its stored actions."""
    where = doctors.installation
    async with where.register.read([where.scopes.of("doctor")]) as connection:
        known = await open_licence(connection, where.host["doctor"], where.keys, licence)
    assert known is not None
    return known


async def held(doctors: Doctors, licence: UUID) -> Believed:
    """(first day, day after the last, state, family name) of each span believed now, from the database."""
    version, span = tables.licence_version, tables.licence_span
    where = doctors.installation.register
    async with where.read([doctors.installation.scopes.of("doctor")]) as connection:
        found = await connection.execute(
            select(version.c.id, version.c.state, span.c.valid_from, span.c.valid_to)
            .join(version, version.c.id == span.c.version_id)
            .where(span.c.licence_id == licence, span.c.known_to.is_(None))
            .order_by(span.c.valid_from)
        )
        rows = found.all()
    believed: Believed = []
    for row in rows:
        [head] = await doctors.reader().versions([row.id])
        assert head is not None
        name = str((await doctors.register(head))["family_name"])
        believed.append((row.valid_from, row.valid_to, State(row.state), name))
    return believed


async def life(doctors: Doctors) -> UUID:
    """A doctor who was suspended, had a new name noted late, was struck off and brought back."""
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY - 30 * DAY, end_date=TODAY - 5 * DAY)
    await doctors.act(licence, Verb.CORRECT, MARRIED, values={"register": {"family_name": "新見本"}})
    await doctors.act(licence, Verb.REISSUE, TODAY - 3 * DAY)
    await doctors.act(licence, Verb.STRIKE_OFF, TODAY - 2 * DAY)
    await doctors.act(licence, Verb.UNDO_STRIKE_OFF, TODAY)
    await doctors.act(
        licence,
        Verb.CORRECT,
        TODAY - 40 * DAY,
        values={"register": {"family_name": "旧見本", "memo": "誤記"}},
    )
    return licence


async def test_spans_of_a_life(doctors: Doctors) -> None:
    licence = await life(doctors)
    assert await held(doctors, licence) == [
        (ENTERED, TODAY - 40 * DAY, State.REGISTERED, "見本"),
        (TODAY - 40 * DAY, TODAY - 30 * DAY, State.REGISTERED, "旧見本"),
        (TODAY - 30 * DAY, MARRIED, State.SUSPENDED, "旧見本"),
        (MARRIED, TODAY - 4 * DAY, State.SUSPENDED, "新見本"),
        (TODAY - 4 * DAY, TODAY - 3 * DAY, State.REGISTERED, "新見本"),
        (TODAY - 3 * DAY, TODAY - 2 * DAY, State.REGISTERED, "新見本"),
        (TODAY - 2 * DAY, TODAY, State.STRUCK_OFF, "新見本"),
        (TODAY, None, State.REGISTERED, "新見本"),
    ]


async def test_stored_versions_can_be_rebuilt_from_the_actions(doctors: Doctors) -> None:
    licence = await life(doctors)
    known = await opened(doctors, licence)
    segments = fold(doctors.installation.host["doctor"].empty(), known.acts)
    rebuilt = [
        (start, end, s.state, str(s.record.value("register.family_name")))
        for s, start, end in spans(segments)
    ]
    assert rebuilt == await held(doctors, licence)
    for segment in segments:
        [head] = await doctors.reader().versions([known.versions[segment.key].id])
        assert head is not None
        assert dict(segment.record.groups["register"].values()) == await doctors.register(head)


async def test_what_was_believed_stays_readable_after_a_back_dated_correction(doctors: Doctors) -> None:
    licence = await doctors.enter()
    before = await doctors.head(licence)
    await doctors.act(licence, Verb.CORRECT, MARRIED, values={"register": {"family_name": "新見本"}})
    after = await doctors.head(licence)
    first, second = before.recorded_at, after.recorded_at
    seen = {
        (day, at): await doctors.name(licence, as_of=day, known_at=at)
        for day in (MARRIED - DAY, MARRIED, TODAY)
        for at in (first, second, None)
    }
    assert seen == {
        (MARRIED - DAY, first): "見本",
        (MARRIED, first): "見本",
        (TODAY, first): "見本",
        (MARRIED - DAY, second): "見本",
        (MARRIED, second): "新見本",
        (TODAY, second): "新見本",
        (MARRIED - DAY, None): "見本",
        (MARRIED, None): "新見本",
        (TODAY, None): "新見本",
    }


async def test_an_instant_between_two_records_shows_the_earlier_belief(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.CORRECT, TODAY, values={"register": {"family_name": "新見本"}})
    later = (await doctors.head(licence)).recorded_at
    almost = later - timedelta(microseconds=1)
    assert await doctors.name(licence, known_at=almost) == "見本"
    assert await doctors.name(licence, known_at=later) == "新見本"


async def test_there_is_nothing_before_the_entry_in_either_time(doctors: Doctors) -> None:
    licence = await doctors.enter()
    recorded = (await doctors.head(licence)).recorded_at
    reader = doctors.reader()
    assert await reader.heads([licence], as_of=ENTERED - DAY) == [None]
    assert await reader.heads([licence], known_at=recorded - timedelta(microseconds=1)) == [None]


async def test_versions_keep_their_ids_and_their_bytes(doctors: Doctors) -> None:
    licence = await doctors.enter()
    names = ("action", "licence_version", "doctor_register")
    seen: dict[str, set[str]] = {name: set() for name in names}
    ids = [(await doctors.head(licence)).version_id]
    for verb, day in ((Verb.SUSPEND, TODAY), (Verb.CORRECT, MARRIED), (Verb.LIFT_SUSPENSION, TODAY)):
        await doctors.act(licence, verb, day)
        for name in names:
            now = await doctors.digests(tables.metadata.tables[name])
            assert seen[name] <= set(now)
            seen[name] = set(now)
        ids.append((await doctors.head(licence)).version_id)
    assert len(set(ids)) == 4
    heads = await doctors.reader().versions(ids)
    assert [head.version_id for head in heads if head] == ids
    assert [head.state for head in heads if head] == [
        State.REGISTERED,
        State.SUSPENDED,
        State.SUSPENDED,
        State.REGISTERED,
    ]


async def test_an_act_that_changes_no_item_stores_no_content(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY)
    await doctors.act(licence, Verb.LIFT_SUSPENSION, TODAY)
    versions = [(v["number"], v["content"]) for v in await doctors.rows(tables.licence_version)]
    assert sorted(versions) == [(1, 1), (2, 1), (3, 1), (4, 1)]
    content = tables.metadata.tables["doctor_register"]
    assert [row["content"] for row in await doctors.rows(content)] == [1]


async def test_lifting_ends_the_planned_lapse(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY - 5 * DAY)
    [row] = await doctors.rows(tables.licence)
    assert (row["present_state"], row["present_content"]) == (State.SUSPENDED, 1)
    assert row["next_change_date"] == TODAY + 5 * DAY
    await doctors.act(licence, Verb.LIFT_SUSPENSION, TODAY)
    [row] = await doctors.rows(tables.licence)
    assert (row["present_state"], row["present_content"]) == (State.REGISTERED, 1)
    assert row["next_change_date"] is None
    assert await doctors.reader().state_on([await doctors.head(licence)], TODAY + 5 * DAY) == [
        State.REGISTERED
    ]


async def test_a_suspension_of_tomorrow_is_not_yet(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY, start_date=TODAY + DAY, end_date=TODAY + 2 * DAY)
    reader, head = doctors.reader(), await doctors.head(licence)
    assert head.state is State.REGISTERED
    days = [TODAY, TODAY + DAY, TODAY + 2 * DAY, TODAY + 3 * DAY]
    assert [(await reader.state_on([head], day))[0] for day in days] == [
        State.REGISTERED,
        State.SUSPENDED,
        State.SUSPENDED,
        State.REGISTERED,
    ]
    [row] = await doctors.rows(tables.licence)
    assert (row["present_state"], row["next_change_date"]) == (State.REGISTERED, TODAY + DAY)


async def test_a_back_dated_act_that_breaks_a_later_one_changes_nothing(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY)
    finding = await doctors.refused(licence, Verb.REVOKE, TODAY - DAY)
    assert (finding.code, finding.rule, finding.path) == (
        FindingCode.WRONG_STATE,
        "register.wrong_state",
        (),
    )


async def test_undoing_a_striking_off_brings_the_suspension_back_with_its_end(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY - 5 * DAY, end_date=TODAY + 5 * DAY)
    await doctors.act(licence, Verb.STRIKE_OFF, TODAY - DAY)
    await doctors.act(licence, Verb.UNDO_STRIKE_OFF, TODAY)
    head = await doctors.head(licence)
    assert head.state is State.SUSPENDED
    ends = await doctors.reader().state_on([head], TODAY + 6 * DAY)
    assert ends == [State.REGISTERED]


async def test_a_corrected_number_moves_the_entry_and_may_not_be_anothers(doctors: Doctors) -> None:
    licence = await doctors.enter("500001")
    await doctors.enter("500002", family_name="別人")
    error_correction = {"processing_category_code": "06", "registration_number": "500002"}
    finding = await doctors.refused(licence, Verb.CORRECT, TODAY, values={"register": error_correction})
    assert (finding.code, finding.path) == (FindingCode.DUPLICATE, ("register", "registration_number"))
    moved = error_correction | {"registration_number": "500003"}
    await doctors.act(licence, Verb.CORRECT, TODAY, values={"register": moved})
    reader = doctors.reader()
    assert await reader.find_id(number=("doctor", "500003")) == licence
    assert await reader.find_id(number=("doctor", "500001")) is None


async def test_recorded_instants_rise_in_the_order_of_commits(doctors: Doctors) -> None:
    """Eight writers at once, and a reader that never sees an instant younger than one it saw later."""
    licences = [await doctors.enter(f"50000{n}") for n in range(8)]
    snapshots: list[set[tuple[Any, UUID]]] = []

    async def watch() -> None:
        while len(snapshots) < 400:
            snapshots.append({(r["recorded_at"], r["id"]) for r in await doctors.rows(tables.action)})
            await asyncio.sleep(0)
            if len(snapshots[-1]) == 16:
                return

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(doctors.act(licence, Verb.REISSUE, TODAY) for licence in licences))
    await watching
    instants = [row["recorded_at"] for row in await doctors.rows(tables.action)]
    assert len(set(instants)) == 16
    fresh = [(seen, later - seen) for seen, later in pairwise(snapshots) if later > seen]
    assert all(min(new) > max(seen) for seen, new in fresh)


async def test_two_acts_at_once_on_one_licence_leave_one(doctors: Doctors) -> None:
    licence = await doctors.enter()
    done = await asyncio.gather(
        doctors.act(licence, Verb.REISSUE, TODAY, expected_version=1),
        doctors.act(licence, Verb.CORRECT, TODAY, expected_version=1),
        return_exceptions=True,
    )
    assert [type(each) for each in done].count(StaleVersion) == 1
    assert len(await doctors.rows(tables.action)) == 2
    assert await doctors.version(licence) == 2


async def test_one_key_for_two_licences_at_once_serves_one(doctors: Doctors) -> None:
    one, two = await doctors.enter("500001"), await doctors.enter("500002")
    done = await asyncio.gather(
        doctors.act(one, Verb.REISSUE, TODAY, idempotency_key="same"),
        doctors.act(two, Verb.REISSUE, TODAY, idempotency_key="same"),
        return_exceptions=True,
    )
    [refused] = [each for each in done if isinstance(each, BaseException)]
    assert isinstance(refused, Refused)
    assert [f.code for f in refused.findings] == [FindingCode.IDEMPOTENCY_KEY_REUSED]
    assert len(await doctors.rows(tables.action)) == 3


@pytest.mark.parametrize("verb", [Verb.CORRECT, Verb.REISSUE, Verb.REVOKE])
async def test_an_act_before_the_entry_is_refused(doctors: Doctors, verb: Verb) -> None:
    licence = await doctors.enter()
    finding = await doctors.refused(licence, verb, ENTERED - DAY)
    assert finding.code is FindingCode.WRONG_STATE


async def test_acts_are_opened_as_they_were_recorded(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY)
    known = await opened(doctors, licence)
    assert [(a.number, a.verb, a.effective_date, a.order) for a in known.acts] == [
        (1, Verb.REGISTER, ENTERED, None),
        (
            2,
            Verb.SUSPEND,
            TODAY,
            Order(
                code="02", start_date=TODAY, end_date=TODAY + 9 * DAY, office_name="厚生労働大臣",
                number="医政発1号", reason="703",
            ),
        ),
    ]  # fmt: skip
    assert isinstance(known.acts[0], Act)
    assert known.acts[0].patch["register"]["family_name"] == "見本"
