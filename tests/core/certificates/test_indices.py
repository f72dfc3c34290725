"""Indices: a permutation that needs the key, and lists that follow one another, on both databases."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.certificates.status.indices import Indices, Medium, Place, period, permuted
from meibo.certificates.status.lists import SIZE
from meibo.certificates.tables import status_list
from meibo.crypto.keys import Key
from meibo.installation import Installation

KEY, OTHER = Key("a", 1, b"a" * 32), Key("b", 1, b"b" * 32)
TODAY = clock.today()
ENDS = TODAY + timedelta(days=90)


@pytest.mark.slow
def test_every_index_is_given_out_once() -> None:
    assert len({permuted(KEY, position) for position in range(SIZE)}) == SIZE


def test_indices_follow_the_key_alone() -> None:
    first = [permuted(KEY, position) for position in range(100)]

    assert first == [permuted(KEY, position) for position in range(100)]
    assert set(first).isdisjoint(range(5))
    assert first != [permuted(OTHER, position) for position in range(100)]
    assert max(first) > SIZE // 2 > min(first)


def test_lists_are_by_month_of_the_end_or_year_of_the_paper() -> None:
    issued, ends = date(2026, 11, 25), date(2027, 2, 23)

    assert period(Medium.DIGITAL, issued, ends) == "2027-02"
    assert period(Medium.PAPER, issued, ends) == "2026"


async def take(installation: Installation, count: int) -> list[Place]:
    """Take so many, and commit."""
    async with installation.register.write() as work:
        places = await Indices(installation.keys).take(work.connection, Medium.DIGITAL, TODAY, ENDS, count)
        await work.commit()
    return places


async def lists(installation: Installation) -> list[tuple[int, int]]:
    """Number and used indices of each list."""
    async with installation.register.read() as connection:
        rows = select(status_list.c.number, status_list.c.used).order_by(status_list.c.number)
        return [(row.number, row.used) for row in await connection.execute(rows)]


async def test_the_next_list_begins_when_one_is_full(installation: Installation) -> None:
    [first] = await take(installation, 1)
    async with installation.register.write() as work:
        await work.connection.execute(update(status_list).values(used=SIZE - 2))
        await work.commit()
    places = await take(installation, 5)

    assert [place.list == first.list for place in places] == [True, True, False, False, False]
    assert len({place.list for place in places}) == 2
    assert await lists(installation) == [(1, SIZE), (2, 3)]


async def test_what_is_not_committed_was_never_given_out(installation: Installation) -> None:
    await take(installation, 1)
    async with installation.register.write() as work:
        lost = await Indices(installation.keys).take(work.connection, Medium.DIGITAL, TODAY, ENDS, 3)
    kept = await take(installation, 3)

    assert (lost, await lists(installation)) == (kept, [(1, 4)])


async def test_two_who_begin_the_first_list_share_it(installation: Installation) -> None:
    taken = await asyncio.gather(*(take(installation, 2) for _ in range(4)))
    places = [place for each in taken for place in each]

    assert len(set(places)) == 8
    assert await lists(installation) == [(1, 8)]
