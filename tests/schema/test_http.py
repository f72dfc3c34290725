"""GraphQL over HTTP, byte for byte; `tests/conformance` runs the public audits on a whole server."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
import strawberry
from graphql.language import Token
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from meibo.errors import AuditUnavailable, Forbidden, Unauthenticated
from meibo_graphql.http import GraphQLEndpoint, GraphQLRequest, HttpLimits, Operation, Outcome, SchemaExecutor
from meibo_graphql.http.negotiation import MediaType, negotiate
from meibo_graphql.limits import OperationLimits
from meibo_graphql.sanitizing import ErrorCode, SafeError

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
ORIGIN = "https://staff.example.jp"
ORIGINS = frozenset({ORIGIN})
LIMITS = HttpLimits(
    body_bytes=2_000, execution_seconds=0.2, body_seconds=0.2, operation=OperationLimits(tokens=50)
)

written: list[str] = []


@strawberry.input(one_of=True)
class Key:
    id: strawberry.Maybe[strawberry.ID]
    number: strawberry.Maybe[str]


@strawberry.input
class Patch:
    name: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def licence(self, by: Key) -> str:
        return "id" if by.id else "number"

    @strawberry.field
    def patched(self, patch: Patch) -> str:
        return repr(patch.name)

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(5)
        return "late"

    @strawberry.field
    def forbidden(self) -> str | None:
        raise Forbidden("licence:register:read")

    @strawberry.field
    def far(self) -> strawberry.scalars.JSON:
        return strawberry.scalars.JSON(2**70)

    @strawberry.field
    def caller(self, info: strawberry.Info) -> str:
        return str(info.context["caller"])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def write(self, text: str = "x") -> str:
        written.append(text)
        return text


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)


async def context(request: Request) -> object:
    """The toy's sign-in: every token but two is somebody."""
    match request.headers.get("authorization"):
        case "Bearer wrong":
            raise Unauthenticated
        case "Bearer unaudited":
            raise AuditUnavailable
        case "Bearer broken":
            raise RuntimeError("password hunter2")
        case token:
            return {"caller": token}


ENDPOINT = GraphQLEndpoint(SCHEMA, context, limits=LIMITS, allowed_origins=ORIGINS)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/graphql", ENDPOINT)])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


def code_of(response: httpx.Response) -> str:
    """The one error's code; checks what every refusal has in common."""
    body = response.json()
    assert list(body) == ["errors"]
    assert len(body["errors"]) == 1
    assert response.headers["cache-control"] == "no-store"
    return str(body["errors"][0]["extensions"]["code"])


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


BAD_BODIES = [
    (b"", 400, "BAD_REQUEST"),
    (b"null", 400, "BAD_REQUEST"),
    (b'"query"', 400, "BAD_REQUEST"),
    (b"{", 400, "BAD_REQUEST"),
    (b'{"query": "\xff"}', 400, "BAD_REQUEST"),
    (b'{"query": "\\ud800"}', 400, "BAD_REQUEST"),
    (b'{"query": NaN}', 400, "BAD_REQUEST"),
    (b'[{"query": "{ hello }"}]', 400, "BAD_REQUEST"),
    (b"{}", 400, "BAD_REQUEST"),
    (b'{"query": null}', 400, "BAD_REQUEST"),
    (b'{"query": ["{ hello }"]}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "variables": []}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "variables": "{}"}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "operationName": 1}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "extensions": false}', 400, "BAD_REQUEST"),
    (b'{"documentId": 1}', 400, "BAD_REQUEST"),
    (b'{"query": "' + b"x" * 2_000 + b'"}', 413, "TOO_LARGE"),
]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
@pytest.mark.parametrize(("content", "status", "code"), BAD_BODIES)
async def test_bad_bodies(
    client: httpx.AsyncClient, content: bytes, status: int, code: str, accept: str
) -> None:
    headers = {"content-type": JSON, "accept": accept}
    response = await client.post("/graphql", content=content, headers=headers)
    assert (response.status_code, code_of(response)) == (status, code)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b'{"query":"{a}","variables":{"a":' + b"[" * 100_000]
)
async def test_deep_json_is_refused(content: bytes) -> None:
    endpoint = GraphQLEndpoint(SCHEMA, context)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        response = await client.post("/graphql", content=content, headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("depth", [101, 1_000, 100_000])
async def test_deep_documents_are_refused(depth: int) -> None:
    endpoint = GraphQLEndpoint(
        SCHEMA, context, limits=HttpLimits(operation=OperationLimits(tokens=1_000_000))
    )
    query = "query($k: Key!) { licence(by: " + "[" * depth + "]" * depth + ") }"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        response = await client.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL_RESPONSE})
    assert (response.status_code, code_of(response)) == (400, "TOO_COMPLEX")


async def test_a_body_without_length_is_cut_off(client: httpx.AsyncClient) -> None:
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield b"[" * 1_000

    response = await client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (413, "TOO_LARGE")
    assert taken <= 4


async def test_a_slow_body_is_given_up(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    response = await client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (408, "TOO_SLOW")


CONTENT_TYPES = [
    ("application/json", 200),
    ("application/json; charset=utf-8", 200),
    ('Application/JSON;Charset="UTF-8"', 200),
    ("application/json; charset=utf-16", 415),
    ("application/graphql", 415),
    ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415),
    ("", 415),
]


@pytest.mark.parametrize(("content_type", "status"), CONTENT_TYPES)
async def test_content_types(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.post("/graphql", content=b'{"query":"{ hello }"}', headers=headers)
    assert response.status_code == status
    if status == 415:
        assert code_of(response) == "UNSUPPORTED_MEDIA_TYPE"


async def test_compressed_bodies_are_refused(client: httpx.AsyncClient) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    response = await client.post("/graphql", content=b"x", headers=headers)
    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


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


MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"cookie": "session=1"}, 403, "PREFLIGHT_REQUIRED"),
        (MULTIPART, 403, "PREFLIGHT_REQUIRED"),
        (MULTIPART | {"x-meibo-preflight": "1"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
async def test_cookies_and_forms_need_a_preflight(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, code: str
) -> None:
    headers = {"content-type": JSON} | headers
    response = await client.post("/graphql", content=b'{"query":"mutation { write }"}', headers=headers)
    assert (response.status_code, code_of(response)) == (status, code)


@pytest.mark.parametrize("header", ["x-meibo-preflight", "apollo-require-preflight"])
async def test_cookies_with_the_preflight_header(client: httpx.AsyncClient, header: str) -> None:
    headers = {"cookie": "session=1", header: "1"}
    assert (await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)).status_code == 200
    assert (await client.get("/graphql?query={hello}", headers={"cookie": "a=1"})).status_code == 403


async def test_cors_is_denied_by_default(client: httpx.AsyncClient) -> None:
    foreign = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert (await client.options("/graphql", headers=foreign)).status_code == 400
    response = await client.post(
        "/graphql", json={"query": "{ hello }"}, headers={"origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in response.headers


async def test_cors_for_an_allowed_origin(client: httpx.AsyncClient) -> None:
    headers = {"origin": ORIGIN, "access-control-request-method": "POST"}
    headers["access-control-request-headers"] = "authorization,content-type,x-meibo-preflight"
    preflight = await client.options("/graphql", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in preflight.headers
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": ORIGIN})
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["vary"] == "Origin"


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


async def call(
    endpoint: GraphQLEndpoint, body: dict[str, object] | None = None, accept: str = JSON
) -> httpx.Response:
    """One POST to an endpoint of its own."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        return await client.post("/", json={"query": "{ hello }"} | (body or {}), headers={"accept": accept})


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


async def test_only_valid_documents_are_remembered(caplog: pytest.LogCaptureFixture) -> None:
    executor = SchemaExecutor(SCHEMA)
    for document in ("{ hello }", "{ hello }", "{ nope }", "{"):
        await executor(Operation(document), {})
    assert list(executor.prepared.kept) == [("{ hello }", False)]


def test_a_forgotten_document_leaves_nothing_to_the_collector_of_cycles() -> None:
    executor = SchemaExecutor(SCHEMA)
    gc.collect()
    before = tokens()
    executor.prepared_document(Operation("query Q { hello again: hello }"))
    gc.collect()  # Validation leaves cycles of its own.
    gc.disable()
    try:
        assert tokens() > before
        executor.prepared.kept.clear()
        assert tokens() == before
    finally:
        gc.enable()


def tokens() -> int:
    """Of all documents that are remembered in this process."""
    return sum(isinstance(each, Token) for each in gc.get_objects())


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
