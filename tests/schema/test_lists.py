"""Lists: every filter, every order, pages both ways, counting, limits, and cursors that belong to one query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from tests.schema.conftest import ROWS, Api, Caller

Enter = Callable[[int], Awaitable[list[dict[str, Any]]]]
LIST = """
query($filter: DoctorLicenceFilter, $orderBy: LicenceOrder! = REGISTRATION_NUMBER_ASC,
      $first: Int, $after: String, $last: Int, $before: String) {
  doctorLicences(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } } nodes { registrationNumber registrationDate }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
COUNT = "query($filter: DoctorLicenceFilter) { doctorLicences(filter: $filter, first: 0) { totalCount nodes { id } } }"


async def listed(caller: Caller, **variables: Any) -> tuple[list[str], dict[str, Any]]:
    """The register numbers of a page, and the page's connection."""
    connection = (await caller.ask(LIST, variables))["doctorLicences"]
    numbers = [node["registrationNumber"] for node in connection["nodes"]]
    assert len(connection["edges"]) == len(numbers)
    return numbers, connection


def numbers_where(wanted: Callable[[dict[str, str]], bool]) -> list[str]:
    """The register numbers of the rows that a filter should find, in order."""
    return sorted((row["registration_number"] for row in ROWS if wanted(row)), key=int)


FIRST = ROWS[0]
FILTERS: dict[str, tuple[dict[str, Any], Callable[[dict[str, str]], bool]]] = {
    "nothing": ({}, lambda row: True),
    "register number": (
        {"registrationNumber": FIRST["registration_number"]},
        lambda row: row["registration_number"] == FIRST["registration_number"],
    ),
    "one day": (
        {"registrationDate": {"from": ROWS[3]["registration_date"], "to": ROWS[3]["registration_date"]}},
        lambda row: row["registration_date"] == ROWS[3]["registration_date"],
    ),
    "from a day": (
        {"registrationDate": {"from": ROWS[2]["registration_date"]}},
        lambda row: row["registration_date"] >= ROWS[2]["registration_date"],
    ),
    "to a day": (
        {"registrationDate": {"to": ROWS[2]["registration_date"]}},
        lambda row: row["registration_date"] <= ROWS[2]["registration_date"],
    ),
    "prefectures": (
        {"forwardingPrefectureIn": [ROWS[1]["forwarding_prefecture_code"], ROWS[4]["forwarding_prefecture_code"]]},
        lambda row: row["forwarding_prefecture_code"]
        in (ROWS[1]["forwarding_prefecture_code"], ROWS[4]["forwarding_prefecture_code"]),
    ),
    "no prefecture": ({"forwardingPrefectureIn": []}, lambda row: False),
    "standing": ({"stateIn": ["REGISTERED"]}, lambda row: True),
    "not standing": ({"stateIn": ["SUSPENDED", "REVOKED", "STRUCK_OFF"]}, lambda row: False),
    "full name": (
        {"name": {"full": FIRST["family_name"] + FIRST["given_name"]}},
        lambda row: (row["family_name"], row["given_name"]) == (FIRST["family_name"], FIRST["given_name"]),
    ),
    "full name with a blank, as given": (
        {"name": {"full": f"{FIRST['family_name']}　{FIRST['given_name']}", "foldVariants": False}},
        lambda row: (row["family_name"], row["given_name"]) == (FIRST["family_name"], FIRST["given_name"]),
    ),
    "family name": (
        {"name": {"family": FIRST["family_name"]}},
        lambda row: row["family_name"] == FIRST["family_name"],
    ),
    "beginning of the reading": (
        {"name": {"kanaPrefix": FIRST["family_name_kana"][:2]}},
        lambda row: row["family_name_kana"].startswith(FIRST["family_name_kana"][:2]),
    ),
    "beginning in hiragana": (
        {"name": {"kanaPrefix": "".join(chr(ord(c) - 0x60) for c in FIRST["family_name_kana"][:2])}},
        lambda row: row["family_name_kana"].startswith(FIRST["family_name_kana"][:2]),
    ),
    "birth date": ({"birthDate": ROWS[5]["birth_date"]}, lambda row: row["birth_date"] == ROWS[5]["birth_date"]),
    "name and birth date": (
        {"name": {"family": FIRST["family_name"]}, "birthDate": ROWS[5]["birth_date"]},
        lambda row: (row["family_name"], row["birth_date"]) == (FIRST["family_name"], ROWS[5]["birth_date"]),
    ),
    "nobody's name": ({"name": {"full": "誰某"}}, lambda row: False),
}  # fmt: skip


async def test_every_filter(api: Api, officer: Caller, entered: Enter) -> None:
    await entered(len(ROWS))
    found = {name: (await listed(officer, filter=given))[0] for name, (given, _) in FILTERS.items()}
    assert found == {name: numbers_where(wanted) for name, (_, wanted) in FILTERS.items()}
    assert len(found["full name"]) >= 1
    assert 0 < len(found["from a day"]) < len(ROWS)
    counted = {
        name: (await officer.ask(COUNT, {"filter": given}))["doctorLicences"]
        for name, (given, _) in FILTERS.items()
    }
    assert counted == {name: {"totalCount": len(numbers), "nodes": []} for name, numbers in found.items()}


async def test_state_in_follows_the_standing(api: Api, officer: Caller, entered: Enter) -> None:
    licence, _other = await entered(2)
    revoke = "mutation($input: RevokeLicenceInput!) { revokeLicence(input: $input) { userErrors { rule } } }"
    given = {
        "idempotencyKey": "k", "licenceId": licence["id"], "expectedVersion": 1, "kind": "03", "orderNumber": "1",
        "officeName": "大臣", "orderedDate": str(clock.today()), "reason": "701", "legalBasis": "revoke",
    }  # fmt: skip
    assert await officer.ask(revoke, {"input": given}) == {"revokeLicence": {"userErrors": []}}
    assert (await listed(officer, filter={"stateIn": ["REVOKED"]}))[0] == [licence["registrationNumber"]]
    assert len((await listed(officer, filter={"stateIn": ["REVOKED", "REGISTERED"]}))[0]) == 2


ORDERS: dict[str, Callable[[dict[str, str]], Any]] = {
    "REGISTRATION_NUMBER": lambda row: int(row["registration_number"]),
    "REGISTRATION_DATE": lambda row: row["registration_date"],
}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("by", ORDERS)
async def test_every_order_walked_both_ways(
    api: Api, officer: Caller, entered: Enter, by: str, direction: str
) -> None:
    await entered(len(ROWS))
    order = f"{by}_{direction}"
    expected = [
        row["registration_number"] for row in sorted(ROWS, key=ORDERS[by], reverse=direction == "DESC")
    ]
    assert (await listed(officer, orderBy=order))[0] == expected
    assert await walked(officer, order, forward=True) == expected
    assert await walked(officer, order, forward=False) == expected


async def walked(caller: Caller, order: str, *, forward: bool) -> list[str]:
    """The register numbers of all pages of three, put together in reading order."""
    seen: list[str] = []
    window: dict[str, Any] = {"first" if forward else "last": 3}
    for page in range(3):
        numbers, connection = await listed(caller, orderBy=order, **window)
        seen = seen + numbers if forward else numbers + seen
        info = connection["pageInfo"]
        assert info["hasNextPage" if forward else "hasPreviousPage"] is (page < 2)
        assert info["hasPreviousPage" if forward else "hasNextPage"] is (page > 0)
        assert info["startCursor"] == connection["edges"][0]["cursor"]
        assert info["endCursor"] == connection["edges"][-1]["cursor"]
        window |= {"after": info["endCursor"]} if forward else {"before": info["startCursor"]}
    return seen


async def test_pages_share_the_instant_of_the_first(api: Api, officer: Caller, entered: Enter) -> None:
    await entered(3)
    _, first = await listed(officer, first=2)
    await api.register(3)
    rest, _ = await listed(officer, after=first["pageInfo"]["endCursor"])
    assert rest == [numbers_where(lambda row: row in ROWS[:3])[2]]
    assert len((await listed(officer))[0]) == 4


async def test_fifty_unless_asked_otherwise(api: Api, officer: Caller) -> None:
    with api.statements() as asked:
        await listed(officer)
    assert any("LIMIT" in statement for statement in asked)
    assert (await listed(officer, first=0))[0] == []
    assert (await listed(officer, first=500))[0] == []


@pytest.mark.parametrize("window", [{"first": 501}, {"first": -1}, {"last": 501}, {"first": 1, "last": 1}])
async def test_a_size_is_never_silently_cut(api: Api, officer: Caller, window: Any) -> None:
    assert await officer.refused(LIST, window) == "INVALID_VALUE"


async def test_counted_only_when_selected(api: Api, officer: Caller, entered: Enter) -> None:
    await entered(2)
    with api.statements() as uncounted:
        await officer.ask("{ doctorLicences { nodes { id } } }")
    with api.statements() as counted:
        assert await officer.ask("{ doctorLicences { totalCount nodes { id } } }")
    assert [each for each in uncounted if "count(*)" in each] == []
    assert len([each for each in counted if "count(*)" in each]) == 1
    assert len(counted) <= len(uncounted) + 2


async def test_a_cursor_belongs_to_its_query_and_caller(api: Api, officer: Caller, entered: Enter) -> None:
    await entered(3)
    cursor = (await listed(officer, first=1))[1]["pageInfo"]["endCursor"]
    other = await api.caller(Role.CLERK)
    swapped = "B" if cursor[20] == "A" else "A"
    altered = cursor[:20] + swapped + cursor[21:]
    for caller, variables in (
        (officer, {"after": cursor, "orderBy": "REGISTRATION_DATE_DESC"}),
        (officer, {"after": cursor, "filter": {"stateIn": ["REGISTERED"]}}),
        (officer, {"after": altered}),
        (officer, {"before": "x"}),
        (officer, {"after": "日本"}),
        (officer, {"after": ""}),
        (other, {"after": cursor}),
    ):
        assert await caller.refused(LIST, variables) == "BAD_CURSOR", variables
    assert len((await listed(officer, after=cursor))[0]) == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": {"kanaPrefix": "サ"}}, "INVALID_VALUE"),
        ({"name": {"kanaPrefix": "サトウタロウジロウサ"}}, "INVALID_VALUE"),
        ({"birthDate": "昭和25年5月3日"}, "INVALID_VALUE"),
        ({"birthDate": "1950-02-31"}, "INVALID_VALUE"),
        ({"registrationDate": {"from": "1950-02-31"}}, "BAD_VARIABLES"),
        ({"stateIn": ["ASLEEP"]}, "BAD_VARIABLES"),
        ({"address": "東京"}, "BAD_VARIABLES"),
    ],
)
async def test_a_filter_that_means_nothing_is_refused_without_its_value(
    api: Api, officer: Caller, given: Any, code: str
) -> None:
    response = await officer.send(LIST, {"filter": given})
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    for value in ("サトウ", "昭和", "1950", "ASLEEP", "東京"):
        assert value not in response.text


SEARCHES = (
    {"name": {"full": "見本太郎"}},
    {"birthDate": "1950-05-03"},
    {"registrationNumber": "100001"},
    {"registrationDate": {"from": "2000-01-01"}},
)


@pytest.mark.parametrize("given", SEARCHES)
async def test_what_is_masked_narrows_nothing(api: Api, given: Any) -> None:
    viewer = await api.caller(Role.VIEWER)
    assert await viewer.refused(LIST, {"filter": given}) == "FORBIDDEN"
    [refusal] = await api.leaves(LeafKind.REFUSAL)
    assert (refusal.account, refusal.operation, refusal.outcome) == (
        "viewer-0",
        "doctorLicences",
        "FORBIDDEN",
    )
    assert await api.leaves(LeafKind.READ) == []


async def test_a_search_leaves_its_terms_hashed(api: Api, officer: Caller) -> None:
    name = FIRST["family_name"]
    for _ in range(2):
        assert (await listed(officer, filter={"name": {"family": name}}))[0] == []
    once, again = await api.leaves(LeafKind.READ)
    assert (once.subjects, len(once.terms), once.terms) == ((), 1, again.terms)
    assert name not in once.terms[0]
