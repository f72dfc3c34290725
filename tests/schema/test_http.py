"""GraphQL over HTTP, byte for byte; `tests/conformance` runs the public audits on a whole server."""

from __future__ import annotations

import logging

import httpx
import pytest
import strawberry

from meibo.errors import Forbidden
from meibo_graphql.http import GraphQLEndpoint, GraphQLRequest, Operation, Outcome, SchemaExecutor
from meibo_graphql.http.negotiation import MediaType, negotiate
from meibo_graphql.sanitizing import ErrorCode, SafeError
from tests.schema.toy import GRAPHQL_RESPONSE, JSON, SCHEMA, Query, call, code_of, context, written
from tests.schema.toy import client as client


async def test_a_query_by_post(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }"})
    assert response.status_code == 200
    assert response.content == b'{"data":{"hello":"hello world"}}'
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_query_by_get(client: httpx.AsyncClient) -> None:
    params = {
        "query": "query H($n: String!) { hello(name: $n) }",
        "variables": '{"n":"医師"}',
        "operationName": "H",
    }
    response = await client.get("/graphql", params=params)
    assert response.json() == {"data": {"hello": "hello 医師"}}


ACCEPTED = [
    ("", MediaType.JSON),
    ("*/*", MediaType.JSON),
    ("application/*", MediaType.JSON),
    ("application/json", MediaType.JSON),
    ("APPLICATION/JSON; charset=UTF-8", MediaType.JSON),
    ("application/graphql-response+json", MediaType.GRAPHQL_RESPONSE),
    ('application/graphql-response+json; charset="utf-8"', MediaType.GRAPHQL_RESPONSE),
    ("application/graphql-response+json, application/json;q=0.9", MediaType.GRAPHQL_RESPONSE),
    ("application/json, application/graphql-response+json", MediaType.GRAPHQL_RESPONSE),
    ("application/graphql-response+json, */*", MediaType.GRAPHQL_RESPONSE),
    ("application/json, application/graphql-response+json;q=0.5", MediaType.JSON),
    ("*/*, application/json;q=0", MediaType.GRAPHQL_RESPONSE),
    ("text/html, */*;q=0.1", MediaType.JSON),
    ("application/json;q=5", MediaType.JSON),
    ("text/html", None),
    ("application/json;q=0", None),
    ("application/json;q=high", None),
    ("application/json;charset=shift_jis", None),
    (",;,=", None),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTED)
def test_negotiation(accept: str, expected: MediaType | None) -> None:
    assert negotiate(accept) is expected


async def test_nothing_acceptable_is_406(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"accept": "text/html"})
    assert (response.status_code, code_of(response)) == (406, "NOT_ACCEPTABLE")


REFUSED_OPERATIONS = [
    ({"query": "{"}, "PARSE_FAILED"),
    ({"query": ""}, "PARSE_FAILED"),
    ({"query": "{ " + "hello " * 60 + "}"}, "TOO_COMPLEX"),
    ({"query": "{ nope }"}, "VALIDATION_FAILED"),
    ({"query": "query($n: String!) { hello(name: $n) }"}, "BAD_VARIABLES"),
    ({"query": "{ hello }", "operationName": "Other"}, "BAD_REQUEST"),
    ({"query": "query A { hello } query B { hello }"}, "BAD_REQUEST"),
    ({"query": "fragment F on Query { hello }"}, "VALIDATION_FAILED"),
    ({"query": "subscription { ticks }"}, "BAD_REQUEST"),
    ({"query": "{ licence(by: {}) }"}, "VALIDATION_FAILED"),
    ({"query": '{ licence(by: {id: "a", number: "b"}) }'}, "VALIDATION_FAILED"),
    ({"query": "{ patched(patch: {name: null}) }"}, "BAD_VARIABLES"),
]


@pytest.mark.parametrize(("body", "code"), REFUSED_OPERATIONS)
async def test_refused_operations(client: httpx.AsyncClient, body: dict[str, object], code: str) -> None:
    modern = await client.post("/graphql", json=body, headers={"accept": GRAPHQL_RESPONSE})
    assert (modern.status_code, code_of(modern)) == (400, code)
    assert modern.headers["content-type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
    legacy = await client.post("/graphql", json=body, headers={"accept": JSON})
    assert (legacy.status_code, code_of(legacy)) == (200, code)


ONE_OF = [
    (
        {"id": "1", "number": "2"},
        "The value at `$k` must have exactly one field of Key, and it must not be null.",
    ),
    ({}, "The value at `$k` must have exactly one field of Key, and it must not be null."),
    ({"id": None}, "The value at `$k.id` must not be null."),
]


@pytest.mark.parametrize(("key", "message"), ONE_OF)
async def test_one_of_inputs_name_their_place(client: httpx.AsyncClient, key: object, message: str) -> None:
    body = {"query": "query($k: Key!) { licence(by: $k) }", "variables": {"k": key}}
    response = await client.post("/graphql", json=body)
    assert response.json()["errors"][0]["message"] == message
    assert code_of(response) == "BAD_VARIABLES"


async def test_one_of_inputs_arrive(client: httpx.AsyncClient) -> None:
    body = {"query": "query($k: Key!) { licence(by: $k) }", "variables": {"k": {"number": "2"}}}
    assert (await client.post("/graphql", json=body)).json() == {"data": {"licence": "number"}}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
async def test_mutations_need_post(client: httpx.AsyncClient, accept: str) -> None:
    written.clear()
    response = await client.get(
        "/graphql", params={"query": "mutation { write }"}, headers={"accept": accept}
    )
    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    assert written == []
    assert (await client.post("/graphql", json={"query": "mutation { write }"})).json() == {
        "data": {"write": "x"}
    }
    assert written == ["x"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


BAD_ADDRESSES = [
    "",
    "?query=",
    "?query={hello}&query={hello}",
    "?query={hello}&variables=[",
    "?query={hello}&variables=1",
    "?query={hello}&extensions=x",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
async def test_bad_addresses(client: httpx.AsyncClient, address: str) -> None:
    response = await client.get(f"/graphql{address}", headers={"accept": GRAPHQL_RESPONSE})
    assert response.status_code == 400
    assert code_of(response) in {"BAD_REQUEST", "PARSE_FAILED"}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
@pytest.mark.parametrize(
    ("token", "status", "code"), [("wrong", 401, "UNAUTHENTICATED"), ("unaudited", 503, "AUDIT_UNAVAILABLE")]
)
async def test_domain_errors_before_execution(
    client: httpx.AsyncClient, token: str, status: int, code: str, accept: str
) -> None:
    headers = {"authorization": f"Bearer {token}", "accept": accept}
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert (response.status_code, code_of(response)) == (status, code)
    assert response.json()["errors"][0]["extensions"]["messageJa"].endswith("。")
    assert ("www-authenticate" in response.headers) == (status == 401)


async def test_faults_before_execution_are_masked(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"authorization": "Bearer broken"}
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert (response.status_code, code_of(response)) == (500, "INTERNAL")
    assert response.json()["errors"][0]["extensions"]["incident"] in caplog.text
    assert "hunter2" not in response.text + caplog.text


async def test_domain_errors_of_a_field(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ hello forbidden }"})
    assert response.status_code == 200
    assert response.json() == {
        "data": {"hello": "hello world", "forbidden": None},
        "errors": [
            {
                "message": Forbidden("licence:register:read").en,
                "locations": [{"line": 1, "column": 9}],
                "path": ["forbidden"],
                "extensions": {"code": "FORBIDDEN", "messageJa": "この操作の権限がありません。"},
            }
        ],
    }


async def test_data_null_stays_200(client: httpx.AsyncClient) -> None:
    async def execute(operation: Operation, context: object) -> Outcome:
        return Outcome(None, [SafeError(ErrorCode.NOT_FOUND, "None.")])

    response = await call(GraphQLEndpoint(execute, context), accept=GRAPHQL_RESPONSE)
    assert response.status_code == 200
    assert response.json()["data"] is None


async def test_slow_operations_are_given_up(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ slow }"})
    assert (response.status_code, code_of(response)) == (503, "TIMEOUT")


async def test_what_json_cannot_hold_is_a_fault(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await client.post("/graphql", json={"query": "{ far }"})
    assert (response.status_code, code_of(response)) == (500, "INTERNAL")


async def test_the_context_reaches_resolvers(client: httpx.AsyncClient) -> None:
    headers = {"authorization": "Bearer me"}
    response = await client.post("/graphql", json={"query": "{ caller }"}, headers=headers)
    assert response.json() == {"data": {"caller": "Bearer me"}}


async def test_a_compiled_path_writes_its_own_bytes() -> None:
    async def execute(operation: Operation, context: object) -> Outcome:
        assert (operation.document, operation.variables, operation.read_only) == (
            "{ hello }",
            {"a": 1},
            False,
        )
        return Outcome(body=b'{"data":{"hello":"fast"}}')

    response = await call(GraphQLEndpoint(execute, context), {"variables": {"a": 1}})
    assert response.content == b'{"data":{"hello":"fast"}}'
    assert response.headers["cache-control"] == "no-store"


async def test_a_fault_of_the_executor_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    async def execute(operation: Operation, context: object) -> Outcome:
        raise RuntimeError("hunter2")

    response = await call(GraphQLEndpoint(execute, context))
    assert (response.status_code, code_of(response)) == (500, "INTERNAL")
    assert "hunter2" not in response.text + caplog.text


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "sha256:1"},
        {"doc_id": "sha256:1"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "sha256:1"}}},
    ],
)
async def test_trusted_documents_come_in_by_a_hook(body: dict[str, object]) -> None:
    def documents(request: GraphQLRequest) -> str:
        return {"sha256:1": "{ hello }"}[request.document_id or ""]

    response = await call(GraphQLEndpoint(SCHEMA, context, documents=documents), {"query": None} | body)
    assert response.json() == {"data": {"hello": "hello world"}}


def test_reprs_hold_no_values() -> None:
    secret = {"number": "999999999996"}
    parts = [
        Operation("{ a }", secret),
        GraphQLRequest("q", None, secret, secret, None, False),
        Outcome(secret),
    ]
    assert "999999999996" not in repr(parts)


async def test_nothing_is_logged_for_what_a_caller_did(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await client.post("/graphql", json={"query": "{ nope }"})
    await client.post("/graphql", json={"query": "{ forbidden }"})
    assert [r.name for r in caplog.records if not r.name.startswith(("httpx", "httpcore", "asyncio"))] == []


def test_declaring_one_of_leaves_the_sdl_alone() -> None:
    schema = strawberry.Schema(Query)
    before = str(schema)
    SchemaExecutor(schema)
    assert str(schema) == before
    assert before.count("input Key @oneOf") == 1
