"""The present, read from the licences' own rows alone, and from versions wherever these do not say it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meibo import clock
from meibo.certificates.standing import midnight
from meibo.database.paging import Page, PageRequest
from meibo.register.fold import State, Verb
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.selecting import Along
from meibo.registry.views import Head
from tests.core.register.doctors import DAY, TODAY, Doctors
from tests.core.registry.conftest import Later

OWN = Along("doctor", is_brief=True)


@pytest.fixture
def asked(doctors: Doctors) -> Iterator[list[bool]]:
    """Whether each statement looks at the days on which versions hold."""
    found: list[bool] = []

    def hear(sql: str) -> None:
        found.append("licence_span" in sql)

    doctors.installation.register.heard.append(hear)
    yield found
    doctors.installation.register.heard.remove(hear)


async def page(doctors: Doctors, after: str | None = None) -> Page[Head]:
    request = PageRequest(first=1, after=after)
    return await doctors.reader().page("doctor", ListFilter(), Order.REGISTRATION_NUMBER_ASC, request, OWN)


async def test_a_walk_that_nobody_disturbs_reads_no_span(doctors: Doctors, asked: list[bool]) -> None:
    for number in ("1", "2"):
        await doctors.enter(number)
    asked.clear()
    first = await page(doctors)
    second = await page(doctors, first.cursors[0])
    assert [head.registration_number for head in (*first.nodes, *second.nodes)] == ["1", "2"]
    assert asked == [False, False]
    assert second.nodes[0].recorded_at == first.known_at


async def test_a_walk_goes_on_from_spans_once_a_licence_has_changed(
    doctors: Doctors, asked: list[bool]
) -> None:
    await doctors.enter("1")
    struck = await doctors.enter("2")
    first = await page(doctors)
    await doctors.act(struck, Verb.STRIKE_OFF)
    asked.clear()
    second = await page(doctors, first.cursors[0])
    assert [head.state for head in second.nodes] == [State.REGISTERED]
    assert asked == [False, True]


async def test_what_has_fallen_due_is_read_from_spans_until_midnights_work_is_done(
    doctors: Doctors, later: Later, asked: list[bool]
) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, start_date=TODAY + DAY, end_date=TODAY + 2 * DAY)
    before = [*(await page(doctors)).nodes, await doctors.reader().licence(id=licence, along=OWN)]
    assert [head and head.state for head in before] == [State.REGISTERED] * 2
    later(DAY)
    asked.clear()
    due = [*(await page(doctors)).nodes, await doctors.reader().licence(id=licence, along=OWN)]
    assert [head and head.state for head in due] == [State.SUSPENDED] * 2
    assert asked == [False, True, False, True]
    installation = doctors.installation
    scopes = installation.scopes.numbers.values()
    await midnight(installation.register, scopes, TODAY + DAY, clock.now())
    asked.clear()
    done = [*(await page(doctors)).nodes, await doctors.reader().licence(id=licence, along=OWN)]
    assert [head and head.state for head in done] == [State.SUSPENDED] * 2
    assert asked == [False, False]


async def test_a_brief_head_does_not_make_up_what_it_has_not_read(doctors: Doctors) -> None:
    await doctors.enter()
    [head] = (await page(doctors)).nodes
    with pytest.raises(AssertionError, match="brief"):
        _ = head.version_id
