"""What no caller should send: a typed refusal that never repeats the value, and nothing stored."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from meibo import clock
from meibo.errors import Finding, FindingCode
from meibo.items.declaration import Item
from meibo.items.kinds import BY_TYPE
from meibo.register import validation
from meibo.values.eras import EraDate
from meibo_graphql.ids import NodeKind
from tests.security.api import Answer, Api
from tests.security.conftest import NUMBER, Registers, doctor
from tests.security.matrix.verbs import spelt
from tests.security.test_races import correction, registration

CANARY = "Canary7Qz"
CONTROLS = {
    "NUL": "\x00",
    "bell": "\x07",
    "escape": "\x1b",
    "right-to-left": "\u202e",
    "noncharacter": "\ufdd0",
}
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
TODAY = clock.today().isoformat()
CONTROL = [("INVALID_VALUE", "text.control_character")]
TOO_LONG = [("INVALID_VALUE", "text.too_long")]
UNKNOWN = [("NOT_FOUND", "licence.unknown")]
STALE = [("STALE_VERSION", "register.stale_version")]
USER_ERRORS = "userErrors { code rule path ja: message(language: JA) en: message(language: EN) }"
INPUTS = {
    "registerDoctorLicence": "RegisterDoctorLicenceInput",
    "correctDoctorLicence": "CorrectDoctorLicenceInput",
    "suspendLicence": "SuspendLicenceInput",
    "revokeLicence": "RevokeLicenceInput",
    "liftSuspension": "DispositionActInput",
    "orderReeducation": "DispositionActInput",
    "strikeOffLicence": "LicenceActInput",
    "enrolNumber": "EnrolNumberInput",
    "revealNumber": "RevealNumberInput",
}


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad request: what is planted, and what comes back: (code, rule) of user errors, or codes of errors."""

    name: str
    document: str
    variables: Mapping[str, object]
    wanted: object
    planted: str = CANARY


def verb(name: str, field: str, given: Mapping[str, object], wanted: object, planted: str = CANARY) -> Bad:
    """A bad input of a mutation, under a key of its own."""
    if given.get("idempotencyKey") and CANARY not in str(given["idempotencyKey"]):
        given = {**given, "idempotencyKey": str(uuid4())}
    document = f"mutation($input: {INPUTS[field]}!) {{ {field}(input: $input) {{ {USER_ERRORS} }} }}"
    return Bad(f"{field}: {name}", document, {"input": given}, wanted, planted)


def query(name: str, body: str, wanted: object, planted: str = CANARY, **variables: object) -> Bad:
    """A bad argument of a query; `body` begins with its variables."""
    return Bad(name, f"query{body}", variables, wanted, planted)


def entries() -> Iterator[Bad]:
    """A registration with one thing wrong."""

    def item(
        name: str, wanted: object, planted: str = CANARY, group: str = "register", **values: object
    ) -> Bad:
        given = registration(8)
        whole = given["register"] if group == "register" else {}
        assert isinstance(whole, dict)
        return verb(name, "registerDoctorLicence", {**given, group: {**whole, **values}}, wanted, planted)

    def told(name: str, wanted: object, planted: str = CANARY, **values: object) -> Bad:
        return verb(name, "registerDoctorLicence", {**registration(8), **values}, wanted, planted)

    unknown = [("UNKNOWN_CODE", "code.unknown")]
    for control, sign in CONTROLS.items():
        yield item(f"{control} in a name", CONTROL, familyName=f"{CANARY}{sign}")
        yield item(f"{control} in a register number", CONTROL, registrationNumber=f"{CANARY}{sign}")
        yield told(f"{control} in the reason's words", CONTROL, reasonText=f"{CANARY}{sign}")
        memo = {"remarks": f"{CANARY}{sign}"}
        yield item(f"{control} in a memo", CONTROL, group="practiceReport", **memo)
    yield item("long name", TOO_LONG, familyName=CANARY * 100)
    yield item("name in the place of kana", [("INVALID_VALUE", "text.not_kana")], familyNameKana=CANARY)
    yield item("no name", [("REQUIRED", "item.required")], doctor(8)["family_name"], familyName=None)
    yield item(
        "impossible birth date", [("INVALID_VALUE", "date.no_such_day")], "1995-02-30", birthDate="1995-02-30"
    )
    yield item("birth date of another form", [("INVALID_VALUE", "date.not_edtf")], birthDate=CANARY)
    yield item("impossible date", ["BAD_VARIABLES"], "2023-02-30", receivedDate="2023-02-30")
    yield item("code of no closed list", unknown, "ZQ", forwardingPrefectureCode="ZQ")
    yield item("code of no table", unknown, "ZQ", licenceTypeCode="ZQ")
    yield item("code of another form", [("INVALID_VALUE", "code.form")], domicileCode=f"{CANARY};")
    yield item("negative number", [("INVALID_VALUE", "integer.form")], "314159", nationalExamYear=-314159)
    yield item("number beyond 32 bits", ["BAD_VARIABLES"], "3141592653", nationalExamYear=3141592653)
    yield item("number in words", ["BAD_VARIABLES"], nationalExamYear=CANARY)
    yield item("no such item", ["BAD_VARIABLES"], noSuchItem=CANARY)
    yield item("item in the vault", ["BAD_VARIABLES"], NUMBER, individualNumber=NUMBER)
    number = doctor(0)["registration_number"]
    yield item("duplicate register number", [("DUPLICATE", "item.unique")], number, registrationNumber=number)
    wide = number.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    yield item("the same in full width", [("DUPLICATE", "item.unique")], wide, registrationNumber=wide)
    report = {"group": "practiceReport"}
    yield item("telephone", [("INVALID_VALUE", "contact.phone")], CANARY, **report, phoneNumber=CANARY)
    yield item("mail address", [("INVALID_VALUE", "contact.email")], CANARY, **report, emailAddress=CANARY)
    yield item("very many codes", TOO_LONG, CANARY, **report, clinicalDepartments=[CANARY] * 2_000)
    for name, given, rule in (
        ("wrong check digit", "314159265358", "number.check_digit"),
        ("eleven digits", "31415926535", "number.individual_number"),
        ("letters", CANARY, "number.individual_number"),
    ):
        yield told(
            f"individual number: {name}", [("INVALID_VALUE", rule)], given, individualNumber=given,
            verifiedBy="MY_NUMBER_CARD",
        )  # fmt: skip
    yield told(
        "number of nobody",
        [("REQUIRED", "number.verified_by")],
        "111111111118",
        individualNumber="111111111118",
    )
    yield told("unknown verification", ["BAD_VARIABLES"], individualNumber=NUMBER, verifiedBy=CANARY)
    yield told("a day to come", [("INVALID_VALUE", "act.future")], TOMORROW, effectiveDate=TOMORROW)
    yield told(
        "a day before the law",
        [("INVALID_VALUE", "act.legal_basis")],
        "1900-01-01",
        effectiveDate="1900-01-01",
    )
    yield told("unknown legal basis", [("INVALID_VALUE", "act.legal_basis")], legalBasis=CANARY)
    yield told("unknown reason", [("UNKNOWN_CODE", "act.reason")], reason=CANARY)
    yield told("no reason", [("REQUIRED", "act.reason")], reason="")
    yield told("long words", TOO_LONG, reasonText=CANARY * 60)
    yield told("no key", [("INVALID_VALUE", "act.key")], idempotencyKey="")
    yield told("long key", [("INVALID_VALUE", "act.key")], idempotencyKey=CANARY * 30)
    yield told("a list for a text", ["BAD_VARIABLES"], reason=[CANARY, CANARY])


def acts(registers: Registers) -> Iterator[Bad]:
    """An act with one thing wrong, upon the licence that stands."""
    id, api = registers.ids["registered"], registers.api
    base = correction(id, "一子")
    plain = {k: v for k, v in base.items() if k != "register"} | {"legalBasis": "strike_off"}
    suspend = {k: v for k, v in base.items() if k not in ("register", "effectiveDate")}
    suspend |= {
        "kind": "02",
        "officeName": "大臣",
        "orderNumber": "1",
        "orderedDate": TODAY,
        "startDate": TODAY,
        "endDate": TODAY,
        "legalBasis": "suspend",
    }
    revoke = {k: v for k, v in suspend.items() if k not in ("startDate", "endDate")}
    revoke |= {"kind": "03", "legalBasis": "revoke"}
    version = api.ids.seal(NodeKind.VERSION, registers.licences["registered"])
    action = api.ids.seal(NodeKind.ACTION, registers.licences["registered"], registers.licences["registered"])
    altered = id[:20] + ("A" if id[20] != "A" else "B") + id[21:]
    for name, other in (
        ("no id", CANARY), ("altered id", altered), ("version's id", version), ("action's id", action),
        ("id with NUL", f"{id}\x00"), ("long id", CANARY * 1000), ("id beyond ASCII", "髙橋"), ("empty id", ""),
    ):  # fmt: skip
        for act, given in (
            ("correctDoctorLicence", base),
            ("strikeOffLicence", plain),
            ("suspendLicence", suspend),
        ):
            yield verb(name, act, {**given, "licenceId": other}, UNKNOWN, other or CANARY)
        number = {"licenceId": other, "number": NUMBER, "verifiedBy": "MY_NUMBER_CARD"}
        yield verb(name, "enrolNumber", number, UNKNOWN, other or CANARY)
        reveal = {"licenceId": other, "purpose": "test", "legalBasis": "number_use"}
        yield verb(name, "revealNumber", reveal, UNKNOWN, other or CANARY)
    for name, expected in (("stale", 314159), ("negative", -314159), ("none yet", 0)):
        yield verb(name, "correctDoctorLicence", {**base, "expectedVersion": expected}, STALE, "314159")
        yield verb(name, "suspendLicence", {**suspend, "expectedVersion": expected}, STALE, "314159")
    missing = {k: v for k, v in base.items() if k != "expectedVersion"}
    yield verb("no version", "correctDoctorLicence", missing, ["BAD_VARIABLES"])
    yield verb("null version", "correctDoctorLicence", {**base, "expectedVersion": None}, ["BAD_VARIABLES"])
    for control, sign in CONTROLS.items():
        bad = f"{CANARY}{sign}"
        yield verb(control, "correctDoctorLicence", {**base, "register": {"givenName": bad}}, CONTROL)
        yield verb(f"{control} in the delay", "correctDoctorLicence", {**base, "delayReason": bad}, CONTROL)
        yield verb(f"{control} in the order", "suspendLicence", {**suspend, "orderNumber": bad}, CONTROL)
        yield verb(f"{control} in the order", "revokeLicence", {**revoke, "orderNumber": bad}, CONTROL)
        yield verb(f"{control} in the words", "strikeOffLicence", {**plain, "reasonText": bad}, CONTROL)
        reveal = {"licenceId": id, "purpose": bad, "legalBasis": "number_use"}
        yield verb(f"{control} in the purpose", "revealNumber", reveal, CONTROL)
    yield verb("long order", "revokeLicence", {**revoke, "orderNumber": CANARY * 10}, TOO_LONG)
    yield verb(
        "unknown measure", "revokeLicence", {**revoke, "kind": CANARY}, [("UNKNOWN_CODE", "act.measure")]
    )
    yield verb(
        "unknown measure", "suspendLicence", {**suspend, "kind": CANARY}, [("UNKNOWN_CODE", "act.measure")]
    )
    follow = {k: v for k, v in plain.items() if k != "licenceId"} | {"legalBasis": "order_reeducation"}
    of_nobody, of_another = (
        api.ids.seal(NodeKind.DISPOSITION, UUID(int=1), licence)
        for licence in (UUID(int=7), registers.licences["registered"])
    )
    for name, other in (("licence's id", id), ("no id", CANARY), ("empty id", ""), ("nobody's", of_nobody)):
        yield verb(name, "orderReeducation", {**follow, "dispositionId": other}, UNKNOWN, other or CANARY)
    yield verb(
        "no such disposition", "liftSuspension", {**follow, "dispositionId": of_another},
        [("NOT_FOUND", "register.no_disposition")], of_another,
    )  # fmt: skip
    yield verb(
        "ends before it begins", "suspendLicence", {**suspend, "endDate": "2001-02-03"},
        [("INVALID_VALUE", "act.period")], "2001-02-03",
    )  # fmt: skip
    for start, end in ((TODAY, "9998-07-06"), ("9998-07-06", "9999-12-31"), ("9999-12-31", "9999-12-31")):
        given = {**suspend, "startDate": start, "endDate": end}
        wanted = [("INVALID_VALUE", "act.too_far")]
        yield verb(f"from {start} to {end}", "suspendLicence", given, wanted, end)
    yield verb(
        "no end", "suspendLicence", {k: v for k, v in suspend.items() if k != "endDate"}, ["BAD_VARIABLES"]
    )
    reveal = {"licenceId": id, "purpose": "test", "legalBasis": "number_use"}
    yield verb(
        "no purpose", "revealNumber", {**reveal, "purpose": " "}, [("REQUIRED", "identity.purpose_required")]
    )
    yield verb("long purpose", "revealNumber", {**reveal, "purpose": CANARY * 100}, TOO_LONG)
    basis = [("INVALID_VALUE", "act.legal_basis")]
    yield verb("unknown basis", "revealNumber", {**reveal, "legalBasis": CANARY}, basis)
    enrol = {"licenceId": id, "number": "314159265358", "verifiedBy": "MY_NUMBER_CARD"}
    digit = [("INVALID_VALUE", "number.check_digit")]
    yield verb("wrong check digit", "enrolNumber", enrol, digit, "314159265358")
    for kind in ("RESIDENT_CODE", "INSTITUTION_CODE"):
        given = {**enrol, "kind": kind, "number": f"{CANARY}\x00"}
        wanted = [("INVALID_VALUE", f"number.{kind.lower()}")]
        yield verb(f"{kind} of another form", "enrolNumber", given, wanted)


async def reads(registers: Registers) -> list[Bad]:
    """Arguments of queries."""
    api, token = registers.api, registers.granted()
    listed = "doctorLicences(first: 1, orderBy: %s) { pageInfo { endCursor } }"
    order = "REGISTRATION_NUMBER_ASC"
    cursor = (await api.call(token, f"{{ {listed % order} }}")).data["doctorLicences"]["pageInfo"][
        "endCursor"
    ]
    history = "query($by: LicenceKey!) { licence(by: $by) { history(first: 1) { pageInfo { endCursor } } } }"
    found = await api.call(token, history, {"by": {"id": registers.ids["suspended"]}})
    of_history = found.data["licence"]["history"]["pageInfo"]["endCursor"]
    made = []
    page = (
        "($first: Int, $last: Int, $after: String, $before: String, $order: LicenceOrder!) { doctorLicences("
    )
    page += "first: $first, last: $last, after: $after, before: $before, orderBy: $order) { nodes { id } } }"
    other = "REGISTRATION_DATE_ASC"
    for name, given, code in (
        ("negative page", {"first": -1}, "INVALID_VALUE"), ("page of 501", {"first": 501}, "INVALID_VALUE"),
        ("negative last page", {"last": -1}, "INVALID_VALUE"), ("last page of 501", {"last": 501}, "INVALID_VALUE"),
        ("both first and last", {"first": 1, "last": 1}, "INVALID_VALUE"),
        ("no cursor", {"after": CANARY}, "BAD_CURSOR"), ("empty cursor", {"after": ""}, "BAD_CURSOR"),
        ("cursor beyond ASCII", {"before": "髙橋"}, "BAD_CURSOR"),
        ("altered cursor", {"after": cursor[:-4] + "AAAA"}, "BAD_CURSOR"),
        ("cursor of another order", {"after": cursor, "order": other}, "BAD_CURSOR"),
        ("cursor of a history", {"before": of_history}, "BAD_CURSOR"),
    ):  # fmt: skip
        made.append(query(name, page, [code], CANARY, **{"order": order, **given}))
    steps = "($by: LicenceKey!, $first: Int, $last: Int, $after: String) { licence(by: $by) { "
    steps += "history(first: $first, last: $last, after: $after) { nodes { id } } } }"
    by = {"by": {"id": registers.ids["registered"]}}
    for name, given, code in (
        ("history: negative page", {"first": -1}, "INVALID_VALUE"),
        ("history: page of 501", {"first": 501}, "INVALID_VALUE"),
        ("history: both", {"first": 1, "last": 1}, "INVALID_VALUE"),
        ("history: cursor of a list", {"after": cursor}, "BAD_CURSOR"),
        ("history: cursor of another licence", {"after": of_history}, "BAD_CURSOR"),
    ):
        made.append(query(name, steps, [code], CANARY, **by, **given))
    return [*made, *_searches(), *_filters()]


def _searches() -> Iterator[Bad]:
    key = "($by: LicenceKey!) { licence(by: $by) { id } }"
    for control in ("", "\x00", "\x07", "\ufdd0"):
        text = f"{CANARY}{control}"
        for by in (
            {"id": text}, {"pseudonym": text}, {"registrationNumber": {"profession": "doctor", "number": text}},
            {"registrationNumber": {"profession": text, "number": "1"}},
        ):  # fmt: skip
            yield query(f"licence by {by!r}", key, {"licence": None}, CANARY, by=by)
        number: dict[str, Any] = {"individualNumber": {"profession": text, "number": NUMBER}}
        yield query(f"number in {text!r}", key, ["FORBIDDEN"], CANARY, by=number)
        number = {"individualNumber": {"profession": "doctor", "number": text}}
        yield query(f"number {text!r}", key, ["INVALID_VALUE"], CANARY, by=number)
    number = {"individualNumber": {"profession": "doctor", "number": "314159265358"}}
    yield query("number with a wrong check digit", key, ["INVALID_VALUE"], "314159265358", by=number)
    both = {"id": CANARY, "pseudonym": CANARY}
    yield query("two keys", key, ["BAD_VARIABLES"], CANARY, by=both)
    yield query("no key", key, ["BAD_VARIABLES"], CANARY, by={})
    literal = '{ licence(by: {individualNumber: {profession: "doctor", number: "987654321093"}}) { id } }'
    yield query("number as a literal", literal, ["VARIABLES_REQUIRED"], "987654321093")
    default = '($n: String! = "987654321093") {'
    default += ' licence(by: {individualNumber: {profession: "doctor", number: $n}}) { id } }'
    yield query("number as a default", default, ["VARIABLES_REQUIRED"], "987654321093")
    name = f'{{ doctorLicences(filter: {{name: {{family: "{CANARY}"}}}}) {{ nodes {{ id }} }} }}'
    yield query("name as a literal", name, ["VARIABLES_REQUIRED"])
    nodes = "($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    yield query("101 nodes", nodes, ["INVALID_VALUE"], CANARY, ids=[CANARY] * 101)
    yield query("nodes of no id", nodes, {"nodes": [None, None]}, CANARY, ids=[CANARY, f"{CANARY}\x00"])


def _filters() -> Iterator[Bad]:
    page = "($filter: DoctorLicenceFilter!) { doctorLicences(filter: $filter) { nodes { id } totalCount } }"
    none = {"doctorLicences": {"nodes": [], "totalCount": 0}}
    for name, given, wanted in (
        ("NUL in a register number", {"registrationNumber": f"{CANARY}\x00"}, none),
        ("NUL in a code", {"forwardingPrefectureIn": [f"{CANARY}\x00"]}, none),
        ("NUL in a name", {"name": {"family": f"{CANARY}\x00"}}, none),
        ("short reading", {"name": {"kanaPrefix": "ア"}}, ["INVALID_VALUE"]),
        ("birth date", {"birthDate": CANARY}, ["INVALID_VALUE"]),
        ("state", {"stateIn": [CANARY]}, ["BAD_VARIABLES"]),
        ("impossible range", {"registrationDate": {"from": "2023-02-30"}}, ["BAD_VARIABLES"]),
        ("very many codes", {"forwardingPrefectureIn": [CANARY] * 40_000}, ["TOO_COMPLEX"]),
        ("very many states", {"stateIn": ["REGISTERED"] * 40_000}, ["TOO_COMPLEX"]),
    ):
        yield query(
            f"filter: {name}", page, wanted, "2023-02-30" if "range" in name else CANARY, filter=given
        )
    key = "($by: LicenceKey!, $day: Date) { licence(by: $by) { state(on: $day) } }"
    yield query("impossible day", key, ["BAD_VARIABLES"], "2023-02-30", by={"id": "x"}, day="2023-02-30")


def came(answer: Answer) -> object:
    """(code, rule) of each user error, else the codes of the errors, else the data."""
    if answer.codes:
        return answer.codes
    [found] = answer.data.values()
    return answer.refusals if isinstance(found, dict) and "userErrors" in found else answer.data


class Watch:
    """Judges bad requests: what came back, whether the value did, whether a row changed."""

    def __init__(self, api: Api, caplog: pytest.LogCaptureFixture) -> None:
        self.api, self.caplog = api, caplog
        caplog.set_level(logging.INFO)

    def leaked(self, answer: Answer, planted: str) -> bool:
        """Whether the answer or the log repeats the value."""
        logged = "".join(f"{r.getMessage()}{r.__dict__}" for r in self.caplog.records)
        texts = (planted, orjson.dumps(planted).decode()[1:-1])
        return any(text in where for text in texts for where in (answer.text, logged))

    async def judge(self, token: str, bads: list[Bad]) -> dict[str, object]:
        """What is wrong with the answers, by the name of the case."""
        wrong: dict[str, object] = {}
        before = await self.api.digest()
        for bad in bads:
            self.caplog.clear()
            answer = await self.api.call(token, bad.document, bad.variables)
            after = await self.api.digest()
            got = (came(answer), self.leaked(answer, bad.planted), after != before)
            if got != (bad.wanted, False, False):
                wrong[bad.name] = got
            before = after
        return wrong


@pytest.fixture
def watch(registers: Registers, caplog: pytest.LogCaptureFixture) -> Watch:
    """Judges requests to registers with licences in them."""
    return Watch(registers.api, caplog)


async def test_bad_entries(registers: Registers, watch: Watch) -> None:
    assert await watch.judge(registers.granted(), list(entries())) == {}


async def test_bad_acts(registers: Registers, watch: Watch) -> None:
    assert await watch.judge(registers.granted(), list(acts(registers))) == {}


async def test_bad_reads(registers: Registers, watch: Watch) -> None:
    assert await watch.judge(registers.granted(), await reads(registers)) == {}


async def test_the_cases_are_sound_but_for_what_is_wrong(registers: Registers, watch: Watch) -> None:
    """Without its one fault each would have passed: what is refused above is the fault."""
    token, id = registers.granted(), registers.ids["registered"]
    entry = verb("sound", "registerDoctorLicence", {**registration(8), "validateOnly": True}, [])
    act = verb("sound", "correctDoctorLicence", {**correction(id, "一子"), "validateOnly": True}, [])
    assert await watch.judge(token, [entry, act]) == {}


RAW = {
    "a lone surrogate": (rb'"\ud800' + CANARY.encode() + b'"', 400, "BAD_REQUEST"),
    "half a pair": (b'"' + CANARY.encode() + rb'\udc00"', 400, "BAD_REQUEST"),
    "bytes that are no UTF-8": (b'"' + CANARY.encode() + b'\xff"', 400, "BAD_REQUEST"),
    "a surrogate in UTF-8": (b'"' + CANARY.encode() + b'\xed\xa0\x80"', 400, "BAD_REQUEST"),
    "a bare NUL": (b'"' + CANARY.encode() + b'\x00"', 400, "BAD_REQUEST"),
    "10 MB": (b'"' + CANARY.encode() * 1_200_000 + b'"', 413, "TOO_LARGE"),
    "no text": (b"[" * 100_000 + CANARY.encode(), 400, "BAD_REQUEST"),
}


@pytest.mark.parametrize(("name", "status", "code"), RAW.values(), ids=RAW)
async def test_bad_bytes(registers: Registers, watch: Watch, name: bytes, status: int, code: str) -> None:
    """As the name of a person to be registered, and as a register number that is looked for."""
    before = await registers.api.digest()
    given = registration(8)
    body = orjson.dumps(
        {
            "query": "mutation($input: RegisterDoctorLicenceInput!)"
            " { registerDoctorLicence(input: $input) { action { id } } }",
            "variables": {"input": {**given, "register": {**spelt(doctor(8)), "familyName": "@"}}},
        }
    )
    lookup = orjson.dumps(
        {"query": "query($n: String!) { licence(by: {pseudonym: $n}) { id } }", "variables": {"n": "@"}}
    )
    for sent in (body, lookup):
        answer = await registers.api.send(registers.granted(), sent.replace(b'"@"', name))
        assert (answer.status, answer.codes) == (status, [code])
        assert len(answer.text) < 300
        assert not watch.leaked(answer, CANARY)
    assert await registers.api.digest() == before


async def test_a_replayed_key(registers: Registers, watch: Watch) -> None:
    """The same body gives the same outcome and is done once; another body is refused, whatever differs."""
    token, api = registers.granted(), registers.api
    given = {**registration(8), "individualNumber": "111111111118", "verifiedBy": "MY_NUMBER_CARD"}
    document = (
        "mutation($input: RegisterDoctorLicenceInput!) { registerDoctorLicence(input: $input)"
        f" {{ licence {{ id }} action {{ id }} {USER_ERRORS} }} }}"
    )
    first = await api.call(token, document, {"input": given})
    assert first.refusals == []
    before = await api.digest()
    again = await api.call(token, document, {"input": given})
    assert (again.payload, await api.digest()) == (first.payload, before)
    changes: tuple[dict[str, object], ...] = (
        {"register": {**spelt(doctor(8)), "givenName": CANARY}},
        {"reasonText": CANARY},
        {"individualNumber": "987654321093"},
        {"individualNumber": None},
        {"verifiedBy": "PAPER_COPY"},
    )
    reused = [("IDEMPOTENCY_KEY_REUSED", "act.key_reused")]
    for change in changes:
        answer = await api.call(token, document, {"input": {**given, **change}})
        assert came(answer) == reused, change
        assert not watch.leaked(answer, CANARY)
        assert not watch.leaked(answer, "987654321093")
    assert await api.digest() == before


@pytest.mark.parametrize(
    ("raw", "rule"), [("1872-12-31", "date.before_1873"), ("1868-01-25", "date.before_1873"), (CANARY, "date.not_iso")]
)  # fmt: skip
def test_an_era_date_before_the_gregorian_calendar(raw: str, rule: str, store: object) -> None:
    """No item of doctors is a pair of era and date: this is the layer that reads every item."""
    item = Item(name="entered", label="登録日", en="Entered", kind=BY_TYPE[EraDate])
    value, findings = validation.read_value(item, raw, lambda *_: True, ("register", "entered"))
    assert value is None
    assert [(f.path, f.code, f.rule) for f in findings] == [
        (("register", "entered"), FindingCode.INVALID_VALUE, rule)
    ]
    assert not any(raw in text for f in findings for text in (f.ja, f.en))
    assert isinstance(findings[0], Finding)
