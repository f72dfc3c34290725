"""Who passed is forgotten when its time is over, by the clock; that there was a list is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from meibo import clock
from meibo.exchange.inbound.forgetting import FORGET, OPERATION
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.jobs import Worker
from tests.core.exchange.conftest import drained
from tests.core.exchange.inbound.conftest import PROFESSION, Centre, passed
from tests.core.exchange.inbound.test_papers import leaves
from tests.core.exchange.inbound.test_passes import CLERK, sent, standing

SHIPPED = 10
"""Years for which lists are kept, unless somebody says otherwise."""


async def a_day_goes_by(centre: Centre, until: datetime) -> None:
    """It is that instant, and a worker does what falls due."""
    centre.time.ahead = until - centre.time.real()
    handlers = [each for each in centre.installation.handlers if each.kind is FORGET]
    await drained(Worker(centre.installation.register, handlers))


async def kept(centre: Centre) -> list[tuple[UUID, int, bool]]:
    """(list, rows, forgotten) of each list."""
    entries = await centre.rows(pass_entry)
    return [
        (row.list, sum(each.list_id == row.id for each in entries), row.forgotten_at is not None)
        for row in sorted(await centre.rows(pass_list), key=lambda row: (row.received_at, row.year))
    ]


async def test_a_list_is_kept_for_ten_years_after_that_of_the_examination(centre: Centre) -> None:
    old, new, year = uuid4(), uuid4(), clock.today().year
    await sent(centre, passed(birth_date="1995-01-15"), year=2020, list=old)
    await sent(centre, passed("K2"), passed("K3", given_name="一郎"), year=year, list=new)
    last_day = clock.start_of_day(clock.today().replace(year=2020 + SHIPPED, month=12, day=31))
    await a_day_goes_by(centre, last_day)
    assert await kept(centre) == [(old, 1, False), (new, 2, False)]
    assert await standing(centre) == "passed"
    await a_day_goes_by(centre, last_day + timedelta(days=1))
    assert await kept(centre) == [(old, 0, True), (new, 2, False)]
    assert await standing(centre) == "no_list"
    assert await leaves(centre, OPERATION) == [(OPERATION, "done", (), None), (OPERATION, "intent", (), None)]
    first, second = await centre.inbound.passes.listed(CLERK, PROFESSION)
    assert first.forgotten_at is not None
    assert (first.count, clock.japan_day(first.forgotten_at), second.forgotten_at) == (1, clock.today(), None)


async def test_a_list_that_was_replaced_is_kept_for_thirty_days_more(centre: Centre) -> None:
    wrong, right, replaced_at = uuid4(), uuid4(), clock.now()
    await sent(centre, passed(family_name="手本"), list=wrong)
    await sent(centre, passed(), list=right, replaces=str(wrong))
    await a_day_goes_by(centre, replaced_at + timedelta(days=29))
    assert await kept(centre) == [(wrong, 1, False), (right, 1, False)]
    await a_day_goes_by(centre, replaced_at + timedelta(days=31))
    assert await kept(centre) == [(wrong, 0, True), (right, 1, False)]
    assert await standing(centre) == "passed"


async def test_a_forgotten_list_that_comes_again_is_nothing_new(centre: Centre) -> None:
    list_ = uuid4()
    await sent(centre, passed(), list=list_)
    await a_day_goes_by(centre, clock.now() + timedelta(days=365 * 20))
    before = await leaves(centre, OPERATION)
    await sent(centre, passed(), list=list_)
    await a_day_goes_by(centre, clock.now() + timedelta(days=1))
    assert await kept(centre) == [(list_, 0, True)]
    assert await leaves(centre, OPERATION) == before
