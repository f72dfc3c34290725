"""The registry's reads: a licence by each of its keys, what is masked, the past, ids, and what the log keeps of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from meibo.database.stores import Store
from tests.schema.conftest import ROWS, Api, Caller, day

NUMBER, OTHER_NUMBER, WRONG_NUMBER = "123456789018", "111111111118", "123456789012"
BY = "query($by: LicenceKey!) { licence(by: $by) { id } }"
HOLDER = """
query($by: LicenceKey!) { licence(by: $by) {
  registrationNumber
  holder { fullName fullNameKana birthDate { value } sex { code label(language: EN) } redacted { item reason } }
  ... on DoctorLicence { register {
    registrationNumber familyName birthDate { value text(language: JA) } sexCode { code } domicileCode { code }
    memo redacted { item reason }
  } identity { mynaPortalPseudonymId } }
} }"""
Enter = Callable[[int], Awaitable[list[dict[str, Any]]]]


def key(kind: str, licence: dict[str, Any]) -> dict[str, Any]:
    """A licence's key of a kind."""
    return {
        "id": {"id": licence["id"]},
        "pseudonym": {"pseudonym": licence["pseudonym"]},
        "pseudonym in small letters": {"pseudonym": licence["pseudonym"].lower()},
        "register number": {
            "registrationNumber": {"profession": "doctor", "number": licence["registrationNumber"]}
        },
        "individual number": {"individualNumber": {"profession": "doctor", "number": NUMBER}},
    }[kind]


KINDS = ("id", "pseudonym", "pseudonym in small letters", "register number", "individual number")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_licence_is_found_by_each_key(api: Api, officer: Caller, kind: str) -> None:
    licence, _other = await api.register(0, number=NUMBER), await api.register(1, number=OTHER_NUMBER)
    assert await officer.ask(BY, {"by": key(kind, licence)}) == {"licence": {"id": licence["id"]}}


@pytest.mark.parametrize(
    "by",
    [
        {"id": "AAAA"},
        {"id": ""},
        {"id": "x" * 4000},
        {"pseudonym": "not-one"},
        {"registrationNumber": {"profession": "doctor", "number": "999999"}},
        {"registrationNumber": {"profession": "astronaut", "number": "100001"}},
        {"individualNumber": {"profession": "doctor", "number": OTHER_NUMBER}},
    ],
)
async def test_a_key_of_nothing_is_null_without_an_error(api: Api, officer: Caller, by: Any) -> None:
    await api.register(0, number=NUMBER)
    assert await officer.ask(BY, {"by": by}) == {"licence": None}


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ({}, "BAD_VARIABLES"),
        ({"id": "a", "pseudonym": "b"}, "BAD_VARIABLES"),
        ({"individualNumber": {"profession": "doctor", "number": WRONG_NUMBER}}, "INVALID_VALUE"),
        ({"individualNumber": {"profession": "doctor", "number": "1"}}, "INVALID_VALUE"),
        ({"individualNumber": {"profession": "astronaut", "number": NUMBER}}, "FORBIDDEN"),
    ],
)
async def test_a_key_that_is_none_is_refused_without_its_value(
    api: Api, officer: Caller, by: Any, code: str
) -> None:
    answer = await officer.send(BY, {"by": by})
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == [code]
    assert NUMBER not in answer.text
    assert WRONG_NUMBER not in answer.text


@pytest.mark.parametrize("kind", KINDS)
async def test_out_of_scope_is_as_if_it_were_not_there(api: Api, kind: str) -> None:
    licence = await api.register(0, number=NUMBER)
    stranger = await api.caller(Role.OFFICER, ("dentist",))
    answer = (await stranger.send(BY, {"by": key(kind, licence)})).json()
    assert answer["data"] == {"licence": None}
    # Only the search by number is refused aloud, whether or not somebody has that number.
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes == (["FORBIDDEN"] if kind == "individual number" else [])
    node = await stranger.ask("query($id: ID!) { node(id: $id) { id } }", {"id": licence["id"]})
    assert node == {"node": None}
    nothing = await stranger.ask("{ doctorLicences { totalCount nodes { id } } professions { code } }")
    assert nothing == {"doctorLicences": {"totalCount": 0, "nodes": []}, "professions": []}


async def test_a_number_as_a_literal_is_refused(api: Api, officer: Caller) -> None:
    given = f'{{individualNumber: {{profession: "doctor", number: "{NUMBER}"}}}}'
    query = f"{{ licence(by: {given}) {{ id }} }}"
    response = await officer.send(query)
    assert (response.status_code, NUMBER in response.text) == (400, False)
    assert response.json()["errors"][0]["extensions"]["code"] == "VARIABLES_REQUIRED"
    assert await api.leaves(LeafKind.FIND) == []


async def test_finding_by_number_needs_the_permission_and_leaves_a_leaf(api: Api, officer: Caller) -> None:
    licence = await api.register(0, number=NUMBER)
    by = {"by": key("individual number", licence)}
    viewer = await api.caller(Role.VIEWER)
    assert await viewer.refused(BY, by) == "FORBIDDEN"
    [refusal] = await api.leaves(LeafKind.REFUSAL)
    assert (refusal.account, refusal.outcome, refusal.subjects) == ("viewer-2", "FORBIDDEN", ())
    await officer.ask(BY, by)
    [found] = await api.leaves(LeafKind.FIND)
    assert (found.subjects, len(found.terms), found.profession) == ((licence["pseudonym"],), 1, "doctor")


async def test_who_may_read_personal_data_sees_the_holder(api: Api) -> None:
    licence = await api.register(0)
    clerk = await api.caller(Role.CLERK)
    seen = (await clerk.ask(HOLDER, {"by": {"id": licence["id"]}}))["licence"]
    register = seen["register"]
    assert seen["holder"]["fullName"].startswith(register["familyName"] + "　")
    assert seen["holder"]["birthDate"] == {"value": register["birthDate"]["value"]}
    assert seen["holder"]["sex"]["code"] == register["sexCode"]["code"]
    assert seen["holder"]["sex"]["label"] in ("Male", "Female")
    assert seen["holder"]["redacted"] == []
    assert register["birthDate"]["text"].endswith("日")
    assert {each["reason"] for each in register["redacted"]} == {"NO_PERMISSION"}
    assert "familyName" not in {each["item"] for each in register["redacted"]}


async def test_who_may_not_sees_null_and_why(api: Api) -> None:
    licence = await api.register(0)
    viewer = await api.caller(Role.VIEWER)
    seen = (await viewer.ask(HOLDER, {"by": {"id": licence["id"]}}))["licence"]
    hidden = [{"item": item, "reason": "NO_PERMISSION"} for item in ("fullName", "fullNameKana", "birthDate")]
    assert [each for each in seen["holder"]["redacted"] if each["item"] != "sex"] == hidden
    assert (seen["holder"]["fullName"], seen["holder"]["fullNameKana"], seen["holder"]["birthDate"]) == (
        None,
    ) * 3
    assert (seen["registrationNumber"], seen["register"]["registrationNumber"]) == (None, None)
    masked = {each["item"] for each in seen["register"]["redacted"]}
    assert {"registrationNumber", "familyName", "birthDate", "memo"} <= masked
    assert seen["identity"] == {"mynaPortalPseudonymId": None}
    assert (seen["register"]["familyName"], seen["register"]["birthDate"], seen["register"]["memo"]) == (
        None,
    ) * 3


async def test_the_interface_needs_no_fragment(api: Api, officer: Caller) -> None:
    licence = await api.register(0, number=NUMBER)
    query = """query($by: LicenceKey!) { licence(by: $by) {
      __typename id pseudonym registrationNumber registrationDate state version viewerMay
      stateLabel en: stateLabel(language: EN) then: stateLabel(on: "1950-01-01")
      profession { code name(language: EN) registerName } individualNumber { held destroyedAt }
      history { nodes { verb verbLabel en: verbLabel(language: EN) } } dispositions { state }
      at { __typename id number state stateLabel effectiveDate pluginVersion
           holder { sex { code } } dispositions { id } }
      before: at(asOf: "1950-01-01") { id }
    } }"""
    seen = (await officer.ask(query, {"by": {"id": licence["id"]}}))["licence"]
    present, version = seen.pop("at"), api.installation.host["doctor"].plugin.version
    assert present.pop("id") not in ("", licence["id"])
    assert present == {
        "__typename": "DoctorLicenceVersion", "number": 1, "state": "REGISTERED", "stateLabel": "登録中",
        "pluginVersion": version, "effectiveDate": licence["registrationDate"],
        "holder": {"sex": {"code": ROWS[0]["sex_code"]}},
        "dispositions": [],
    }  # fmt: skip
    assert seen == {
        "__typename": "DoctorLicence", "id": licence["id"], "pseudonym": licence["pseudonym"],
        "registrationNumber": licence["registrationNumber"], "registrationDate": licence["registrationDate"],
        "state": "REGISTERED", "version": 1,
        "viewerMay": ["correct", "reissue", "reprimand", "suspend", "revoke", "strikeOff"],
        "profession": {"code": "doctor", "name": "Doctor", "registerName": "医籍"},
        "individualNumber": {"held": True, "destroyedAt": None},
        "stateLabel": "登録中", "en": "Registered", "then": None,
        "history": {"nodes": [{"verb": "register", "verbLabel": "新規登録", "en": "Registration"}]},
        "dispositions": [], "before": None,
    }  # fmt: skip


async def test_the_buttons_follow_the_role(api: Api) -> None:
    licence = await api.register(0)
    query = "query($by: LicenceKey!) { licence(by: $by) { viewerMay } }"
    expected = {
        Role.VIEWER: [],
        Role.CLERK: ["correct", "reissue"],
        Role.OFFICER: ["correct", "reissue", "reprimand", "suspend", "revoke", "strikeOff"],
    }
    for role, verbs in expected.items():
        caller = await api.caller(role)
        assert await caller.ask(query, {"by": {"id": licence["id"]}}) == {"licence": {"viewerMay": verbs}}


async def test_nodes_keep_order_twins_and_gaps(api: Api, officer: Caller, entered: Enter) -> None:
    one, two = await entered(2)
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = await officer.ask(query, {"ids": [two["id"], "nothing", one["id"], two["id"]]})
    assert [node and node["id"] for node in found["nodes"]] == [two["id"], None, one["id"], two["id"]]
    assert await officer.refused(query, {"ids": [one["id"]] * 101}) == "INVALID_VALUE"


async def test_every_kind_of_node_is_found_again(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    today = clock.today()
    suspend = (
        "mutation($input: SuspendLicenceInput!) { suspendLicence(input: $input) { userErrors { rule } } }"
    )
    given = {
        "idempotencyKey": api.key(), "licenceId": licence["id"], "expectedVersion": 1, "kind": "02", "orderNumber": "7",
        "officeName": "大臣", "orderedDate": str(today), "startDate": str(today),
        "endDate": str(today + timedelta(days=9)), "reason": "701", "legalBasis": "suspend",
    }  # fmt: skip
    assert await officer.ask(suspend, {"input": given}) == {"suspendLicence": {"userErrors": []}}
    query = """query($by: LicenceKey!) { licence(by: $by) {
      history { nodes { id } } at { id } dispositions { id kind { label(language: EN) } stateLabel }
    } }"""
    seen = (await officer.ask(query, {"by": {"id": licence["id"]}}))["licence"]
    [disposition] = seen["dispositions"]
    assert (disposition["kind"], disposition["stateLabel"]) == ({"label": "Suspension of practice"}, "処分中")
    ids = [seen["at"]["id"], disposition["id"], *(action["id"] for action in seen["history"]["nodes"])]
    assert len({licence["id"], *ids}) == 5
    again = await officer.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": ids})
    kinds = ["DoctorLicenceVersion", "Disposition", "Action", "Action"]
    assert again["nodes"] == [{"__typename": t, "id": i} for t, i in zip(kinds, ids, strict=True)]
    # Each of them is as hidden as its licence.
    stranger = await api.caller(Role.OFFICER, ("dentist",))
    assert await stranger.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}) == {
        "nodes": [None] * 4
    }


AT = """query($by: LicenceKey!, $on: Date, $known: DateTime) { licence(by: $by) { id ... on DoctorLicence {
  at(asOf: $on, knownAt: $known) {
    id number state effectiveDate recordedAt holder { fullName } register { memo familyName } dispositions { id }
  }
} } }"""
CORRECT = """mutation($input: CorrectDoctorLicenceInput!) { correctDoctorLicence(input: $input) {
  licence { id version } userErrors { code rule path message }
} }"""


async def test_the_past_has_ids_of_its_own_that_never_change(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    by = {"by": {"id": licence["id"]}}
    first = (await officer.ask(AT, by))["licence"]
    assert first["id"] == licence["id"] != first["at"]["id"]
    before = clock.now().isoformat()
    given = {
        "idempotencyKey": api.key(), "licenceId": licence["id"], "expectedVersion": 1, "reason": "201",
        "legalBasis": "correct", "effectiveDate": str(clock.today()), "register": {"familyName": "改姓"},
    }  # fmt: skip
    assert (await officer.ask(CORRECT, {"input": given}))["correctDoctorLicence"] == {
        "licence": {"id": licence["id"], "version": 2},
        "userErrors": [],
    }
    now = (await officer.ask(AT, by))["licence"]["at"]
    assert (now["number"], now["register"]["familyName"]) == (2, "改姓")
    assert now["id"] != first["at"]["id"]
    yesterday = str(clock.today() - timedelta(days=1))
    for variables in ({"on": yesterday}, {"known": before}, {"on": yesterday, "known": before}):
        assert (await officer.ask(AT, by | variables))["licence"]["at"] == first["at"]
    query = """query($id: ID!) { node(id: $id) { ... on DoctorLicenceVersion {
      id number state effectiveDate recordedAt holder { fullName } register { memo familyName } dispositions { id }
    } } }"""
    assert (await officer.ask(query, {"id": first["at"]["id"]}))["node"] == first["at"]
    entry = day(licence["registrationDate"])
    assert (await officer.ask(AT, by | {"on": str(entry - timedelta(days=1))}))["licence"]["at"] is None
    assert (await officer.ask(AT, by | {"known": "2020-01-01T00:00:00Z"}))["licence"]["at"] is None


async def test_state_on_a_day(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    entry = day(licence["registrationDate"])
    query = "query($by: LicenceKey!, $on: Date!) { licence(by: $by) { state(on: $on) } }"
    for on, state in ((entry, "REGISTERED"), (entry - timedelta(days=1), None)):
        seen = await officer.ask(query, {"by": {"id": licence["id"]}, "on": str(on)})
        assert seen == {"licence": {"state": state}}


async def test_history_in_pages(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    for version in range(1, 4):
        given = {
            "idempotencyKey": api.key(), "licenceId": licence["id"], "expectedVersion": version, "reason": "301",
            "legalBasis": "reissue", "effectiveDate": str(clock.today()),
        }  # fmt: skip
        reissue = (
            "mutation($input: LicenceActInput!) { reissueLicence(input: $input) { userErrors { rule } } }"
        )
        assert (await officer.ask(reissue, {"input": given}))["reissueLicence"]["userErrors"] == []
    query = """query($by: LicenceKey!, $first: Int, $after: String, $last: Int, $before: String) {
      licence(by: $by) { history(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { number verb } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } } }"""
    by = {"by": {"id": licence["id"]}}

    async def page(**window: Any) -> tuple[list[int], dict[str, Any]]:
        history = (await officer.ask(query, by | window))["licence"]["history"]
        return [edge["node"]["number"] for edge in history["edges"]], history["pageInfo"]

    numbers, info = await page(first=3)
    assert (numbers, info["hasNextPage"], info["hasPreviousPage"]) == ([1, 2, 3], True, False)
    assert (await page(first=3, after=info["endCursor"]))[0] == [4]
    numbers, info = await page(last=2)
    assert (numbers, info["hasPreviousPage"]) == ([3, 4], True)
    assert (await page(last=2, before=info["startCursor"]))[0] == [1, 2]
    assert await officer.refused(query, by | {"first": 501}) == "INVALID_VALUE"
    assert await officer.refused(query, by | {"after": "x"}) == "BAD_CURSOR"
    assert await (await api.caller(Role.VIEWER)).refused(query, by) == "FORBIDDEN"


async def test_viewer_says_who_asks(api: Api) -> None:
    viewer = await api.caller(Role.VIEWER)
    query = "{ viewer { account institution terminal permissions professions } }"
    assert (await viewer.ask(query))["viewer"] == {
        "account": "viewer-0", "institution": "Test office", "terminal": "terminal-1",
        "permissions": ["registry:code:read", "registry:licence:read"], "professions": ["doctor"],
    }  # fmt: skip


async def test_one_leaf_for_a_request_names_every_licence_seen(
    api: Api, officer: Caller, entered: Enter
) -> None:
    made = await entered(3)
    before = len(await api.leaves(LeafKind.READ))
    query = """query Everything($by: LicenceKey!) {
      a: doctorLicences(first: 2) { nodes { holder { fullName } } }
      b: licence(by: $by) { id } c: licence(by: $by) { id }
    }"""
    await officer.ask(query, {"by": {"id": made[2]["id"]}})
    [leaf] = (await api.leaves(LeafKind.READ))[before:]
    assert set(leaf.subjects) == {
        licence["pseudonym"] for licence in made
    }  # Roots are resolved side by side.
    assert (leaf.operation, leaf.profession, leaf.count) == ("Everything", "doctor", 3)
    await officer.ask("{ doctorLicences(first: 1) { nodes { id } } }")
    assert (await api.leaves(LeafKind.READ))[-1].operation == "graphql"


async def test_what_reads_nobody_leaves_no_leaf(api: Api, officer: Caller) -> None:
    await officer.ask(
        "{ viewer { account } professions { code } ministers { validFrom } doctorLicences { totalCount } }"
    )
    assert [leaf.subjects for leaf in await api.leaves(LeafKind.READ)] == [()] * len(
        await api.leaves(LeafKind.READ)
    )


async def test_without_a_leaf_nothing_is_shown(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    api.silence(Store.AUDIT)
    response = await officer.send(HOLDER, {"by": {"id": licence["id"]}})
    assert response.status_code == 503
    [error] = response.json().pop("errors")
    assert error["extensions"]["code"] == "AUDIT_UNAVAILABLE"
    assert "data" not in response.json()
    assert licence["registrationNumber"] not in response.text


NESTED = """query($first: Int!) { doctorLicences(first: $first) { totalCount nodes {
  id registrationDate state(on: "2024-01-01") holder { fullName birthDate { value } } individualNumber { held }
  identity { redacted { item } } register { familyName } practiceReport { address } reeducation { redacted { item } }
  residentRecords { redacted { item } } familyRegisters { redacted { item } } numbers { redacted { item } }
  dispositions { id } at { id register { familyName } dispositions { id } residentRecords { redacted { item } } }
  past: at(asOf: "2024-01-01") { id holder { fullName } familyRegisters { redacted { item } } }
} } }"""


async def test_statements_do_not_grow_with_the_page(api: Api, officer: Caller, entered: Enter) -> None:
    await entered(5)
    await officer.ask("{ viewer { account } }")  # From here on the token is known.
    counts: dict[Store, list[int]] = {}
    for store in (Store.REGISTER, Store.LINKS, Store.NUMBERS):
        for first in (1, 5):
            with api.statements(store) as asked:
                seen = await officer.ask(NESTED, {"first": first})
            assert len(seen["doctorLicences"]["nodes"]) == first
            counts.setdefault(store, []).append(len(asked))
    assert {store: one for store, (one, _) in counts.items()} == {s: five for s, (_, five) in counts.items()}
    assert 0 < counts[Store.REGISTER][1] < 40


async def test_an_auditor_sees_who_looked(api: Api, officer: Caller, entered: Enter) -> None:
    [made] = await entered(1)
    by = {"by": {"id": made["id"]}}
    await officer.ask("query Look($by: LicenceKey!) { licence(by: $by) { holder { fullName } } }", by)
    await api.installation.sequencer.run_once()
    auditor = await api.caller(Role.AUDITOR)
    query = "query($by: LicenceKey!) { licence(by: $by) { accesses(first: 1) { kind operation outcome purpose } } }"
    told = await auditor.ask(query, by)
    assert told["licence"]["accesses"] == [
        {"kind": "read", "operation": "Look", "outcome": "ok", "purpose": None}
    ]


async def test_what_fails_in_one_root_is_answered_in_another(api: Api, officer: Caller) -> None:
    """graphql-core gives up what stands beside a failure; what others wait for too must go on."""
    licence = await api.register(0)
    query = """query($by: LicenceKey!) {
      failing: licence(by: $by) { registrationDate history(after: "AAAA") { nodes { id } } }
      other: licence(by: $by) { registrationDate }
    }"""
    response = await officer.send(query, {"by": {"id": licence["id"]}})
    answer = response.json()
    assert (response.status_code, [e["path"] for e in answer["errors"]]) == (200, [["failing", "history"]])
    assert answer["data"] == {"failing": None, "other": {"registrationDate": licence["registrationDate"]}}
