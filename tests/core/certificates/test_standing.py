"""From the office's act to the published list, on both databases: what flips, in the same commit, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.certificates.encoding import decode
from meibo.certificates.entries import Draft, Entries, Format
from meibo.certificates.jws import read
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.standing import EndReason
from meibo.certificates.status.indices import Indices, Medium
from meibo.certificates.status.lists import Status, unpack
from meibo.certificates.status.publishing import BEAT, Publisher
from meibo.certificates.status.targets import FolderTarget
from meibo.certificates.tables import certificate, status_list
from meibo.errors import Refused
from meibo.installation import Installation
from meibo.register import tables
from meibo.register.fold import State, Verb
from tests.core.certificates.world import World
from tests.core.register.doctors import DAY, TODAY, Doctors

LISTS = "https://meibo.example/status/"
VALID, INVALID, SUSPENDED = Status


class Office:
    """Doctors with certificates, and what their lists say."""

    def __init__(self, installation: Installation, world: World, folder: Path) -> None:
        self.doctors = Doctors(installation)
        self.database = installation.register
        self.scope = installation.scopes.of("doctor")
        self.entries = Entries(self.database, Indices(installation.keys), LISTS)
        self.folder = folder
        self.publisher = Publisher(
            self.database, (self.scope,), lambda _: world.signers[Purpose.STATUS], LISTS, FolderTarget(folder)
        )

    async def issue(self, licence: UUID, *, medium: Medium = Medium.DIGITAL, count: int = 1) -> None:
        """Enter certificates that last 90 days, or ten years on paper."""
        days = 90 if medium is Medium.DIGITAL else 3650
        ends = clock.today() + timedelta(days=days)
        draft = Draft(format=Format.SD_JWT, claims=["full_name"], medium=medium, expiry_date=ends)
        await self.entries.enter(self.scope, [licence] * count, draft)

    async def rows(self) -> list[Any]:
        """The certificates as they are stored."""
        async with self.database.read([self.scope]) as connection:
            return list((await connection.execute(select(certificate))).all())

    async def stored(self) -> list[int]:
        """The statuses as they are stored."""
        return [row.status for row in await self.rows()]

    async def published(self) -> list[int]:
        """The statuses as the published lists say them."""
        return [self.told(row.status_list_id)[row.status_index] for row in await self.rows()]

    def told(self, list: str) -> Any:
        """A list as it is published."""
        payload = read((self.folder / list).read_bytes()).payload
        assert payload["sub"] == LISTS + list
        return unpack(payload["status_list"]["bits"], decode(payload["status_list"]["lst"].encode()))

    async def lists(self) -> list[Any]:
        """The lists as they are stored."""
        async with self.database.read() as connection:
            return list((await connection.execute(select(status_list).order_by(status_list.c.number))).all())


@pytest.fixture
def office(installation: Installation, world: World, tmp_path: Path) -> Office:
    return Office(installation, world, tmp_path / "status")


def move_to(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon of a day."""
    monkeypatch.setattr(clock, "now", lambda: clock.start_of_day(day) + timedelta(hours=12))


ENDING: Mapping[Verb, Status] = {
    Verb.SUSPEND: SUSPENDED,
    Verb.REVOKE: INVALID,
    Verb.STRIKE_OFF: INVALID,
}


@pytest.mark.parametrize("verb", ENDING)
async def test_one_change_of_standing_flips_every_instance(office: Office, verb: Verb) -> None:
    licence, other = await office.doctors.enter(), await office.doctors.enter("500002")
    await office.issue(licence, count=2)
    await office.issue(licence, medium=Medium.PAPER)
    await office.issue(other)
    assert await office.publisher.publish_due() != []
    assert await office.published() == [VALID] * 4

    await office.doctors.act(licence, verb)

    flipped = [ENDING[verb]] * 3 + [VALID]
    assert sorted(await office.stored()) == sorted(flipped)
    assert len(await office.publisher.publish_due()) == 2
    assert await office.published() == await office.stored()
    assert await office.publisher.publish_due() == []


async def test_a_measure_that_is_lifted_flips_back(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    for verb, status in (
        (Verb.SUSPEND, SUSPENDED),
        (Verb.LIFT_SUSPENSION, VALID),
        (Verb.STRIKE_OFF, INVALID),
    ):
        await office.doctors.act(licence, verb)
        assert await office.stored() == [status]


async def test_an_act_that_is_refused_flips_nothing(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    before = await office.lists()

    with pytest.raises(Refused):
        await office.doctors.act(licence, Verb.STRIKE_OFF, reason="999")

    assert (await office.stored(), await office.lists()) == ([VALID], before)


async def test_a_suspension_begins_and_ends_by_the_date_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.doctors.act(licence, Verb.SUSPEND, start_date=TODAY + DAY, end_date=TODAY + 10 * DAY)
    assert await office.stored() == [VALID]

    told = []
    for days in (0, 1, 2, 10, 11):
        day = TODAY + days * DAY
        move_to(day, monkeypatch)
        flipped = await office.publisher.midnight(day)
        await office.publisher.publish_due()
        [row] = await office.doctors.rows(tables.licence)
        told.append((days, flipped, await office.published(), row["present_state"]))
    assert told == [
        (0, 0, [VALID], State.REGISTERED),
        (1, 1, [SUSPENDED], State.SUSPENDED),
        (2, 0, [SUSPENDED], State.SUSPENDED),
        (10, 0, [SUSPENDED], State.SUSPENDED),
        (11, 1, [VALID], State.REGISTERED),
    ]
    async with office.database.read([office.scope]) as connection:
        assert (await connection.execute(select(tables.licence.c.next_change_date))).scalars().all() == [None]


async def test_a_midnight_that_was_missed_is_made_up_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.doctors.act(licence, Verb.SUSPEND, start_date=TODAY + DAY, end_date=TODAY + 30 * DAY)

    day = TODAY + 5 * DAY
    move_to(day, monkeypatch)
    assert await office.publisher.midnight(day) == 1
    assert await office.stored() == [SUSPENDED]


async def test_a_correction_of_what_certificates_say_ends_them_for_good(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": "新姓"}})
    await office.issue(licence)

    ended = {row.end_reason: row.status for row in await office.rows()}
    assert ended == {"superseded": INVALID, None: VALID}


async def test_another_correction_leaves_them(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.doctors.act(licence, Verb.CORRECT, values={"register": {"domicile_code": "27"}})

    assert await office.stored() == [VALID]


async def test_an_instance_that_its_holder_withdrew_never_comes_back(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence, count=2)
    lost = (await office.rows())[0].id

    assert await office.entries.end(office.scope, licence, EndReason.WITHDRAWN, lost) == 1
    assert await office.entries.end(office.scope, licence, EndReason.WITHDRAWN, lost) == 0
    await office.doctors.act(licence, Verb.SUSPEND)
    await office.doctors.act(licence, Verb.LIFT_SUSPENSION)

    assert {row.id == lost: row.status for row in await office.rows()} == {True: INVALID, False: VALID}


@pytest.mark.parametrize("verb", ENDING)
async def test_a_licence_that_does_not_stand_has_no_certificate(office: Office, verb: Verb) -> None:
    licence = await office.doctors.enter()
    await office.doctors.act(licence, verb)

    with pytest.raises(Refused) as refused:
        await office.issue(licence)
    assert [f.rule for f in refused.value.findings] == ["certificate.licence_does_not_stand"]
    assert (await office.rows(), await office.lists()) == ([], [])


async def test_an_act_waits_for_an_issue_and_flips_it(office: Office) -> None:
    """Both at once, in whatever order: no certificate stays valid of a licence that was struck off."""
    licence = await office.doctors.enter()
    await office.issue(licence)
    issues = [office.issue(licence) for _ in range(5)]
    done = await asyncio.gather(
        *issues, office.doctors.act(licence, Verb.STRIKE_OFF), *[office.issue(licence) for _ in range(5)],
        return_exceptions=True,
    )  # fmt: skip

    assert all(isinstance(each, Refused) for each in done if isinstance(each, BaseException))
    assert set(await office.stored()) == {INVALID}


async def test_a_change_while_publishing_is_published_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.publisher.publish_due()
    await office.doctors.act(licence, Verb.SUSPEND)
    put = FolderTarget.put

    async def put_while_revoked(target: FolderTarget, name: str, content: bytes, media_type: str) -> None:
        await put(target, name, content, media_type)
        if (await office.stored()) == [SUSPENDED]:
            await office.doctors.act(licence, Verb.REVOKE)

    monkeypatch.setattr(FolderTarget, "put", put_while_revoked)
    assert len(await office.publisher.publish_due()) == 1
    assert await office.published() == [SUSPENDED]
    assert len(await office.publisher.publish_due()) == 1
    assert await office.published() == [INVALID]
    assert [row.dirty_at for row in await office.lists()] == [None]


async def test_two_processes_may_publish_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one puts an older list over the newer one, sees that it was not alone, and leaves the list due."""
    licence = await office.doctors.enter()
    await office.issue(licence)
    await office.publisher.publish_due()
    await office.doctors.act(licence, Verb.SUSPEND)
    put, overtaken = FolderTarget.put, asyncio.Event()

    async def put_slowly(target: FolderTarget, name: str, content: bytes, media_type: str) -> None:
        if not overtaken.is_set():
            overtaken.set()
            await office.doctors.act(licence, Verb.REVOKE)
            assert len(await office.publisher.publish_due()) == 1
            assert await office.published() == [INVALID]
        await put(target, name, content, media_type)

    monkeypatch.setattr(FolderTarget, "put", put_slowly)
    await office.publisher.publish_due()
    assert await office.published() == [SUSPENDED]
    assert len(await office.publisher.publish_due()) == 1
    assert await office.published() == [INVALID]
    assert await office.publisher.publish_due() == []


@pytest.mark.slow
async def test_two_that_run_at_once_come_to_rest(office: Office) -> None:
    licences = [await office.doctors.enter(str(number)) for number in range(500001, 500005)]
    for licence in licences:
        await office.issue(licence)
    stop = asyncio.Event()
    running = [asyncio.create_task(office.publisher.run(stop, every=0.2)) for _ in range(2)]
    for licence in licences:
        await office.doctors.act(licence, Verb.SUSPEND)
    await eventually(office, [SUSPENDED] * 4)
    await asyncio.sleep(2)
    stop.set()
    await asyncio.gather(*running)

    assert await office.published() == [SUSPENDED] * 4
    assert await office.publisher.publish_due() == []


async def test_a_target_that_fails_leaves_the_change_due(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    office.folder.write_text("no folder")
    with pytest.raises(OSError, match="exists"):
        await office.publisher.publish_due()
    office.folder.unlink()

    assert len(await office.publisher.publish_due()) == 1


async def test_lists_are_published_anew_every_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.issue(await office.doctors.enter())
    assert len(await office.publisher.publish_due()) == 1
    assert await office.publisher.publish_due() == []

    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1, seconds=1))
    assert len(await office.publisher.publish_due()) == 1


async def test_the_age_of_lists_is_told(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    [unpublished] = await office.publisher.ages()
    await office.publisher.publish_due()
    [clean] = await office.publisher.ages()
    await office.doctors.act(licence, Verb.SUSPEND)
    [dirty] = await office.publisher.ages()

    assert (unpublished.published_at, unpublished.dirty_at) == (None, None)
    assert clean.published_at is not None
    assert clean.dirty_at is None
    assert dirty.dirty_at is not None
    assert dirty.dirty_at > clean.published_at == dirty.published_at


async def eventually(office: Office, statuses: list[Status]) -> None:
    """Wait until that is published."""
    for _ in range(1200):
        with suppress(FileNotFoundError):
            if await office.published() == statuses:
                return
        await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_running_publisher_tells_within_a_minute(office: Office) -> None:
    licence = await office.doctors.enter()
    await office.issue(licence)
    stop = asyncio.Event()
    running = asyncio.create_task(office.publisher.run(stop))
    await eventually(office, [VALID])
    await office.doctors.act(licence, Verb.STRIKE_OFF)
    since = asyncio.get_running_loop().time()
    await eventually(office, [INVALID])
    took = asyncio.get_running_loop().time() - since
    stop.set()
    await running

    assert took < 60
    assert took < BEAT + 5  # A beat, and what signing takes.
