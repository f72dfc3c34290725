"""The views of pharmacists: history, dispositions, daily counts; computed, masked and fenced as their sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import LeafKind
from meibo.errors import Forbidden, InvalidValue
from meibo.items.views import FIELDS, View
from meibo.register.fold import Verb
from meibo.registry.filtering import DateRange
from meibo.registry.viewing import ViewReader
from meibo.registry.views import GroupView
from tests.installed import principal
from tests.plugins.pharmacist.conftest import CLERK, OFFICER, Pharmacists
from tests.schema.conftest import Api

pytestmark = pytest.mark.anyio

CORRECTED, STOPPED = date(2021, 6, 1), date(2022, 4, 1)
VIEWER = principal(Role.VIEWER, {"pharmacist"})
LICENCES = """query($number: String!) { licence(by: {registrationNumber: {profession: "pharmacist", number: $number}}) {
  ... on PharmacistLicence {
    registerHistory { sortOrder familyName sexCode { code } rollCorrectionDate redacted { item } }
    dispositionRecords {
      recordIdentificationNumber registrationId dispositionDate dispositionCode { code label }
      dispositionPeriodStart dispositionPeriodEnd dispositionPeriodYears dispositionPeriodMonths
      dispositionDocumentNumber passDatePresenceCode { code } remarks dispositionStatusCode { code }
    }
    at(asOf: "2021-05-31") { registerHistory { sortOrder familyName }
      dispositionRecords { dispositionDate } }
} } }"""
LIST = "{ pharmacistLicences { nodes { registerHistory { familyName } dispositionRecords { dispositionDate } } } }"


async def eventful(pharmacists: Pharmacists, number: str = "600001") -> Any:
    """A pharmacist who took another name, and was suspended for a year and two months."""
    licence = await pharmacists.enter(number, registration_id=number)
    renamed = {"register": {"family_name": "新見本", "pass_date_presence_code": "1"}}
    await pharmacists.act(licence, Verb.CORRECT, "201", CORRECTED, values=renamed)
    await pharmacists.act(licence, Verb.SUSPEND, "793", STOPPED, end_date=date(2023, 5, 31))
    return licence


def shown(rows: list[GroupView], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(name) for name in names) for row in rows]


async def test_the_history_has_a_row_for_each_version(pharmacists: Pharmacists) -> None:
    licence = await eventful(pharmacists)
    reader = ViewReader(pharmacists.installation.reader(OFFICER, "test"))
    heads = [await pharmacists.head(licence), await pharmacists.head(licence, as_of=CORRECTED)]
    now, then = await reader.rows("register_history", heads)
    assert shown(now, "sort_order", "family_name", "roll_correction_date") == [
        (1, "見本", None),
        (2, "新見本", CORRECTED),
        (3, "新見本", CORRECTED),  # Suspended,
        (4, "新見本", CORRECTED),  # and no longer.
    ]
    assert shown(then, "sort_order", "family_name") == [(1, "見本"), (2, "新見本")]


async def test_a_back_dated_act_is_no_history_of_a_version_that_did_not_know_it(
    pharmacists: Pharmacists,
) -> None:
    licence = await pharmacists.enter()
    before = await pharmacists.head(licence, as_of=STOPPED)
    await pharmacists.act(
        licence, Verb.CORRECT, "201", CORRECTED, values={"register": {"family_name": "新見本"}}
    )
    reader = ViewReader(pharmacists.installation.reader(OFFICER, "test"))
    [rows] = await reader.rows("register_history", [before])
    assert shown(rows, "family_name") == [("見本",)]


async def test_a_history_needs_its_permission_and_masks_as_the_register_does(
    pharmacists: Pharmacists,
) -> None:
    head = await pharmacists.head(await eventful(pharmacists))
    reader = pharmacists.installation.reader(VIEWER, "test")
    with pytest.raises(Forbidden):
        await ViewReader(reader).rows("register_history", [head])
    assert await ViewReader(reader).rows("disposition", [head]) == [[]]
    auditor = principal(Role.AUDITOR, {"pharmacist"})
    [rows] = await ViewReader(pharmacists.installation.reader(auditor, "test")).rows(
        "register_history", [head]
    )
    assert shown(rows[:1], "sort_order", "registration_category_code", "family_name") == [(1, "01", None)]
    assert "family_name" in {r.item for r in rows[0].redacted}
    clerk = pharmacists.installation.reader(CLERK, "test")
    [rows] = await ViewReader(clerk).rows("register_history", [head])
    assert [r.item for r in rows[0].redacted] == ["fine_category"]


async def test_the_api_shows_history_and_dispositions(pharmacists: Pharmacists, api: Api) -> None:
    await eventful(pharmacists)
    officer = await api.caller(Role.OFFICER, ("pharmacist",))
    told = (await officer.ask(LICENCES, {"number": "600001"}))["licence"]
    assert told["registerHistory"][:2] == [
        {
            "sortOrder": 1, "familyName": "見本", "sexCode": {"code": "2"}, "rollCorrectionDate": None, "redacted": [],
        },
        {
            "sortOrder": 2, "familyName": "新見本", "sexCode": {"code": "2"}, "rollCorrectionDate": "2021-06-01",
            "redacted": [],
        },
    ]  # fmt: skip
    assert told["dispositionRecords"] == [
        {
            "recordIdentificationNumber": 1,
            "registrationId": 600001,
            "dispositionDate": "2022-04-01",
            "dispositionCode": {"code": "02", "label": "業務停止"},
            "dispositionPeriodStart": "2022-04-01",
            "dispositionPeriodEnd": "2023-05-31",
            "dispositionPeriodYears": 1,
            "dispositionPeriodMonths": 2,
            "dispositionDocumentNumber": "薬発1号",
            "passDatePresenceCode": {"code": "1"},
            "remarks": None,
            "dispositionStatusCode": {"code": "1"},
        }
    ]
    assert told["at"]["registerHistory"] == [{"sortOrder": 1, "familyName": "見本"}]
    [read] = [leaf for leaf in await api.leaves(LeafKind.READ) if leaf.account != "tester"]
    assert len(read.subjects) == 1


async def test_views_cost_the_same_for_any_number_of_licences(pharmacists: Pharmacists, api: Api) -> None:
    officer = await api.caller(Role.OFFICER, ("pharmacist",))
    asked = []
    for number in ("600001", "600002", "600003"):
        await eventful(pharmacists, number)
        with api.statements() as statements:
            nodes = (await officer.ask(LIST))["pharmacistLicences"]["nodes"]
        assert len(nodes[-1]["registerHistory"]) == 4
        asked.append(len(statements))
    assert asked[0] == asked[2]


async def test_daily_counts_go_by_day_and_category(pharmacists: Pharmacists, api: Api) -> None:
    days = ("2020-05-01", "2020-05-01", "2020-05-02", "2020-07-01")
    for number, day in enumerate(days, 600001):
        await pharmacists.enter(str(number), registration_id=str(number), registration_date=day)
    await pharmacists.enter("600009", registration_id="9", registration_category_code="02")
    viewer = await api.caller(Role.VIEWER, ("pharmacist",))
    query = """query($from: Date!, $to: Date!) { pharmacistDailyCounts(firstDay: $from, lastDay: $to) {
      registrationDay registrationCategoryCode { code } processedCount redacted { item } } }"""
    told = await viewer.ask(query, {"from": "2020-05-01", "to": "2020-06-30"})
    assert [
        (r["registrationDay"], r["registrationCategoryCode"]["code"], r["processedCount"], r["redacted"])
        for r in told["pharmacistDailyCounts"]
    ] == [("2020-05-01", "01", 2, []), ("2020-05-01", "02", 1, []), ("2020-05-02", "01", 1, [])]
    assert [leaf for leaf in await api.leaves(LeafKind.READ) if leaf.account != "tester"] == []
    assert await viewer.refused(query, {"from": "2020-01-01", "to": "2021-01-01"}) == "INVALID_VALUE"


async def test_daily_counts_need_permission_and_count_ones_own_offices_alone(
    pharmacists: Pharmacists,
) -> None:
    await pharmacists.enter(forwarding_prefecture_code="13")
    await pharmacists.enter("600002", registration_id="8", forwarding_prefecture_code="27")
    period = DateRange(date(2020, 5, 1), date(2021, 5, 1))

    async def counted(who: Any, days: DateRange = period) -> list[int]:
        reader = ViewReader(pharmacists.installation.reader(who, "test"))
        rows = await reader.counts("pharmacist", "daily_count", days)
        return [row.values["processed_count"] for row in rows]

    bound = type(CLERK)(**{f: getattr(CLERK, f) for f in CLERK.__slots__} | {"offices": frozenset({"27"})})
    assert (await counted(CLERK), await counted(bound)) == ([2], [1])
    nobody = principal(professions={"pharmacist"}, without=frozenset({Permission.LICENCE_READ}))
    for who in (nobody, principal(Role.CLERK, {"doctor"})):
        with pytest.raises(Forbidden):
            await counted(who)
    for days in (DateRange(None, date(2020, 5, 1)), DateRange(date(2020, 5, 2), date(2020, 5, 1))):
        with pytest.raises(InvalidValue):
            await counted(CLERK, days)


def test_every_field_of_a_view_is_known() -> None:
    assert FIELDS.keys() == set(View)
