"""A toy behind the endpoint: a schema of a few fields, a sign-in, small limits, and a client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from meibo.errors import AuditUnavailable, Forbidden, Unauthenticated
from meibo_graphql.http import GraphQLEndpoint, HttpLimits
from meibo_graphql.limits import OperationLimits

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


async def call(
    endpoint: GraphQLEndpoint, body: dict[str, object] | None = None, accept: str = JSON
) -> httpx.Response:
    """One POST to an endpoint of its own."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        return await client.post("/", json={"query": "{ hello }"} | (body or {}), headers={"accept": accept})
