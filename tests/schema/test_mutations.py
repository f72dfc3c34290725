"""The office's verbs over the API: what each leads to, how each is refused, and what numbers may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from meibo.database.stores import Store
from tests.schema.conftest import REGISTER, Api, Caller, register_input

NUMBER, OTHER_NUMBER, WRONG_NUMBER = "123456789018", "111111111118", "123456789012"
MUTATION = """mutation($input: {type}!) {{ {field}(input: $input) {{
  licence {{ id version state registrationNumber ... on DoctorLicence {{ register {{
    familyName reissueDate reissueReasonCode {{ code }} deregistrationDate deregistrationReasonCode {{ code }}
  }} dispositions {{ id }} }} }}
  action {{ number verb status effectiveDate reason {{ code label }} legalBasis resultingVersion }}
  userErrors {{ code rule cites path message(language: EN) }}
}} }}"""
TYPES = {
    "registerDoctorLicence": "RegisterDoctorLicenceInput", "correctDoctorLicence": "CorrectDoctorLicenceInput",
    "reprimandLicence": "ReprimandLicenceInput", "suspendLicence": "SuspendLicenceInput",
    "revokeLicence": "RevokeLicenceInput", **dict.fromkeys(
        ("liftSuspension", "orderReeducation", "completeReeducation"), "DispositionActInput"
    ),
}  # fmt: skip
TODAY = clock.today()
VERBS: dict[str, dict[str, Any]] = {
    "correctDoctorLicence": {"reason": "201", "legalBasis": "correct", "register": {"familyName": "改姓"}},
    "reissueLicence": {"reason": "301", "legalBasis": "reissue"},
    "suspendLicence": {
        "reason": "701", "legalBasis": "suspend", "kind": "02", "officeName": "厚生労働大臣", "officeCode": "0001",
        "orderNumber": "医政発1号", "startDate": str(TODAY), "endDate": str(TODAY + timedelta(days=29)),
    },
    "liftSuspension": {"reason": "802", "legalBasis": "lift_suspension"},
    "reprimandLicence": {
        "reason": "701", "legalBasis": "reprimand", "kind": "01", "officeName": "厚生労働大臣",
        "orderNumber": "医政発0号",
    },
    "orderReeducation": {"reason": "701", "legalBasis": "order_reeducation"},
    "completeReeducation": {"reason": "701", "legalBasis": "complete_reeducation"},
    "revokeLicence": {
        "reason": "701", "legalBasis": "revoke", "kind": "03", "officeName": "厚生労働大臣", "orderNumber": "医政発2号",
    },
    "restoreLicence": {"reason": "102", "legalBasis": "restore"},
    "strikeOffLicence": {"reason": "402", "legalBasis": "strike_off", "reasonText": "死亡届による"},
    "undoStrikeOff": {"reason": "801", "legalBasis": "undo_strike_off"},
}  # fmt: skip
"""What each verb takes beside the licence, its version and the day."""
COURSE = [
    ("correctDoctorLicence", "REGISTERED", "correct"),
    ("reissueLicence", "REGISTERED", "reissue"),
    ("reprimandLicence", "REGISTERED", "reprimand"),
    ("orderReeducation", "REGISTERED", "order_reeducation"),
    ("completeReeducation", "REGISTERED", "complete_reeducation"),
    ("suspendLicence", "SUSPENDED", "suspend"),
    ("liftSuspension", "REGISTERED", "lift_suspension"),
    ("revokeLicence", "REVOKED", "revoke"),
    ("restoreLicence", "REGISTERED", "restore"),
    ("strikeOffLicence", "STRUCK_OFF", "strike_off"),
    ("undoStrikeOff", "REGISTERED", "undo_strike_off"),
]
"""Every verb in an order in which each is allowed, the state that it leads to, and its name in the history."""


def mutation(field: str) -> str:
    """A mutation with everything that its payload may show."""
    return MUTATION.format(field=field, type=TYPES.get(field, "LicenceActInput"))


def act(api: Api, field: str, licence: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The input of a verb on a licence as it was read, taking effect today."""
    day = "orderedDate" if "kind" in VERBS[field] else "effectiveDate"
    named = {"licenceId": licence["id"]}
    if TYPES.get(field) == "DispositionActInput":
        ordered = licence.get("dispositions", [])
        named = {"dispositionId": ordered[-1]["id"] if ordered else "none"}
    common = {"idempotencyKey": api.key(), "expectedVersion": licence["version"]}
    return common | named | {day: str(TODAY)} | VERBS[field] | given


async def done(caller: Caller, field: str, given: dict[str, Any]) -> dict[str, Any]:
    """The payload of a mutation."""
    return dict((await caller.ask(mutation(field), {"input": given}))[field])


async def state_of(api: Api, licence: dict[str, Any]) -> Any:
    """What a licence looks like now, with all that happened to it."""
    officer = await api.caller(Role.OFFICER)
    query = """query($id: ID!) { node(id: $id) { ... on DoctorLicence {
      version state register { familyName deregistrationDate } dispositions { orderNumber }
      history { nodes { verb } } individualNumber { held }
    } } }"""
    return await officer.ask(query, {"id": licence["id"]})


async def test_a_life_through_every_verb(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    for index, (field, state, verb) in enumerate(COURSE):
        payload = await done(officer, field, act(api, field, licence))
        assert payload["userErrors"] == [], field
        taken, licence = payload["action"], payload["licence"]
        assert (licence["state"], taken["verb"], taken["number"]) == (state, verb, index + 2)
        assert (taken["status"], taken["effectiveDate"]) == ("accepted", str(TODAY))
        assert taken["legalBasis"] == VERBS[field]["legalBasis"]
        assert taken["reason"]["code"] == VERBS[field]["reason"]
        assert taken["reason"]["label"]
        assert taken["resultingVersion"] == licence["version"] > index + 1
    assert licence["register"] == {
        "familyName": "改姓", "reissueDate": str(TODAY), "reissueReasonCode": {"code": "301"},
        "deregistrationDate": None, "deregistrationReasonCode": None,
    }  # fmt: skip


async def test_what_a_verb_notes_in_the_register(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    payload = await done(officer, "strikeOffLicence", act(api, "strikeOffLicence", licence))
    register = payload["licence"]["register"]
    assert (register["deregistrationDate"], register["deregistrationReasonCode"]) == (
        str(TODAY),
        {"code": "402"},
    )


async def test_left_out_is_unchanged_and_null_is_cleared(api: Api, officer: Caller) -> None:
    licence = await api.register(0, memo="覚え", remarks1="一", remarks2="二")
    given = act(api, "correctDoctorLicence", licence, register={"remarks1": None, "remarks3": "三"})
    assert (await done(officer, "correctDoctorLicence", given))["userErrors"] == []
    items = "memo remarks1 remarks2 remarks3"
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on DoctorLicence {{ register {{ {items} }} }} }} }}"
    seen = (await officer.ask(query, {"id": licence["id"]}))["node"]["register"]
    assert seen == {"memo": "覚え", "remarks1": None, "remarks2": "二", "remarks3": "三"}


@pytest.mark.parametrize("field", ["registerDoctorLicence", "suspendLicence", "correctDoctorLicence"])
async def test_only_validated_stores_nothing(api: Api, officer: Caller, field: str) -> None:
    licence = await api.register(0)
    before = await state_of(api, licence)
    given = (
        register_input(api.key(), 1, NUMBER) if field == "registerDoctorLicence" else act(api, field, licence)
    )
    good = await done(officer, field, given | {"validateOnly": True})
    assert good == {"licence": None, "action": None, "userErrors": []}
    bad = await done(officer, field, given | {"validateOnly": True, "reason": "999"})
    assert [(error["code"], error["path"]) for error in bad["userErrors"]] == [("UNKNOWN_CODE", ["reason"])]
    assert await state_of(api, licence) == before
    assert (await officer.ask("{ doctorLicences { totalCount } }"))["doctorLicences"]["totalCount"] == 1
    assert await done(officer, field, given) != good


async def test_a_stale_version_shows_the_licence_as_it_is(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    first = await done(officer, "correctDoctorLicence", act(api, "correctDoctorLicence", licence))
    before = await state_of(api, licence)
    second = await done(officer, "reissueLicence", act(api, "reissueLicence", licence))
    assert [(e["code"], e["path"]) for e in second["userErrors"]] == [("STALE_VERSION", ["expectedVersion"])]
    assert second["licence"] == first["licence"]
    assert second["action"] is None
    assert await state_of(api, licence) == before
    assert [leaf.outcome for leaf in await api.leaves(LeafKind.REFUSAL)] == ["STALE_VERSION"]


async def test_the_same_key_does_nothing_twice(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    given = act(api, "reissueLicence", licence)
    once = await done(officer, "reissueLicence", given)
    before = await state_of(api, licence)
    assert await done(officer, "reissueLicence", given) == once
    [error] = (await done(officer, "reissueLicence", given | {"reason": "302"}))["userErrors"]
    assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])
    assert await state_of(api, licence) == before


TOMORROW, LONG_AGO = str(TODAY + timedelta(days=1)), str(TODAY - timedelta(days=60))
REFUSALS: dict[str, tuple[str, dict[str, Any], list[tuple[str, list[str]]]]] = {
    "unknown reason": ("reissueLicence", {"reason": "999"}, [("UNKNOWN_CODE", ["reason"])]),
    "unknown reason that the register notes": (
        "strikeOffLicence", {"reason": "999"}, [("UNKNOWN_CODE", ["reason"])],
    ),
    "no reason": ("revokeLicence", {"reason": ""}, [("REQUIRED", ["reason"])]),
    "another profession's basis": ("revokeLicence", {"legalBasis": "dentist"}, [("INVALID_VALUE", ["legalBasis"])]),
    "tomorrow": ("revokeLicence", {"orderedDate": TOMORROW}, [("INVALID_VALUE", ["orderedDate"])]),
    "begins before its order": (
        "revokeLicence", {"startDate": str(TODAY - timedelta(days=1))}, [("INVALID_VALUE", ["startDate"])],
    ),
    "nobody's order": ("reprimandLicence", {"officeName": ""}, [("REQUIRED", ["officeName"])]),
    "a measure of another kind": ("reprimandLicence", {"kind": "02"}, [("INVALID_VALUE", ["kind"])]),
    "no such disposition": ("orderReeducation", {}, [("NOT_FOUND", ["dispositionId"])]),
    "unknown measure": ("suspendLicence", {"kind": "09"}, [("UNKNOWN_CODE", ["kind"])]),
    "an end before its start": (
        "suspendLicence", {"endDate": str(TODAY - timedelta(days=1))}, [("INVALID_VALUE", ["endDate"])],
    ),
    "before the law": (
        "suspendLicence", {"orderedDate": "1900-01-01", "startDate": "1900-01-01", "endDate": "1900-02-01"},
        [("INVALID_VALUE", ["legalBasis"])],
    ),
    "wrong state": ("restoreLicence", {}, [("WRONG_STATE", [])]),
    "no key": ("reissueLicence", {"idempotencyKey": ""}, [("INVALID_VALUE", ["idempotencyKey"])]),
    "late without a reason": (
        "correctDoctorLicence", {"effectiveDate": LONG_AGO}, [("REQUIRED", ["delayReason"])],
    ),
    "unknown code and a name too long": (
        "correctDoctorLicence", {"register": {"domicileCode": "99", "familyNameKana": "ア" * 300}},
        [("UNKNOWN_CODE", ["register", "domicileCode"]), ("INVALID_VALUE", ["register", "familyNameKana"])],
    ),
    "required and cleared": (
        "correctDoctorLicence", {"register": {"familyName": None}}, [("REQUIRED", ["register", "familyName"])],
    ),
    "no such licence": ("reissueLicence", {"licenceId": "AAAA"}, [("NOT_FOUND", ["licenceId"])]),
}  # fmt: skip


async def test_every_refusal_is_data_with_a_path_of_the_input(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    before = await state_of(api, licence)
    for name, (field, given, expected) in REFUSALS.items():
        leaves = len(await api.leaves(LeafKind.REFUSAL))
        payload = await done(officer, field, act(api, field, licence, **given))
        told = [(error["code"], error["path"]) for error in payload["userErrors"]]
        assert (name, told) == (name, expected)
        assert all(error["message"] for error in payload["userErrors"])
        assert (payload["licence"], payload["action"]) == (None, None)
        assert len(await api.leaves(LeafKind.REFUSAL)) == leaves + 1, name
    assert await state_of(api, licence) == before


REGISTRATIONS: dict[str, tuple[dict[str, Any], list[tuple[str, list[str]]]]] = {
    "wrong check digit": ({"individualNumber": WRONG_NUMBER}, [("INVALID_VALUE", ["individualNumber"])]),
    "nobody identified": ({"verifiedBy": None}, [("REQUIRED", ["verifiedBy"])]),
    "a number that another holds": (
        {"individualNumber": OTHER_NUMBER},
        [("DUPLICATE", ["individualNumber"])],
    ),
    "tomorrow": ({"effectiveDate": TOMORROW}, [("INVALID_VALUE", ["effectiveDate"])]),
}


@pytest.mark.parametrize("case", REGISTRATIONS)
async def test_a_refused_registration_stores_nothing(api: Api, officer: Caller, case: str) -> None:
    await api.register(1, number=OTHER_NUMBER)
    given, expected = REGISTRATIONS[case]
    answer = await officer.send(REGISTER, {"input": register_input(api.key(), 0, NUMBER) | given})
    payload = answer.json()["data"]["registerDoctorLicence"]
    told = [(error["code"], error["path"]) for error in payload["userErrors"]]
    assert told == expected
    assert (payload["licence"], payload["action"]) == (None, None)
    assert not any(number in answer.text for number in (NUMBER, OTHER_NUMBER, WRONG_NUMBER))
    assert (await officer.ask("{ doctorLicences { totalCount } }"))["doctorLicences"]["totalCount"] == 1


async def test_a_register_number_stands_once(api: Api, officer: Caller) -> None:
    licence = await api.register(0)
    given = register_input(api.key(), 1, registrationNumber=licence["registrationNumber"])
    payload = (await officer.ask(REGISTER, {"input": given}))["registerDoctorLicence"]
    [error] = payload["userErrors"]
    assert (error["code"], error["path"]) == ("DUPLICATE", ["register", "registrationNumber"])
    assert licence["registrationNumber"] not in error["message"]


@pytest.mark.parametrize("field", [field for field, _, _ in COURSE])
async def test_each_verb_needs_its_permission(api: Api, field: str) -> None:
    licence = await api.register(0)
    officer = await api.caller(Role.OFFICER)
    licence = (await done(officer, "reprimandLicence", act(api, "reprimandLicence", licence)))["licence"]
    before = await state_of(api, licence)
    viewer = await api.caller(Role.VIEWER)
    assert await viewer.refused(mutation(field), {"input": act(api, field, licence)}) == "FORBIDDEN"
    [refusal] = await api.leaves(LeafKind.REFUSAL)
    assert (refusal.outcome, refusal.profession) == ("FORBIDDEN", "doctor")
    assert await state_of(api, licence) == before


ENROL = """mutation($input: EnrolNumberInput!) { enrolNumber(input: $input) {
  status { held destroyedAt } userErrors { code path message }
} }"""
REVEAL = (
    "mutation($input: RevealNumberInput!) { revealNumber(input: $input) { number userErrors { code path } } }"
)


def reveal_input(licence: dict[str, Any], **given: Any) -> dict[str, Any]:
    """What reveals a licence's number."""
    return {"licenceId": licence["id"], "purpose": "照会", "legalBasis": "number_use"} | given


async def test_a_number_is_enrolled_and_never_shown(api: Api) -> None:
    licence, clerk = await api.register(0), await api.caller(Role.CLERK)
    assert (await state_of(api, licence))["node"]["individualNumber"] == {"held": False}
    given = {"licenceId": licence["id"], "number": NUMBER, "verifiedBy": "MY_NUMBER_CARD"}
    response = await clerk.send(ENROL, {"input": given})
    payload = response.json()["data"]["enrolNumber"]
    assert payload == {"status": {"held": True, "destroyedAt": None}, "userErrors": []}
    assert NUMBER not in response.text
    assert (await state_of(api, licence))["node"]["individualNumber"] == {"held": True}
    for bad, path in (({"number": WRONG_NUMBER}, ["number"]), ({"licenceId": "x"}, ["licenceId"])):
        response = await clerk.send(ENROL, {"input": given | bad})
        [error] = response.json()["data"]["enrolNumber"]["userErrors"]
        assert (error["path"], WRONG_NUMBER in response.text) == (path, False)
    assert len(await api.leaves(LeafKind.REFUSAL)) == 2


async def test_a_number_is_revealed_after_its_leaf(api: Api) -> None:
    licence = await api.register(0, number=NUMBER)
    revealer = await api.caller(Role.NUMBER_OFFICER)
    response = await revealer.send(REVEAL, {"input": reveal_input(licence)})
    assert response.json()["data"] == {"revealNumber": {"number": NUMBER, "userErrors": []}}
    assert response.headers["cache-control"] == "no-store"
    [leaf] = await api.leaves(LeafKind.REVEAL)
    assert (leaf.subjects, leaf.purpose, leaf.legal_basis) == ((licence["pseudonym"],), "照会", "number_use")
    api.silence(Store.AUDIT)
    response = await revealer.send(REVEAL, {"input": reveal_input(licence)})
    assert (response.status_code, NUMBER in response.text) == (503, False)
    assert response.json()["errors"][0]["extensions"]["code"] == "AUDIT_UNAVAILABLE"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NUMBER_OFFICER])
async def test_nobody_else_reveals(api: Api, role: Role) -> None:
    licence = await api.register(0, number=NUMBER)
    caller = await api.caller(role)
    response = await caller.send(REVEAL, {"input": reveal_input(licence)})
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["FORBIDDEN"]
    assert NUMBER not in response.text
    assert len(await api.leaves(LeafKind.REFUSAL)) == 1
    assert await api.leaves(LeafKind.REVEAL) == []


async def test_a_reveal_states_why(api: Api) -> None:
    licence = await api.register(0, number=NUMBER)
    other = await api.register(1)
    revealer = await api.caller(Role.NUMBER_OFFICER)
    for given, expected in (
        ({"purpose": " "}, ("REQUIRED", ["purpose"])),
        ({"legalBasis": "whim"}, ("INVALID_VALUE", ["legalBasis"])),
        ({"licenceId": "x"}, ("NOT_FOUND", ["licenceId"])),
        ({"licenceId": other["id"]}, ("NOT_FOUND", ["licenceId"])),
        ({"kind": "RESIDENT_CODE"}, ("NOT_FOUND", ["licenceId"])),
    ):
        payload = (await revealer.ask(REVEAL, {"input": reveal_input(licence) | given}))["revealNumber"]
        assert payload["number"] is None
        assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [expected]
    outcomes = [leaf.outcome for leaf in await api.leaves(LeafKind.REFUSAL, LeafKind.REVEAL)]
    assert outcomes == ["REFUSED", "REFUSED", "REFUSED", "NOT_FOUND", "NOT_FOUND"]
