"""Checks of all holders at the registry's API: runs by two people, a queue, both sides, verdicts, rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import strawberry

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from meibo.checking.outcomes import Life
from meibo.installation import Installation
from meibo_graphql.app import create_app
from tests.core.checking.standins import Checked, Registry
from tests.core.register.doctors import Doctors
from tests.schema.conftest import Api, Caller

ERRORS = "userErrors { code rule path }"
RUN = "run { id state plannedBy approvedBy }"
PLAN = f"""
mutation($input: PlanCheckRunInput!) {{
  planCheckRun(input: $input) {{ {RUN} classes {{ profession standing count }} {ERRORS} }}
}}"""
QUEUE = """
query($filter: DiscrepancyFilter, $first: Int, $after: String) {
  discrepancies(filter: $filter, first: $first, after: $after) {
    totalCount nodes { id outcome outcomeLabel(language: EN) state } pageInfo { hasNextPage endCursor }
  }
}"""
EVIDENCE = """
query($id: ID!) {
  discrepancyEvidence(discrepancyId: $id) {
    discrepancy { licenceId profession source outcome state }
    held { fullName fullNameKana birthDate sexCode address }
    told { fullName fullNameKana formerSurname life deathDate number }
    differing decisions { verdict account actionId } viewerMay
  }
}"""
APPLY = f"""
mutation($input: ApplyDiscrepancyInput!) {{
  applyDiscrepancy(input: $input) {{ discrepancy {{ state }} {ERRORS} }}
}}"""
RULE = "rule { id profession outcome startDate automatic reason legalBasis proposedBy approvedBy }"
PROPOSE = (
    f"mutation($input: ProposeCheckRuleInput!) {{ proposeCheckRule(input: $input) {{ {RULE} {ERRORS} }} }}"
)
APPROVE_RULE = (
    f"mutation($input: CheckRuleActInput!) {{ approveCheckRule(input: $input) {{ {RULE} {ERRORS} }} }}"
)
DOCTORS = {"source": "registry", "professions": ["doctor"]}
MARRIED = {"name": "変更　花子", "kana": "ヘンコウ　ハナコ"}
DIED = {"life": Life.DEAD, "death_date": "2026-03-01"}
CORRECTION = {"reason": "201", "legalBasis": "correct"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


def step(verb: str) -> str:
    return f"mutation($input: CheckRunActInput!) {{ {verb}(input: $input) {{ {RUN} {ERRORS} }} }}"


def verdict(verb: str) -> str:
    taken = "mutation($input: DiscrepancyActInput!)"
    return f"{taken} {{ {verb}(input: $input) {{ discrepancy {{ state }} {ERRORS} }} }}"


@dataclass(frozen=True)
class Office:
    """Two people of an office whose checks ask a registry that the test answers for."""

    api: Api
    checked: Checked
    registry: Registry
    doctors: Doctors
    officer: Caller
    chief: Caller

    async def found(self, *happened: dict[str, Any]) -> list[UUID]:
        """Doctors to whom something happened, each found out by a check."""
        who = [await self.doctors.enter(str(500_001 + n)) for n in range(len(happened))]
        self.registry.happened = dict(zip(who, happened, strict=True))
        await self.checked.run()
        await self.checked.work()
        return who

    async def queue(self, **variables: Any) -> Any:
        return (await self.officer.ask(QUEUE, variables))["discrepancies"]

    async def only(self) -> str:
        """The id of the one discrepancy that is open."""
        [node] = (await self.queue())["nodes"]
        return str(node["id"])

    async def apply(self, caller: Caller, id: str, **given: Any) -> Any:
        asked = {"discrepancyId": id, "effectiveDate": clock.today().isoformat(), **CORRECTION, **given}
        return (await caller.ask(APPLY, {"input": asked}))["applyDiscrepancy"]


@pytest.fixture
async def office(installation: Installation, schema: strawberry.Schema) -> AsyncIterator[Office]:
    registry = Registry()
    checked = Checked.of(installation, registry)
    opened = replace(installation, checks=checked.checks)
    app = create_app(opened, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        api = Api(opened, app, http)
        officer, chief = await api.caller(Role.OFFICER), await api.caller(Role.ADMINISTRATOR)
        yield Office(api, checked, registry, Doctors(installation), officer, chief)


def error(code: str, rule: str, *path: str) -> list[dict[str, object]]:
    return [{"code": code, "rule": rule, "path": [*path]}]


# --- Runs --------------------------------------------------------------------------------------------------


async def test_a_dry_run_counts_whom_it_would_ask_about_and_stores_nothing(office: Office) -> None:
    await office.doctors.enter()
    payload = (await office.officer.ask(PLAN, {"input": DOCTORS | {"validateOnly": True}}))["planCheckRun"]
    assert payload == {
        "run": None, "userErrors": [],
        "classes": [{"profession": "doctor", "standing": "REGISTERED", "count": 1}],
    }  # fmt: skip
    assert await office.officer.ask("{ checkRuns { nodes { id } } checkSources }") == {
        "checkRuns": {"nodes": []}, "checkSources": ["registry"],
    }  # fmt: skip
    assert office.registry.asked == {}
    assert [leaf.operation for leaf in await office.api.leaves(LeafKind.INTENT)] == ["register"]


async def test_a_plan_that_cannot_be_carried_out_says_why(office: Office) -> None:
    wrong = {
        "source": "nobody",
        "professions": [],
        "standings": ["STRUCK_OFF"],
        "perDay": 0,
        "perBatch": 2000,
    }
    payload = (await office.officer.ask(PLAN, {"input": wrong}))["planCheckRun"]
    assert (payload["run"], payload["classes"]) == (None, [])
    assert payload["userErrors"] == [
        *error("NOT_FOUND", "check.source", "source"),
        *error("INVALID_VALUE", "check.professions", "professions"),
        *error("INVALID_VALUE", "check.standings", "standings"),
        *error("INVALID_VALUE", "check.per_day", "perDay"),
        *error("INVALID_VALUE", "check.per_batch", "perBatch"),
    ]


async def test_a_run_from_its_plan_to_its_report(office: Office) -> None:
    await office.doctors.enter()
    planned = (await office.chief.ask(PLAN, {"input": DOCTORS}))["planCheckRun"]["run"]
    named = {"input": {"runId": planned["id"]}}
    own = (await office.chief.ask(step("approveCheckRun"), named))["approveCheckRun"]
    assert own == {
        "run": None, "userErrors": error("NEEDS_SECOND_PERSON", "check.second_person", "secondPerson")
    }  # fmt: skip
    second = await office.api.caller(Role.ADMINISTRATOR, ("doctor", "nurse"))
    validated = {"input": {"runId": planned["id"], "validateOnly": True}}
    assert (await second.ask(step("approveCheckRun"), validated))["approveCheckRun"] == {
        "run": None, "userErrors": [],
    }  # fmt: skip
    approved = (await second.ask(step("approveCheckRun"), named))["approveCheckRun"]["run"]
    assert approved == planned | {"state": "RUNNING", "approvedBy": "administrator-2"}
    for verb, state in (("pauseCheckRun", "PAUSED"), ("resumeCheckRun", "RUNNING")):
        assert (await second.ask(step(verb), named))[verb]["run"]["state"] == state
    await office.checked.work()
    document = """query($id: ID!) { checkRun(id: $id) { state report {
      progress { state batches holders } outcomes { outcome label(language: EN) count }
      tallies { profession outcome age count }
    } } }"""
    run = (await office.officer.ask(document, {"id": planned["id"]}))["checkRun"]
    report = run["report"]
    assert (run["state"], report["progress"]) == ("DONE", [{"state": "DONE", "batches": 1, "holders": 1}])
    assert [each for each in report["outcomes"] if each["count"]] == [
        {"outcome": "UNCHANGED", "label": "Unchanged", "count": 1}
    ]
    assert len(report["outcomes"]) == 9
    decade = (clock.today().year - 1990) // 10 * 10
    assert report["tallies"] == [{"profession": "doctor", "outcome": "UNCHANGED", "age": decade, "count": 1}]
    over = (await office.chief.ask(step("endCheckRun"), named))["endCheckRun"]
    assert over == {"run": None, "userErrors": error("WRONG_STATE", "check.state", "state")}


@pytest.mark.parametrize("id", ["", "x", NOWHERE])
async def test_what_is_not_there_is_null_and_a_user_error(office: Office, id: str) -> None:
    asked = await office.chief.ask(
        "query($id: ID!) { checkRun(id: $id) { id } discrepancyEvidence(discrepancyId: $id) { differing } }",
        {"id": id},
    )
    assert asked == {"checkRun": None, "discrepancyEvidence": None}
    for document, name, what in (
        (step("approveCheckRun"), "run", "run"),
        (verdict("confirmDiscrepancy"), "discrepancy", "discrepancy"),
        (APPROVE_RULE, "rule", "rule"),
    ):
        [payload] = (await office.chief.ask(document, {"input": {f"{name}Id": id}})).values()
        assert payload == {
            name: None, "userErrors": error("NOT_FOUND", f"check.unknown_{what}", f"{name}Id")
        }  # fmt: skip


# --- Discrepancies -----------------------------------------------------------------------------------------


async def test_the_queue_is_walked_page_by_page_and_narrowed(office: Office) -> None:
    await office.found(MARRIED, DIED, MARRIED)
    whole = await office.queue()
    assert (whole["totalCount"], whole["pageInfo"]["hasNextPage"]) == (3, False)
    first = await office.queue(first=2)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await office.queue(first=2, after=first["pageInfo"]["endCursor"])
    assert first["nodes"] + rest["nodes"] == whole["nodes"]
    assert not rest["pageInfo"]["hasNextPage"]
    [dead] = (await office.queue(filter={"outcome": "DEAD", "profession": "doctor"}))["nodes"]
    assert (dead["outcomeLabel"], dead["state"]) == ("Dead", "OPEN")
    assert (await office.queue(filter={"state": "DISMISSED"}))["totalCount"] == 0
    read = [each for each in await office.api.leaves(LeafKind.READ) if each.operation == "check.queue"]
    assert [len(each.subjects) for each in read] == [3, 2, 1, 1]


async def test_a_walk_backwards_ends_where_it_began(office: Office) -> None:
    await office.found(MARRIED, DIED, MARRIED)
    document = """query($before: String) {
      discrepancies(last: 2, before: $before) { nodes { id } pageInfo { startCursor hasPreviousPage } }
    }"""
    last = (await office.officer.ask(document))["discrepancies"]
    cursor = last["pageInfo"]["startCursor"]
    before = (await office.officer.ask(document, {"before": cursor}))["discrepancies"]
    whole = [node["id"] for node in (await office.queue())["nodes"]]
    assert [node["id"] for node in before["nodes"] + last["nodes"]] == whole
    assert (before["pageInfo"]["hasPreviousPage"], last["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_a_cursor_of_another_query_or_caller_is_refused(office: Office) -> None:
    await office.found(MARRIED, DIED)
    cursor = (await office.queue(first=1))["pageInfo"]["endCursor"]
    for caller, variables in (
        (office.officer, {"after": cursor, "filter": {"outcome": "DEAD"}}),
        (office.officer, {"after": cursor[:-2] + "xx"}),
        (office.chief, {"after": cursor}),
    ):
        assert await caller.refused(QUEUE, variables) == "BAD_CURSOR"
    assert await office.officer.refused(QUEUE, {"first": 501}) == "INVALID_VALUE"


async def test_another_profession_is_another_scope(office: Office) -> None:
    await office.found(MARRIED)
    id = await office.only()
    elsewhere = await office.api.caller(Role.OFFICER, ("nurse",))
    assert (await elsewhere.ask(QUEUE))["discrepancies"]["nodes"] == []
    assert await elsewhere.refused(QUEUE, {"filter": {"profession": "doctor"}}) == "FORBIDDEN"
    assert await elsewhere.ask(EVIDENCE, {"id": id}) == {"discrepancyEvidence": None}
    payload = await elsewhere.ask(verdict("dismissDiscrepancy"), {"input": {"discrepancyId": id}})
    assert payload["dismissDiscrepancy"]["userErrors"] == error(
        "NOT_FOUND", "check.unknown_discrepancy", "discrepancyId"
    )
    [refusal] = [e for e in await office.api.leaves(LeafKind.REFUSAL) if e.operation == "check.dismiss"]
    assert refusal.outcome == "NOT_FOUND"


async def test_both_sides_are_shown_beside_each_other(office: Office) -> None:
    [licence] = await office.found(MARRIED)
    id = await office.only()
    found = (await office.officer.ask(EVIDENCE, {"id": id}))["discrepancyEvidence"]
    assert found.pop("discrepancy").pop("licenceId")
    assert found == {
        "held": {
            "fullName": "見本　花子", "fullNameKana": "ミホン　ハナコ", "birthDate": "1990-01-15",
            "sexCode": "2", "address": None,
        },
        "told": [{
            "fullName": "変更　花子", "fullNameKana": "ヘンコウ　ハナコ", "formerSurname": None,
            "life": "LIVING", "deathDate": None, "number": "SAME",
        }],
        "differing": ["KANA", "NAME"], "decisions": [], "viewerMay": ["CONFIRM", "DISMISS", "APPLY"],
    }  # fmt: skip
    head = await office.doctors.head(licence)
    [leaf] = [each for each in await office.api.leaves(LeafKind.READ) if each.operation == "check.open"]
    assert leaf.subjects == (head.pseudonym,)


async def test_a_death_is_confirmed_by_one_person_and_applied_by_another(office: Office) -> None:
    [licence] = await office.found(DIED)
    id = await office.only()
    dying = {"reason": "401", "legalBasis": "strike_off"}
    unconfirmed = await office.apply(office.officer, id, **dying)
    alone = error("NEEDS_SECOND_PERSON", "check.second_person", "secondPerson")
    assert unconfirmed == {"discrepancy": None, "userErrors": alone}
    named = {"input": {"discrepancyId": id}}
    validated = {"input": {"discrepancyId": id, "validateOnly": True}}
    for given, stands in ((validated, None), (named, {"state": "CONFIRMED"})):
        confirmed = await office.officer.ask(verdict("confirmDiscrepancy"), given)
        assert confirmed["confirmDiscrepancy"] == {"discrepancy": stands, "userErrors": []}
    assert (await office.apply(office.officer, id, **dying))["userErrors"] == alone
    may = "query($id: ID!) { discrepancyEvidence(discrepancyId: $id) { viewerMay decisions { actionId } } }"
    for caller, verbs in ((office.officer, ["DISMISS"]), (office.chief, ["DISMISS", "APPLY"])):
        assert (await caller.ask(may, {"id": id}))["discrepancyEvidence"]["viewerMay"] == verbs
    tried = await office.apply(office.chief, id, validateOnly=True, **dying)
    assert tried == {"discrepancy": None, "userErrors": []}
    applied = await office.apply(office.chief, id, **dying)
    assert applied == {"discrepancy": {"state": "APPLIED"}, "userErrors": []}
    assert (await office.doctors.head(licence)).state == "STRUCK_OFF"
    shown = (await office.officer.ask(may, {"id": id}))["discrepancyEvidence"]
    acts = [each["actionId"] for each in shown["decisions"]]
    assert (shown["viewerMay"], len(acts), acts[0]) == ([], 2, None)
    [node] = (await office.officer.ask("query($ids: [ID!]!) { nodes(ids: $ids) { ... on Action { verb } } }",
                                       {"ids": acts[1:]}))["nodes"]  # fmt: skip
    assert node == {"verb": "strike_off"}


@pytest.mark.parametrize(
    ("facts", "family"),
    [({}, "変更"), ({"familyName": "變更", "familyNameKana": "ヘンコウ"}, "變更")],
    ids=["as it was told", "as a person wrote it"],
)
async def test_a_new_name_is_entered(office: Office, facts: dict[str, str], family: str) -> None:
    [licence] = await office.found(MARRIED)
    applied = await office.apply(office.officer, await office.only(), **facts)
    assert applied == {"discrepancy": {"state": "APPLIED"}, "userErrors": []}
    assert await office.doctors.name(licence) == family


async def test_what_is_entered_is_no_literal(office: Office) -> None:
    input = (
        f'{{ discrepancyId: "{NOWHERE}", effectiveDate: "2026-11-26", reason: "201", legalBasis: "correct",'
    )
    document = f'mutation {{ applyDiscrepancy(input: {input} address: "秘密町" }}) {{ {ERRORS} }} }}'
    answer = await office.officer.send(document)
    assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["VARIABLES_REQUIRED"]
    assert "秘密町" not in answer.text


async def test_a_refused_act_leaves_the_discrepancy_open(office: Office) -> None:
    [licence] = await office.found(MARRIED)
    id = await office.only()
    stale = await office.apply(office.officer, id, expectedVersion=9)
    assert stale["discrepancy"] is None
    assert [each["code"] for each in stale["userErrors"]] == ["STALE_VERSION"]
    assert (await office.only(), await office.doctors.name(licence)) == (id, "見本")


# --- Rules -------------------------------------------------------------------------------------------------


async def test_a_rule_takes_two_people(office: Office) -> None:
    day = (clock.today() + timedelta(days=1)).isoformat()
    given = {
        "profession": "doctor",
        "startDate": day,
        "automatic": True,
        "reason": "201",
        "legalBasis": "correct",
    }
    validated = (await office.chief.ask(PROPOSE, {"input": given | {"validateOnly": True}}))[
        "proposeCheckRule"
    ]
    assert validated == {"rule": None, "userErrors": []}
    rule = (await office.chief.ask(PROPOSE, {"input": given}))["proposeCheckRule"]["rule"]
    assert rule == given | {
        "id": rule["id"], "outcome": "MOVED", "proposedBy": "administrator-1", "approvedBy": None
    }  # fmt: skip
    named = {"input": {"ruleId": rule["id"]}}
    assert (await office.chief.ask(APPROVE_RULE, named))["approveCheckRule"] == {
        "rule": None, "userErrors": error("NEEDS_SECOND_PERSON", "check.second_person", "secondPerson"),
    }  # fmt: skip
    second = await office.api.caller(Role.ADMINISTRATOR, ("doctor", "nurse"))
    approved = (await second.ask(APPROVE_RULE, named))["approveCheckRule"]["rule"]
    assert approved == rule | {"approvedBy": "administrator-2"}
    listed = (await office.chief.ask("{ checkRules { id approvedBy } }"))["checkRules"]
    assert listed == [{"id": rule["id"], "approvedBy": "administrator-2"}]


async def test_no_rule_applies_a_death(office: Office) -> None:
    day = clock.today().isoformat()
    given = {"profession": "doctor", "startDate": day, "automatic": True, "outcome": "DEAD"}
    payload = (await office.chief.ask(PROPOSE, {"input": given}))["proposeCheckRule"]
    assert payload["userErrors"] == [
        *error("INVALID_VALUE", "check.never_automatic", "outcome"),
        *error("REQUIRED", "check.reason", "reason"),
    ]
    assert (await office.chief.ask("{ checkRules { id } }"))["checkRules"] == []
