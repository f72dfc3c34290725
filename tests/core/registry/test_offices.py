"""Receiving offices (経由機関) see and keep their own entries alone; what no two licences may share is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text, update

from meibo.database.paging import PageRequest
from meibo.database.stores import Store
from meibo.errors import FindingCode, Refused
from meibo.installation import migrate
from meibo.register import tables
from meibo.register.fold import Verb
from meibo.registry.filtering import ListFilter, Order
from meibo.settings import Settings
from tests.core.register.doctors import ENTERED, OFFICER, Doctors, asking, values

TOKYO, OSAKA = "13", "27"
BOUND = replace(OFFICER, account="tokyo", offices=frozenset({TOKYO}))
ITEM = ("register", "forwarding_prefecture_code")


@pytest.fixture
def tokyo(doctors: Doctors) -> Doctors:
    """The register as the prefecture of Tokyo reaches it."""
    return replace(doctors, officer=BOUND)


async def test_an_office_sees_its_own_entries_alone(doctors: Doctors, tokyo: Doctors) -> None:
    own = await doctors.enter("500001", forwarding_prefecture_code=TOKYO)
    others = [
        await doctors.enter("500002", forwarding_prefecture_code=OSAKA),
        await doctors.enter("500003"),
    ]
    reader, order = tokyo.reader(), Order.REGISTRATION_NUMBER_ASC
    page = await reader.page("doctor", ListFilter(), order, PageRequest())
    assert [head.id for head in page.nodes] == [own]
    assert await reader.count("doctor", ListFilter(), page.known_at) == 1
    heads = [await doctors.head(licence) for licence in others]
    assert await reader.heads(others) == [None, None]
    assert await reader.versions([head.version_id for head in heads]) == [None, None]
    assert [await reader.find_id(number=("doctor", n)) for n in ("500001", "500002")] == [own, None]
    assert [await reader.find_id(pseudonym=head.pseudonym) for head in heads] == [None, None]


async def test_an_office_keeps_its_own_entries_alone(doctors: Doctors, tokyo: Doctors) -> None:
    own = await tokyo.enter("500001", forwarding_prefecture_code=TOKYO)
    other = await doctors.enter("500002", forwarding_prefecture_code=OSAKA)
    request = asking(Verb.REISSUE, licence=other, expected_version=1)
    with pytest.raises(Refused) as unknown:
        await doctors.installation.office.act(BOUND, Verb.REISSUE, request)
    assert [(f.code, f.path) for f in unknown.value.findings] == [(FindingCode.NOT_FOUND, ("licence_id",))]
    moved = {"register": {"forwarding_prefecture_code": OSAKA}}
    away = await tokyo.refused(own, Verb.CORRECT, values=moved)
    assert (away.code, away.rule, away.path) == (FindingCode.RULE_BROKEN, "office.own", ITEM)
    for theirs in (OSAKA, None):
        with pytest.raises(Refused) as refused:
            await tokyo.enter("500003", forwarding_prefecture_code=theirs)
        assert [(f.rule, f.path) for f in refused.value.findings] == [("office.own", ITEM)]
    await doctors.act(own, Verb.CORRECT, values=moved)
    assert await tokyo.reader().heads([own]) == [None]


async def test_the_database_fences_offices_too(doctors: Doctors) -> None:
    if doctors.installation.register.is_sqlite:
        return
    for number, office in (("500001", TOKYO), ("500002", OSAKA)):
        await doctors.enter(number, forwarding_prefecture_code=office)
    scope = doctors.installation.scopes.numbers.values()
    statement = text("SELECT registration_number FROM licence ORDER BY 1")
    both = ["500001", "500002"]
    for offices, seen in (
        (None, both), ([TOKYO], both[:1]), ([], []), (["*13"], []), ([OSAKA, TOKYO], both),
    ):  # fmt: skip
        async with doctors.installation.register.read(scope, offices) as connection:
            assert list(await connection.scalars(statement)) == seen
    async with doctors.installation.register.read() as connection:
        await connection.execute(text("SELECT set_config('app.scope', :s, true)"), {"s": f"{{{min(scope)}}}"})
        assert list(await connection.scalars(statement)) == []


async def test_migrating_places_entries_at_their_offices(doctors: Doctors, settings: Settings) -> None:
    licence = await doctors.enter("500001", forwarding_prefecture_code=TOKYO)
    await doctors.enter("500002")
    scope = doctors.installation.scopes.numbers.values()
    async with doctors.installation.databases[Store.REGISTER].write(scope) as work:
        await work.connection.execute(update(tables.licence).values(office=OSAKA))
        await work.commit()
    await migrate(settings, doctors.installation.host)
    rows = await doctors.rows(tables.licence)
    assert {row["id"] == licence: row["office"] for row in rows} == {True: TOKYO, False: None}


async def test_a_unique_value_stands_once(doctors: Doctors) -> None:
    first = await doctors.enter("500001", registration_id="7")
    second = await doctors.enter("500002", registration_id="8")
    taken = (FindingCode.DUPLICATE, "item.unique", ("register", "registration_id"))
    again = values("500003", registration_id="7")
    request = asking(Verb.REGISTER, ENTERED, values=again)
    with pytest.raises(Refused) as refused:
        await doctors.installation.office.register(OFFICER, "doctor", request)
    [finding] = refused.value.findings
    assert (finding.code, finding.rule, finding.path) == taken
    finding = await doctors.refused(second, Verb.CORRECT, values={"register": {"registration_id": "7"}})
    assert (finding.code, finding.rule, finding.path) == taken
    await doctors.act(first, Verb.CORRECT, values={"register": {"registration_id": None}})
    await doctors.act(second, Verb.CORRECT, values={"register": {"registration_id": "7"}})
