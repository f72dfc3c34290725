"""Lists that are walked by key: each row once, in order, whatever comes in between; on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select

from meibo.crypto.keys import KeyProvider
from meibo.database.paging import LARGEST_SIZE, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import Order, Walk, walk, whole
from meibo.errors import BadCursor
from meibo.installation import Installation
from meibo.jobs import JobState
from meibo.jobs.tables import job

AT = datetime(2026, 4, 1, 3, 4, 5, 678901, tzinfo=UTC)
OLDEST_FIRST = Order((job.c.priority, job.c.enqueued_at, job.c.id))
NEWEST_FIRST = Order((job.c.enqueued_at, job.c.id), newest_first=True)
STATEMENT = select(job.c.id, job.c.enqueued_at, job.c.priority)


def row(minutes: int, priority: int = 1) -> dict[str, Any]:
    return {
        "id": uuid4(), "kind": "test.note", "payload": "{}", "state": JobState.WAITING, "priority": priority,
        "due_at": AT, "attempts": 0, "fence": 0, "enqueued_at": AT + timedelta(minutes=minutes),
    }  # fmt: skip


@pytest.fixture
async def register(installation: Installation) -> Database:
    async with installation.register.write() as work:
        await work.connection.execute(delete(job))
        await work.commit()
    return installation.register


@pytest.fixture
def keys(installation: Installation) -> KeyProvider:
    return installation.keys


async def enter(register: Database, *rows: dict[str, Any]) -> None:
    async with register.write() as work:
        await work.connection.execute(insert(job), list(rows))
        await work.commit()


async def ids(register: Database, way: Walk, request: PageRequest) -> tuple[list[UUID], bool, bool, str]:
    """(ids of a page, has next, has previous, the last cursor)."""
    async with register.read() as connection:
        page = await way.page(connection, STATEMENT, request)
    return [each.id for each in page.nodes], page.has_next, page.has_previous, page.cursors[-1]


@pytest.mark.parametrize("order", [OLDEST_FIRST, NEWEST_FIRST], ids=["oldest first", "newest first"])
async def test_each_row_is_seen_once_and_in_order_both_ways(
    register: Database, keys: KeyProvider, order: Order
) -> None:
    rows = [row(minutes, priority) for minutes in (0, 0, 1, 1, 2) for priority in (1, 2)]
    await enter(register, *rows)
    names = [column.name for column in order.columns]
    rows.sort(key=lambda each: [each[name] for name in names], reverse=order.newest_first)
    sorted_ids = [each["id"] for each in rows]
    way = walk(keys, "test", order, "shape")
    first, has_next, has_previous, cursor = await ids(register, way, PageRequest(first=4))
    assert (first, has_next, has_previous) == (sorted_ids[:4], True, False)
    await enter(register, row(9, 0) if order.newest_first else row(-9, 0))  # Before what has been seen.
    second = await ids(register, way, PageRequest(first=6, after=cursor))
    assert second[:3] == (sorted_ids[4:], False, True)
    last, has_next, has_previous, last_cursor = await ids(register, way, PageRequest(last=3))
    assert (last, has_next, has_previous) == (sorted_ids[-3:], False, True)
    assert await ids(register, way, PageRequest(last=3)) == (last, has_next, has_previous, last_cursor)
    back = await ids(register, way, PageRequest(last=3, before=second[3]))
    assert back[:3] == (sorted_ids[-4:-1], True, True)


async def test_a_cursor_of_another_list_or_shape_opens_nothing(register: Database, keys: KeyProvider) -> None:
    await enter(register, row(0))
    *_, cursor = await ids(register, walk(keys, "test", NEWEST_FIRST, "mine"), PageRequest())
    for other in (
        walk(keys, "test", NEWEST_FIRST, "yours"),
        walk(keys, "other", NEWEST_FIRST, "mine"),
    ):
        with pytest.raises(BadCursor):
            await ids(register, other, PageRequest(after=cursor))


async def test_the_whole_of_a_list_is_more_than_a_page(register: Database, keys: KeyProvider) -> None:
    await enter(register, *(row(minutes) for minutes in range(LARGEST_SIZE + 1)))
    way = walk(keys, "test", NEWEST_FIRST)
    async with register.read() as connection:
        found = await whole(lambda request: way.page(connection, STATEMENT, request))
    assert len({each.id for each in found}) == LARGEST_SIZE + 1
    assert all(a.enqueued_at > b.enqueued_at for a, b in pairwise(found))
