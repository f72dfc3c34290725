"""No value of a request is ever in an answer or in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable

import httpx
import pytest
from graphql import GraphQLError, build_schema, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from meibo import errors
from meibo.errors import InvalidValue, MeiboError, OperatorError
from meibo_graphql.http import GraphQLEndpoint, SchemaExecutor
from meibo_graphql.sanitizing import SAFE_RULES, ErrorCode, SafeError, sanitize
from meibo_graphql.sanitizing.allowed import is_allowed

CANARY = "999999999996"
NAME_CANARY = "ヤマダタロウ"

SDL = """
enum Sex { MALE FEMALE }
scalar Date
input NumberKey { profession: ID!, number: String! }
input Key @oneOf { id: ID, number: NumberKey }
input Register { birthDate: Date, sex: Sex, age: Int, tags: [String!], familyName: String! }
interface Node { id: ID! }
type Doctor implements Node { id: ID!, name: String, holder(by: Key): Doctor }
type Office implements Node { id: ID! }
type Query {
  licence(by: Key!, on: Date): Doctor
  number(value: Int): Int
  big: Int!
  broken(value: String): String
  refused(value: String): String
  register(input: Register, inputs: [Register!]): String
  text(value: String): String
}
type Mutation { write(input: Register!): String }
type Subscription { a: Int, b: Int }
"""


def no_date(value: object) -> str:
    """A scalar of the kind that repeats what it refuses."""
    raise InvalidValue("date.bad", "日付が正しくありません。", "Dates are written 1950-05-03.")


def refuse(_root: object, _info: object, value: str | None = None) -> str:
    raise GraphQLError(f"there is no {value}")


def fail(_root: object, _info: object, value: str | None = None) -> str:
    try:
        raise KeyError(value)
    except KeyError:
        raise RuntimeError(f"no row for {value} {NAME_CANARY}") from None


async def fail_late(root: object, info: object, value: str | None = None) -> str:
    return fail(root, info, value)


SCHEMA = build_schema(SDL)
SCHEMA.type_map["Date"].coerce_input_value = no_date  # type: ignore[attr-defined]
QUERY = SCHEMA.query_type
assert QUERY
QUERY.fields["big"].resolve = lambda *_: int(CANARY) * 10**6
QUERY.fields["broken"].resolve = fail_late
QUERY.fields["refused"].resolve = refuse
QUERY.fields["text"].resolve = lambda *_, value=None: "ok"

PERSONAL = frozenset({"NumberKey.number", "Query.text(value:)", "Register"})


async def nobody(_request: Request) -> object:
    return None


ENDPOINT = GraphQLEndpoint(SCHEMA, nobody)
GUARDED = GraphQLEndpoint(SchemaExecutor(SCHEMA, personal=PERSONAL), nobody)

Ask = Callable[..., Awaitable[httpx.Response]]


async def ask(
    query: object, variables: object = None, *, endpoint: object = ENDPOINT, **rest: object
) -> httpx.Response:
    """Send one operation to the endpoint."""
    transport = httpx.ASGITransport(app=endpoint)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        body = {"query": query, "variables": variables, **rest}
        return await client.post("/", json=body, headers={"accept": "application/graphql-response+json"})


def errors_of(response: httpx.Response) -> list[tuple[str, str]]:
    return [(e["extensions"]["code"], e["message"]) for e in response.json()["errors"]]


REFUSED_VALUES = [
    (
        "{ number(value: 999999999996) }",
        None,
        "VALIDATION_FAILED",
        "The value at `number(value:)` is not a valid Int.",
    ),
    (
        '{ number(value: "999999999996") }',
        None,
        "VALIDATION_FAILED",
        "The value at `number(value:)` is not a valid Int.",
    ),
    (
        "query($v: Int) { number(value: $v) }",
        {"v": 999999999996},
        "BAD_VARIABLES",
        "The value at `$v` is not a valid Int.",
    ),
    (
        "query($v: Int = 999999999996) { number(value: $v) }",
        None,
        "VALIDATION_FAILED",
        "The value at `$v` is not a valid Int.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"familyName": "x", "birthDate": CANARY}},
        "BAD_VARIABLES",
        "The value at `$i.birthDate` is not a valid Date. Dates are written 1950-05-03.",
    ),
    (
        "query($i: [Register!]) { register(inputs: $i) }",
        {"i": [{"familyName": "x"}, {"familyName": CANARY, "tags": ["a", [CANARY]]}]},
        "BAD_VARIABLES",
        "The value at `$i[1].tags[1]` is not a valid String.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"age": 1, "sex": "MALE", "tags": [CANARY]}},
        "BAD_VARIABLES",
        "The value at `$i` lacks the field 'familyName', which Register requires.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"familyName": CANARY, CANARY: 1}},
        "BAD_VARIABLES",
        "The value at `$i` has a field that Register does not have.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"familyName": CANARY, "birthdate": 1}},
        "BAD_VARIABLES",
        "The value at `$i` has a field that Register does not have. Did you mean 'birthDate'?",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"familyName": CANARY, f"x'. Did you mean '{CANARY}": 1}},
        "BAD_VARIABLES",
        "The value at `$i` has a field that Register does not have.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": CANARY},
        "BAD_VARIABLES",
        "The value at `$i` is not a valid Register.",
    ),
    (
        "query($i: Register) { register(input: $i) }",
        {"i": {"familyName": CANARY, "sex": CANARY}},
        "BAD_VARIABLES",
        "The value at `$i.sex` is not a valid Sex.",
    ),
    (
        "query($k: Key!) { licence(by: $k) { id } }",
        {"k": {"id": CANARY, "number": {"profession": "x", "number": CANARY}}},
        "BAD_VARIABLES",
        "The value at `$k` must have exactly one field of Key, and it must not be null.",
    ),
    (
        "query($k: Key!) { licence(by: $k) { id } }",
        {"k": None},
        "BAD_VARIABLES",
        "The value at `$k` must be given and must not be null: it is of type Key!.",
    ),
    (
        "{ licence(by: {number: {profession: 1, number: 999999999996}}) { id } }",
        None,
        "VALIDATION_FAILED",
        "The value at `licence(by:).number.number` is not a valid String.",
    ),
    (
        '{ licence(by: {number: {profession: "999999999996"}}) { id } }',
        None,
        "VALIDATION_FAILED",
        "The value at `licence(by:).number` lacks the field 'number', which NumberKey requires.",
    ),
    (
        '{ licence(by: {id: "x"}, on: "999999999996") { id } }',
        None,
        "VALIDATION_FAILED",
        "The value at `licence(on:)` is not a valid Date.",
    ),
    ("{ register(input: {sex: 999999999996, familyName: 1}) }", None, "VALIDATION_FAILED", None),
    (
        '{ text @include(if: "999999999996") }',
        None,
        "VALIDATION_FAILED",
        "The value at `@include(if:)` is not a valid Boolean.",
    ),
    ("{ text(value: 999999999996abc) }", None, "PARSE_FAILED", "Syntax error at line 1, column 27."),
    ('{ text(value: "999999999996', None, "PARSE_FAILED", "Syntax error at line 1, column 28."),
    ("{ text(999999999996) }", None, "PARSE_FAILED", "Syntax error at line 1, column 8."),
    ("{ text(value: ヤマダタロウ) }", None, "PARSE_FAILED", "Syntax error at line 1, column 15."),
]


@pytest.mark.parametrize(("query", "variables", "code", "message"), REFUSED_VALUES)
async def test_refused_values_are_named_by_place(
    query: str, variables: object, code: str, message: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    response = await ask(query, variables)
    assert response.status_code == 400
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == code
    if message:
        assert errors_of(response) == [(code, message)]
    assert_clean(response, caplog)


def assert_clean(response: httpx.Response, caplog: pytest.LogCaptureFixture) -> None:
    """No canary in the answer, nor in anything that was logged."""
    seen = response.text + json.dumps(response.json(), ensure_ascii=False) + str(response.headers)
    for record in caplog.records:
        if record.name.startswith("httpx"):
            continue
        seen += logging.Formatter().format(record) + repr(record.__dict__)
    assert CANARY not in seen
    assert NAME_CANARY not in seen


async def test_domain_errors_of_a_scalar_keep_their_japanese_sentence() -> None:
    response = await ask("query($d: Date) { licence(by: {id: 1}, on: $d) { id } }", {"d": CANARY})
    assert response.json()["errors"][0]["extensions"] == {
        "code": "BAD_VARIABLES",
        "messageJa": "日付が正しくありません。",
    }


FAULTS = [
    ("{ big }", None),
    ("query($v: String) { broken(value: $v) }", {"v": CANARY}),
    ("query($v: String) { a: broken(value: $v) b: broken(value: $v) big }", {"v": CANARY}),
    ("query($v: String) { refused(value: $v) }", {"v": CANARY}),
]


@pytest.mark.parametrize(("query", "variables"), FAULTS)
async def test_faults_are_masked_and_logged_without_text(
    query: str, variables: object, caplog: pytest.LogCaptureFixture
) -> None:
    response = await ask(query, variables)
    assert response.status_code == 200
    error = response.json()["errors"][0]
    assert error["message"] == "Something went wrong on the server. Quote the incident when you report it."
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["incident"] in caplog.text
    assert_clean(response, caplog)


async def test_the_log_names_class_file_and_function(caplog: pytest.LogCaptureFixture) -> None:
    await ask("query($v: String) { broken(value: $v) }", {"v": CANARY})
    assert "builtins.RuntimeError" in caplog.text
    assert "builtins.KeyError" in caplog.text
    assert "test_sanitizing.py" in caplog.text
    assert " fail\n" in caplog.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wrap=st.recursive(
        st.just(CANARY) | st.just(int(CANARY)) | st.just(NAME_CANARY),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "number", "profession", "familyName", "birthDate", "sex", "age", "tags", CANARY]
                ),
                inner,
                min_size=1,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
    query=st.sampled_from(
        [
            "query($v: Key!) { licence(by: $v) { id } }",
            "query($v: Register) { register(input: $v) }",
            "query($v: [Register!]) { register(inputs: $v) }",
            "query($v: Int) { number(value: $v) }",
            "query($v: Date) { licence(by: {id: 1}, on: $v) { id } }",
            "query($v: String) { broken(value: $v) }",
            "query($v: Register!) { x: number register(input: $v) }",
            "query($v: Sex!) { register(input: {familyName: 1, sex: $v}) }",
        ]
    ),
)
async def test_no_shape_of_variables_leaks(
    wrap: object, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert_clean(await ask(query, {"v": wrap}), caplog)
    assert_clean(await ask(query, wrap), caplog)
    assert_clean(await ask(query, {"v": wrap}, operationName=CANARY), caplog)
    assert_clean(await ask(wrap, {}), caplog)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 90),
    literal=st.sampled_from(
        [CANARY, f'"{CANARY}"', f'"""{NAME_CANARY}"""', f"[{CANARY}]", f'{{number: "{CANARY}"}}']
    ),
    place=st.sampled_from(
        ["number(value: %s)", "licence(by: %s) { id }", "register(input: {sex: %s})", "text(%s)"]
    ),
    noise=st.text(max_size=3),
)
async def test_no_broken_document_leaks(
    cut: int, literal: str, place: str, noise: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = "query Q { " + place % literal + " }"
    assert_clean(await ask(document), caplog)
    assert_clean(await ask(document[:cut] + noise + document[cut:]), caplog)


INVALID_DOCUMENTS = [
    "type Nope { a: Int }",
    "query A { big } query A { big }",
    "{ big } query A { big }",
    "subscription { a b }",
    "subscription S { __typename }",
    "subscription S { a @skip(if: true) }",
    "query($v: Nope) { number(value: $v) }",
    "query($v: Sez) { number(value: $v) }",
    "{ ... on Sex { a } }",
    "fragment F on Int { a } { ...F }",
    "query($v: Doctor) { number(value: $v) }",
    "{ big { a } }",
    "{ licence(by: {id: 1}) }",
    "{ bug }",
    "{ nothing_alike }",
    "fragment F on Query { big } fragment F on Query { big } { ...F }",
    "{ ...Nope }",
    "fragment F on Query { big } { big }",
    "{ licence(by: {id: 1}) { ... on Office { id } } }",
    "fragment F on Office { id } { licence(by: {id: 1}) { ...F } }",
    "fragment F on Query { ...G } fragment G on Query { ...F } { ...F }",
    "query($v: Int, $v: Int) { number(value: $v) }",
    "{ number(value: $v) }",
    "query Q { number(value: $v) }",
    "query($v: Int) { big }",
    "query Q($v: Int) { big }",
    "{ big @nope }",
    "query @include(if: true) { big }",
    "{ big @skip(if: true) @skip(if: true) }",
    "{ number(valuu: 1) }",
    "{ big @skip(of: true, if: true) }",
    "{ number(value: 1, value: 2) }",
    "{ licence { id } }",
    "{ big @skip }",
    "query($v: String) { number(value: $v) }",
    "query($v: ID, $k: ID!) { licence(by: {id: $k}) { holder(by: {id: $v}) { id } } }",
    "{ a: big a: number }",
    "{ a: number(value: 1) a: number(value: 2) }",
    "{ a: licence(by: {id: 1}) { b: id } a: licence(by: {id: 1}) { b: name } }",
    "{ licence(by: {id: 1, id: 1}) { id } }",
    "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
]


@pytest.mark.parametrize("document", INVALID_DOCUMENTS)
def test_helpful_messages_survive(document: str) -> None:
    """Every rule of the library that names only names keeps its words."""
    found = validate(SCHEMA, parse(document), SAFE_RULES)
    assert found
    kept = [sanitize(error, SCHEMA).message for error in found]
    assert kept == [error.message for error in found]


def test_unknown_messages_are_replaced() -> None:
    error = sanitize(GraphQLError(f"a new rule says {CANARY}"))
    assert (error.code, error.message) == (ErrorCode.VALIDATION_FAILED, "The operation is not valid here.")
    assert not is_allowed(f"Unknown type '{NAME_CANARY}'.")
    assert not is_allowed(f"Unknown argument 'x' on field 'Query.y'. {CANARY}")


def test_sanitizing_twice_changes_nothing() -> None:
    once = sanitize(GraphQLError("x"))
    assert sanitize(once) is once


def every_error(root: type[MeiboError]) -> list[type[MeiboError]]:
    return [root, *(sub for child in root.__subclasses__() for sub in every_error(child))]


def test_every_domain_error_has_a_documented_code() -> None:
    shown = [
        e
        for e in every_error(MeiboError)
        if not issubclass(e, OperatorError) and e.__module__ == errors.__name__
    ]
    assert len(shown) > 5
    assert {e.code for e in shown} <= set(ErrorCode)


def test_operators_errors_are_masked(caplog: pytest.LogCaptureFixture) -> None:
    error = sanitize(errors.SettingsError(f"MEIBO_KEY_FILE {CANARY}"))
    assert error.code is ErrorCode.INTERNAL
    assert CANARY not in error.message + caplog.text


def test_a_plugins_error_takes_the_code_of_its_nearest_documented_class() -> None:
    class TooYoung(errors.InvalidValue):
        code = "VET_TOO_YOUNG"

    error = sanitize(TooYoung("vet.age", "若すぎます。", "Too young."))
    assert (error.code, error.message) == (ErrorCode.INVALID_VALUE, "Too young.")


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_is_described_in_one_line(code: ErrorCode) -> None:
    assert code.description.endswith(".")
    assert "\n" not in code.description
    assert 400 <= code.status < 600


def test_safe_errors_get_the_place_of_the_field() -> None:
    raised = SafeError(ErrorCode.TOO_COMPLEX, "Too deep.", limit=3)
    error = sanitize(GraphQLError("x", path=["a", 0], original_error=raised))
    assert error.formatted == {
        "message": "Too deep.",
        "path": ["a", 0],
        "extensions": {"code": "TOO_COMPLEX", "limit": 3},
    }


LITERALS = [
    ('{ text(value: "999999999996") }', ["text(value:)"]),
    (
        '{ licence(by: {number: {profession: "doctor", number: "999999999996"}}) { id } }',
        ["NumberKey.number"],
    ),
    ('query($p: ID!) { licence(by: {number: {profession: $p, number: "9"}}) { id } }', ["NumberKey.number"]),
    ('query($v: String = "999999999996") { text(value: $v) }', ["text(value:)"]),
    (
        'query($k: Key = {number: {profession: 1, number: "9"}}) { licence(by: {id: 1}) '
        "{ holder(by: $k) { id } } }",
        ["NumberKey.number"],
    ),
    ('{ register(input: {familyName: "9"}) }', ["register(input:)"]),
    ('{ register(inputs: [{familyName: "9"}]) }', ["register(inputs:)"]),
    (
        'query($f: String = "9") { ...F } fragment F on Query { text(value: $f) }',
        ["text(value:)"],
    ),
    ("{ text(value: null) }", []),
    ("query($v: String) { text(value: $v) }", []),
    ("query($n: String!) { licence(by: {number: {profession: 1, number: $n}}) { id } }", []),
    ("query($f: String!) { register(input: {familyName: $f}) }", []),
    ('{ licence(by: {id: "9"}) { id } }', []),
]


@pytest.mark.parametrize(("document", "places"), LITERALS)
def test_personal_places_take_variables_only(document: str, places: list[str]) -> None:
    rules = SchemaExecutor(SCHEMA, personal=PERSONAL).rules
    found = validate(SCHEMA, parse(document), rules)
    assert [e.message for e in found] == [
        f"Give `{place}` as a variable: it is personal, and documents are kept." for place in places
    ]
    assert {sanitize(e).code for e in found} <= {ErrorCode.VARIABLES_REQUIRED}


@pytest.mark.parametrize(
    "document",
    [
        "query($v: String) { text(value: $v) }",
        "query($k: Key!) { licence(by: $k) { id } }",
        "query($n: String!) { licence(by: {number: {profession: 1, number: $n}}) { id } }",
        "query($i: Register) { register(input: $i) }",
        '{ text(value: "9") }',
    ],
)
def test_personal_values_do_not_go_into_an_address(document: str) -> None:
    rules = SchemaExecutor(SCHEMA, personal=PERSONAL).address_rules
    codes = {sanitize(e).code for e in validate(SCHEMA, parse(document), rules)}
    assert codes == {ErrorCode.VARIABLES_REQUIRED}


async def test_variables_required_over_http(caplog: pytest.LogCaptureFixture) -> None:
    response = await ask(f'{{ text(value: "{CANARY}") }}', endpoint=GUARDED)
    assert response.status_code == 400
    assert errors_of(response) == [
        ("VARIABLES_REQUIRED", "Give `text(value:)` as a variable: it is personal, and documents are kept.")
    ]
    assert_clean(response, caplog)
