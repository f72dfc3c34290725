"""Reading: every filter, both orders, walks that stay whole while others write, and what is noted of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, text

from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.audit.log import AuditLog
from meibo.database.direct.statements import Statement
from meibo.database.paging import PageRequest
from meibo.database.stores import Store
from meibo.errors import AuditUnavailable, BadCursor, Forbidden
from meibo.identity import NumberKind
from meibo.register.fold import State, Verb
from meibo.register.search import SearchKind
from meibo.registry.filtering import DateRange, ListFilter, Order, narrowed
from meibo.registry.readlog import ReadLog
from meibo.registry.selecting import VERSION, Along, heads
from meibo.registry.views import RedactionReason
from meibo.values import names
from tests.core.register.doctors import OFFICER, TODAY, Doctors
from tests.installed import principal

OWN = Along("doctor", is_brief=True)
UP, DOWN = Order.REGISTRATION_NUMBER_ASC, Order.REGISTRATION_NUMBER_DESC
PEOPLE: Sequence[dict[str, str]] = (
    {
        "number": "1",
        "family_name": "齋藤",
        "family_name_kana": "サイトウ",
        "registration_date": "2016-05-02",
        "forwarding_prefecture_code": "13",
    },
    {
        "number": "2",
        "family_name": "斎藤",
        "family_name_kana": "サイトウ",
        "registration_date": "2016-05-03",
        "forwarding_prefecture_code": "27",
    },
    {
        "number": "10",
        "family_name": "山田",
        "family_name_kana": "ヤマダ",
        "registration_date": "2016-05-02",
        "birth_date": "1990-XX-XX",
    },
    {
        "number": "20",
        "family_name": "山口",
        "family_name_kana": "ヤマグチ",
        "registration_date": "2016-05-01",
    },
)


@pytest.fixture
async def five(doctors: Doctors) -> Doctors:
    """Four people, and a fifth who is suspended."""
    for person in PEOPLE:
        await doctors.enter(**person)
    last = await doctors.enter("100", registration_date="2016-05-04")
    await doctors.act(last, Verb.SUSPEND, TODAY)
    return doctors


async def listed(doctors: Doctors, order: Order = UP, **narrowed: Any) -> list[str]:
    """The register numbers of a list; it, its count and what the licences' own rows say agree."""
    reader, filter = doctors.reader(), ListFilter(**narrowed)
    page = await reader.page("doctor", filter, order, PageRequest())
    assert await reader.count("doctor", filter, page.known_at) == len(page.nodes)
    own = await reader.page("doctor", filter, order, PageRequest(), OWN)
    assert [(h.id, h.state, h.content) for h in own.nodes] == [(h.id, h.state, h.content) for h in page.nodes]
    return [head.registration_number for head in page.nodes]


def by(doctors: Doctors, kind: SearchKind, term: str) -> dict[str, Any]:
    return {"hashes": [doctors.reader().name_hash("doctor", kind, term)]}


async def test_orders(five: Doctors) -> None:
    assert await listed(five, UP) == ["1", "2", "10", "20", "100"]
    assert await listed(five, DOWN) == ["100", "20", "10", "2", "1"]
    ascending = await listed(five, Order.REGISTRATION_DATE_ASC)
    assert (ascending[0], set(ascending[1:3]), ascending[3:]) == ("20", {"1", "10"}, ["2", "100"])
    assert await listed(five, Order.REGISTRATION_DATE_DESC) == ascending[::-1]


@pytest.mark.parametrize(
    ("kind", "term", "expected"),
    [
        (SearchKind.FULL, names.name_key("齋藤花子"), ["1"]),
        (SearchKind.FULL, names.name_key("斎藤花子"), ["2"]),
        (SearchKind.FULL_FOLDED, names.folded_name_key("斎藤花子"), ["1", "2"]),
        (SearchKind.FAMILY, names.name_key("山田"), ["10"]),
        (SearchKind.FAMILY_FOLDED, names.folded_name_key("齋藤"), ["1", "2"]),
        (SearchKind.KANA_PREFIX, names.kana_key("ヤマ"), ["10", "20"]),
        (SearchKind.KANA_PREFIX, names.kana_key("やまぐちはなこ"), ["20"]),
        (SearchKind.KANA_PREFIX, names.kana_key("マダ"), []),
        (SearchKind.BIRTH_DATE, "1990-XX-XX", ["10"]),
        (SearchKind.BIRTH_DATE, "1990-01-15", ["1", "2", "20", "100"]),
        (SearchKind.FAMILY, "1990-01-15", []),
    ],
)
async def test_searches(five: Doctors, kind: SearchKind, term: str, expected: list[str]) -> None:
    assert await listed(five, **by(five, kind, term)) == expected


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"states": [State.SUSPENDED]}, ["100"]),
        ({"states": [State.REGISTERED, State.SUSPENDED]}, ["1", "2", "10", "20", "100"]),
        ({"states": []}, []),
        (
            {"items": {"register.registration_date": DateRange(date(2016, 5, 2), date(2016, 5, 3))}},
            ["1", "2", "10"],
        ),
        ({"items": {"register.registration_date": DateRange(start=date(2016, 5, 3))}}, ["2", "100"]),
        ({"items": {"register.registration_date": DateRange(end=date(2016, 5, 1))}}, ["20"]),
        ({"items": {"register.registration_date": DateRange()}}, ["1", "2", "10", "20", "100"]),
        ({"items": {"register.forwarding_prefecture_code": ["13", "27"]}}, ["1", "2"]),
        ({"items": {"register.registration_number": "10"}}, ["10"]),
        (
            {
                "items": {
                    "register.forwarding_prefecture_code": ["13"],
                    "register.registration_date": DateRange(date(2016, 5, 3)),
                }
            },
            [],
        ),
        (
            {
                "states": [State.SUSPENDED],
                "items": {"register.registration_date": DateRange(date(2016, 5, 4))},
            },
            ["100"],
        ),
    ],
)
async def test_filters(five: Doctors, narrowed: dict[str, Any], expected: list[str]) -> None:
    assert await listed(five, **narrowed) == expected


@pytest.mark.parametrize("order", [UP, DOWN, Order.REGISTRATION_DATE_ASC])
async def test_a_list_of_one_office_follows_who_moved(doctors: Doctors, order: Order) -> None:
    moving = await doctors.enter("1", forwarding_prefecture_code="13")
    await doctors.enter("2", forwarding_prefecture_code="27")
    tokyo, osaka = ({"register.forwarding_prefecture_code": [code]} for code in ("13", "27"))
    assert await listed(doctors, order, items=tokyo) == ["1"]
    await doctors.act(moving, Verb.CORRECT, values={"register": {"forwarding_prefecture_code": "27"}})
    assert await listed(doctors, order, items=tokyo) == []
    assert sorted(await listed(doctors, order, items=osaka)) == ["1", "2"]


async def test_a_list_of_one_office_is_read_by_the_index_that_sorts_it(five: Doctors) -> None:
    """Millions of licences of other offices, and the thousands of this one after the page, are not looked at."""
    one = ListFilter(items={"register.forwarding_prefecture_code": ["13"]}).shape()
    two = ListFilter(items={"register.forwarding_prefecture_code": ["13", "27"]}).shape()
    doctor = five.installation.host["doctor"]
    told = [
        Statement(narrowed(heads(bound=False, past=False, one=True), doctor, shape, order, VERSION)[0])
        .on(False)
        .sql
        for shape, order in ((one, UP), (one, Order.REGISTRATION_DATE_ASC), (two, UP))
    ]
    assert ["licence.office = " in sql for sql in told] == [True, False, False]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("backward", [False, True])
async def test_a_walk_is_whole_while_others_write(five: Doctors, order: Order, backward: bool) -> None:
    """Between two pages one is entered, one is corrected and one struck off: the walk shows none of it."""
    expected = await listed(five, order)
    reader, seen = five.reader(), list[str]()
    cursor, known_at, size = None, None, 2
    for round_ in range(10):
        asked = PageRequest(last=size, before=cursor) if backward else PageRequest(first=size, after=cursor)
        page = await reader.page("doctor", ListFilter(), order, asked, OWN)
        numbers = [head.registration_number for head in page.nodes]
        seen = numbers + seen if backward else seen + numbers
        known_at = known_at or page.known_at
        assert page.known_at == known_at
        assert all(head.state is not State.STRUCK_OFF for head in page.nodes)
        more, cursor = (page.has_previous, page.cursors[0]) if backward else (page.has_next, page.cursors[-1])
        if not more:
            break
        if round_ == 0:
            await five.enter("15", registration_date="2016-05-02")
            [struck] = [await five.reader().find_id(number=("doctor", "20"))]
            assert struck is not None
            await five.act(struck, Verb.STRIKE_OFF, TODAY)
    assert seen == expected


async def test_a_cursor_belongs_to_its_query(five: Doctors) -> None:
    page = await five.reader().page("doctor", ListFilter(), UP, PageRequest(first=1))
    after = PageRequest(first=1, after=page.cursors[0])
    for filter, order in ((ListFilter(), DOWN), (ListFilter(states=[State.SUSPENDED]), UP)):
        with pytest.raises(BadCursor):
            await five.reader().page("doctor", filter, order, after)
    other = five.installation.reader(principal(account="colleague"), "test")
    with pytest.raises(BadCursor):
        await other.page("doctor", ListFilter(), UP, after)


@contextmanager
def statements(five: Doctors) -> Iterator[list[str]]:
    """Every SELECT that is sent meanwhile."""
    sent: list[str] = []
    five.installation.register.heard.append(sent.append)

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "set_config" not in statement:
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        five.installation.register.heard.remove(sent.append)


async def test_a_page_of_any_size_takes_as_many_statements(five: Doctors) -> None:
    counts = []
    for size in (1, 5):
        reader = five.reader()
        with statements(five) as sent:
            page = await reader.page("doctor", ListFilter(), UP, PageRequest(first=size))
            await reader.groups("register", page.nodes)
            await reader.replies("resident_record", page.nodes)
            await reader.dispositions(page.nodes)
            await reader.number_statuses(page.nodes, NumberKind.INDIVIDUAL_NUMBER)
        assert len(page.nodes) == size
        counts.append(len(sent))
    assert counts == [7, 7]


async def test_licences_by_id_keep_the_order_asked_for(five: Doctors) -> None:
    ids = [await five.reader().find_id(number=("doctor", n)) for n in ("20", "1")]
    asked = [id for id in ids if id] + [uuid4()]
    asked += asked[:1]
    heads = await five.reader().heads(asked)
    assert [h and h.registration_number for h in heads] == ["20", "1", None, "20"]


@pytest.mark.parametrize("given", ["00000000001", "１", " 1"])
async def test_a_register_number_is_found_however_it_is_written(five: Doctors, given: str) -> None:
    found = await five.reader().find_id(number=("doctor", given))
    assert found is not None
    assert (await five.head(found)).registration_number == "1"


async def test_pseudonyms_are_found_and_nonsense_is_not(five: Doctors) -> None:
    found = await five.reader().find_id(number=("doctor", "1"))
    assert found is not None
    head = await five.head(found)
    assert await five.reader().find_id(pseudonym=head.pseudonym) == found
    for nonsense in ("", "x", head.pseudonym[:-1], head.portal_alias):
        assert await five.reader().find_id(pseudonym=nonsense) is None


async def test_a_stranger_sees_nothing(five: Doctors) -> None:
    found = await five.reader().find_id(number=("doctor", "1"))
    assert found is not None
    head = await five.head(found)
    for stranger in (
        principal(professions={"nurse"}),
        principal(without=frozenset({Permission.LICENCE_READ})),
    ):
        reader = five.installation.reader(stranger, "test")
        assert await reader.find_id(number=("doctor", "1")) is None
        assert await reader.find_id(pseudonym=head.pseudonym) is None
        assert await reader.heads([found]) == [None]
        assert await reader.versions([head.version_id]) == [None]


async def test_a_viewer_sees_no_personal_item(five: Doctors) -> None:
    viewer = principal(Role.VIEWER)
    reader = five.installation.reader(viewer, "test")
    page = await reader.page("doctor", ListFilter(), UP, PageRequest(first=1))
    [view] = await reader.groups("register", page.nodes)
    hidden = {r.item for r in view.redacted}
    assert {r.reason for r in view.redacted} == {RedactionReason.NO_PERMISSION}
    assert {"family_name", "birth_date", "memo", "fine_category"} <= hidden
    assert not hidden & {n for n, v in view.values.items() if v is not None}
    assert view.values["received_date"] == date(2016, 4, 8)
    with pytest.raises(Forbidden):
        reader.name_hash("doctor", SearchKind.FAMILY, "山田")
    with pytest.raises(Forbidden):
        await reader.history(page.nodes[0], PageRequest())


async def test_the_holder_is_put_together(five: Doctors) -> None:
    reader = five.reader()
    page = await reader.page("doctor", ListFilter(), UP, PageRequest(first=1))
    [head] = page.nodes
    assert reader.holder_groups(head) == ("register",)
    [register] = await reader.groups("register", [head])
    holder = reader.holder(head, {"register": register})
    assert {n: str(v) for n, v in holder.values.items() if n != "birth_date"} == {
        "full_name": "齋藤　花子",
        "full_name_kana": "サイトウ　ハナコ",
        "sex": "2",
    }
    assert holder.redacted == ()


async def test_the_history_pages_both_ways(doctors: Doctors) -> None:
    licence = await doctors.enter()
    for verb in (Verb.SUSPEND, Verb.REISSUE, Verb.LIFT_SUSPENSION):
        await doctors.act(licence, verb, TODAY)
    reader, head = doctors.reader(), await doctors.head(licence)
    first = await reader.history(head, PageRequest(first=3))
    assert [(a.verb, a.reason) for a in first.nodes] == [
        ("register", "101"),
        ("suspend", "703"),
        ("reissue", "301"),
    ]
    rest = await reader.history(head, PageRequest(first=3, after=first.cursors[-1]))
    assert ([a.verb for a in rest.nodes], rest.has_next) == (["lift_suspension"], False)
    last = await reader.history(head, PageRequest(last=2))
    assert ([a.number for a in last.nodes], last.has_previous) == ([3, 4], True)
    before = await reader.history(head, PageRequest(last=2, before=last.cursors[0]))
    assert ([a.number for a in before.nodes], before.has_previous) == ([1, 2], False)
    found = await reader.action(head, last.nodes[0].id)
    assert found == last.nodes[0]
    assert await reader.action(head, uuid4()) is None


MEASURES = {"reprimand", "suspend", "revoke"}


@pytest.mark.parametrize(
    ("role", "state", "verbs"),
    [
        (Role.OFFICER, State.REGISTERED, {"correct", "reissue", *MEASURES, "strike_off"}),
        (Role.OFFICER, State.SUSPENDED, {"correct", "reissue", *MEASURES, "strike_off"}),
        (Role.CLERK, State.SUSPENDED, {"correct", "reissue"}),
        (Role.VIEWER, State.REGISTERED, set()),
    ],
)
async def test_what_the_viewer_may_do_now(five: Doctors, role: Role, state: State, verbs: set[str]) -> None:
    reader = five.installation.reader(principal(role), "test")
    page = await reader.page("doctor", ListFilter(states=[state]), UP, PageRequest(first=1))
    assert {str(verb) for verb in reader.viewer_may(page.nodes[0])} == verbs


async def recorded(doctors: Doctors, after: int) -> list[Leaf]:
    """The leaves but for the first so many."""
    async with doctors.installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
        return [decode(body).leaf for body in bodies][after:]


async def test_one_leaf_tells_of_a_request(five: Doctors) -> None:
    before = len(await recorded(five, 0))
    reader = five.reader()
    page = await reader.page("doctor", ListFilter(**by_with(reader)), UP, PageRequest())
    await reader.heads([head.id for head in page.nodes])
    assert len(await recorded(five, before)) == 0
    await reader.log.write()
    [leaf] = await recorded(five, before)
    assert (leaf.kind, leaf.operation, leaf.profession, leaf.count) == (LeafKind.READ, "test", "doctor", 1)
    assert leaf.subjects == tuple(head.pseudonym for head in page.nodes)
    assert (len(leaf.terms), "山田" in repr(leaf)) == (1, False)
    await reader.log.write()
    assert len(await recorded(five, before)) == 1


def by_with(reader: Any) -> dict[str, Any]:
    return {"hashes": [reader.name_hash("doctor", SearchKind.FAMILY, "山田")]}


async def test_a_search_that_finds_nothing_is_told_too(doctors: Doctors) -> None:
    reader = doctors.reader()
    await reader.page("doctor", ListFilter(**by_with(reader)), UP, PageRequest())
    await reader.log.write()
    [leaf] = await recorded(doctors, 0)
    assert (leaf.subjects, leaf.count, len(leaf.terms)) == ((), 0, 1)


async def test_leaves_of_two_professions_have_nothing_in_common(doctors: Doctors) -> None:
    log = ReadLog(doctors.installation.audit, OFFICER, "both")
    for code in ("doctor", "nurse"):
        log.saw(code, [f"{code}-1"])
        log.searched(code, "山田")
    await log.write()
    one, two = await recorded(doctors, 0)
    assert (one.profession, one.subjects, two.profession, two.subjects) == (
        "doctor",
        ("doctor-1",),
        "nurse",
        ("nurse-1",),
    )
    assert not set(one.terms) & set(two.terms)


async def test_nothing_may_be_shown_where_the_leaf_cannot_be_written(doctors: Doctors) -> None:
    closed = doctors.installation.databases[Store.AUDIT]
    broken = type(closed)(f"sqlite+aiosqlite:///{doctors.installation.settings.path('no/such/folder.db')}")
    log = ReadLog(AuditLog(broken, doctors.installation.keys), OFFICER, "test")
    log.saw("doctor", ["x"])
    with pytest.raises(AuditUnavailable):
        await log.write()
    await broken.close()


async def test_stored_instants_are_aware(doctors: Doctors) -> None:
    licence: UUID = await doctors.enter()
    at: datetime = (await doctors.head(licence)).recorded_at
    assert at.utcoffset() is not None
