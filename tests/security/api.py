"""A caller's view of the registry: GraphQL over HTTP in this process, and what every store holds afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

import httpx
import orjson
from sqlalchemy import Connection, Inspector, inspect, select, text

from meibo.access.permissions import Role
from meibo.access.principals import Principal, Surface
from meibo.access.tokens import Account, Tokens
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Store
from meibo.installation import Installation
from meibo_graphql.app import PATH, create_app
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.registry import registry_schema

HOLDING = (Store.REGISTER, Store.LINKS, Store.NUMBERS, Store.KEYS)
NO_RECORDS = ("audit_", "account", "token", "meibo_", "alembic_")
"""Tables that hold nothing of a licence."""
schema_of = lru_cache(8)(registry_schema)
"""The registry's schema, made once for each host."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the whole text, and its JSON."""

    status: int
    text: str

    @property
    def body(self) -> dict[str, Any]:
        """The JSON."""
        parsed: dict[str, Any] = orjson.loads(self.text)
        return parsed

    @property
    def data(self) -> dict[str, Any]:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.text
        found: dict[str, Any] = self.body["data"]
        return found

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.body.get("errors", ())]

    @property
    def payload(self) -> dict[str, Any]:
        """The payload of the only mutation."""
        [found] = self.data.values()
        assert isinstance(found, dict)
        return found

    @property
    def refusals(self) -> list[tuple[str, str | None]]:
        """(code, rule) of each user error."""
        return [(error["code"], error["rule"]) for error in self.payload["userErrors"]]


class GrantedTokens(Tokens):
    """The installation's tokens, and callers with permissions that no role has."""

    def __init__(self, real: Tokens) -> None:
        super().__init__(real.database, real.professions)
        self.granted: dict[str, Principal] = {}

    def grant(self, caller: Principal) -> str:
        """A token for a caller."""
        token = f"meibo_granted-{len(self.granted)}"
        self.granted[token] = caller
        return token

    async def principal(self, presented: str, surface: Surface) -> Principal:
        """Who presents a token."""
        return self.granted.get(presented) or await super().principal(presented, surface)


class Api(AbstractAsyncContextManager["Api"]):
    """The registry's API over an open installation."""

    def __init__(self, installation: Installation) -> None:
        self.tokens = GrantedTokens(installation.tokens)
        self.installation = replace(installation, tokens=self.tokens)
        self.ids = NodeIds(installation.keys.newest("nodes"), Surface.REGISTRY)
        transport = httpx.ASGITransport(create_app(self.installation, schema_of(installation.host)))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://registry.test", timeout=60)
        self._everything: dict[Store, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.http.aclose()

    async def sign_in(self, role: Role, *professions: str) -> str:
        """A token of an account in a role, for these professions."""
        id = f"{role}-{'-'.join(professions) or 'none'}"
        account = Account(
            id=id, name_ja=id, name_en=id, institution="Test office", role=role, professions=professions
        )
        await self.tokens.add_account(account)
        return await self.tokens.issue(id, "terminal-1")

    async def call(
        self, token: str | None, query: str, variables: Mapping[str, object] | None = None
    ) -> Answer:
        """One operation."""
        return await self.send(token, orjson.dumps({"query": query, "variables": variables or {}}))

    async def send(self, token: str | None, body: bytes) -> Answer:
        """One request body, byte for byte."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        response = await self.http.post(PATH, content=body, headers=headers)
        return Answer(response.status_code, response.text)

    def licence_id(self, licence: UUID) -> str:
        """The id by which the API knows a licence."""
        return self.ids.seal(NodeKind.LICENCE, licence)

    async def digest(self) -> str:
        """A digest of every row of register, links, numbers and keys."""
        hashed = hashlib.sha256()
        seen: set[str] = set()
        for store in HOLDING:
            database = self.installation.databases[store]
            if database.url in seen:
                continue
            seen.add(database.url)
            async with database.read(self.installation.scopes.numbers.values()) as connection:
                if store not in self._everything:
                    self._everything[store] = await connection.run_sync(_everything)
                rows = (await connection.exec_driver_sql(self._everything[store])).all()
                hashed.update(f"{store}|{sorted(map(tuple, rows))}".encode())
        return hashed.hexdigest()

    async def rows(self, table: str) -> int:
        """How many rows a table of the register has."""
        return await self.count(Store.REGISTER, table)

    async def count(self, store: Store, table: str) -> int:
        """How many rows a table of a store has."""
        scope = self.installation.scopes.numbers.values()
        async with self.installation.databases[store].read(scope) as connection:
            return int((await connection.execute(text(f'SELECT count(*) FROM "{table}"'))).scalar_one())

    async def leaves(self, after: int = 0) -> list[tuple[int, Leaf]]:
        """The audit store's leaves, by number."""
        leaf = audit_tables.leaf
        statement = select(leaf.c.number, leaf.c.body).where(leaf.c.number > after).order_by(leaf.c.number)
        async with self.installation.databases[Store.AUDIT].read() as connection:
            return [(row.number, decode(row.body).leaf) for row in await connection.execute(statement)]

    async def refusals(self, after: int = 0) -> list[tuple[str, str]]:
        """(operation, outcome) of the refusals that the audit store holds."""
        return [
            (leaf.operation, leaf.outcome)
            for _, leaf in await self.leaves(after)
            if leaf.kind is LeafKind.REFUSAL
        ]


def _everything(connection: Connection) -> str:
    """One statement that gives all rows of each table that holds records, as a text: a hundred would take long."""
    found = inspect(connection)
    names = sorted(n for n in found.get_table_names() if not n.startswith(NO_RECORDS))
    return " UNION ALL ".join(_whole(found, connection.dialect.name, name) for name in names)


def _whole(found: Inspector, dialect: str, name: str) -> str:
    if dialect != "sqlite":
        return f"SELECT '{name}', string_agg(t::text, '|' ORDER BY t::text) FROM \"{name}\" t"
    row = " || ',' || ".join(f'quote("{column["name"]}")' for column in found.get_columns(name))
    return f"SELECT '{name}', group_concat({row}, '|') FROM \"{name}\""
