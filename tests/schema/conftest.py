"""The registry's API over an installation of a test's own, spoken to by HTTP within the process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import httpx
import pytest
import strawberry
from sqlalchemy import event, select
from starlette.applications import Starlette

from meibo.access.permissions import Role
from meibo.access.tokens import Account
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Database, Store
from meibo.host import Host
from meibo.installation import Installation
from meibo_graphql.app import PATH, create_app
from meibo_graphql.registry import registry_schema
from tests.doctors import doctor_rows

Variables = Mapping[str, Any]
SILENT = "sqlite+aiosqlite:////nonexistent/meibo.db"
"""A store that never answers."""

ROWS = list(doctor_rows(7))
"""The tests' doctors, as rows of an import."""
TAKES = (
    "registration_number", "registration_date", "family_name", "given_name", "family_name_kana", "given_name_kana",
    "birth_date", "sex_code", "domicile_code", "forwarding_prefecture_code", "national_exam_pass_date",
    "national_exam_year", "received_date", "licence_type_code",
)  # fmt: skip
"""The items with which the tests' doctors are entered."""


@dataclass
class Caller:
    """Somebody with a token."""

    http: httpx.AsyncClient
    token: str

    async def send(self, query: str, variables: Variables | None = None, **body: Any) -> httpx.Response:
        """The response to an operation."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/graphql-response+json"}
        asked = {"query": query, "variables": dict(variables or {}), **body}
        return await self.http.post(PATH, json=asked, headers=headers)

    async def ask(self, query: str, variables: Variables | None = None) -> Any:
        """The data of an answer without errors."""
        answer = (await self.send(query, variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refused(self, query: str, variables: Variables | None = None) -> str:
        """The code of the one error of an answer that shows nothing."""
        answer = (await self.send(query, variables)).json()
        [error] = answer["errors"]
        assert not any((answer.get("data") or {}).values()), answer
        return str(error["extensions"]["code"])


@dataclass
class Api:
    """The server, and whoever speaks to it."""

    installation: Installation
    app: Starlette
    http: httpx.AsyncClient
    callers: dict[Role, Caller] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)
    silenced: list[Database] = field(default_factory=list)

    async def caller(self, role: Role = Role.OFFICER, professions: tuple[str, ...] = ("doctor",)) -> Caller:
        """A caller in a role, with an account of its own."""
        if role not in self.callers or professions != ("doctor",):
            name = f"{role}-{len(self.callers)}"
            tokens, office = self.installation.tokens, "Test office"
            made = Account(
                id=name, name_ja=name, name_en=name, institution=office, role=role, professions=professions
            )
            await tokens.add_account(made)
            self.callers[role] = Caller(self.http, await tokens.issue(name, "terminal-1"))
        return self.callers[role]

    def key(self) -> str:
        """A new idempotency key."""
        return f"key-{next(self.keys)}"

    async def register(self, index: int = 0, *, number: str | None = None, **items: Any) -> dict[str, Any]:
        """Enter a synthetic doctor by the API; gives id, pseudonym, version and register number."""
        clerk = await self.caller(Role.CLERK)
        given = register_input(self.key(), index, number, **items)
        payload = (await clerk.ask(REGISTER, {"input": given}))["registerDoctorLicence"]
        assert payload["userErrors"] == []
        return dict(payload["licence"])

    async def leaves(self, *kinds: LeafKind) -> list[Leaf]:
        """What the audit store holds, oldest first; of some kinds where any are named."""
        async with self.installation.databases[Store.AUDIT].read() as connection:
            bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
        found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
        return [each.leaf for each in found if not kinds or each.leaf.kind in kinds]

    @contextmanager
    def statements(self, store: Store = Store.REGISTER) -> Iterator[list[str]]:
        """The statements that one store is asked meanwhile."""
        asked: list[str] = []
        database = self.installation.databases[store]
        engine = database._reading.sync_engine

        def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        def heard(statement: str) -> None:
            if "JOIN token" not in statement:  # Who asks is known for a while.
                asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        database.heard.append(heard)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)
            database.heard.remove(heard)

    def silence(self, store: Store) -> None:
        """Let a store stop answering."""
        silent = Database(SILENT)
        self.silenced.append(self.installation.databases[store])
        self.installation.databases[store] = silent
        if store is Store.AUDIT:
            self.installation.audit._database = silent


REGISTER = """
mutation($input: RegisterDoctorLicenceInput!) {
  registerDoctorLicence(input: $input) {
    licence { id pseudonym version registrationNumber registrationDate state }
    action { id number verb }
    userErrors { code rule path message }
  }
}"""


def register_input(key: str, index: int = 0, number: str | None = None, **items: Any) -> dict[str, Any]:
    """What enters a synthetic doctor; `items` are those of the register, by their names in the API."""
    row = ROWS[index]
    values = {camel(name): value for name, value in row.items() if value and name in TAKES}
    values |= {"nationalExamYear": int(row["national_exam_year"])} | items
    given = {
        "idempotencyKey": key, "effectiveDate": row["registration_date"], "reason": "101", "legalBasis": "register",
        "register": values,
    }  # fmt: skip
    return given | ({"individualNumber": number, "verifiedBy": "MY_NUMBER_CARD"} if number else {})


def camel(name: str) -> str:
    """An identifier as the API spells it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def day(text: str) -> date:
    """A day as the API writes it."""
    return date.fromisoformat(text)


@pytest.fixture(scope="session")
def schema(host: Host) -> strawberry.Schema:
    """The registry's schema, made once."""
    return registry_schema(host)


@pytest.fixture
async def api(installation: Installation, schema: strawberry.Schema) -> AsyncIterator[Api]:
    """The server over an installation with code tables and no licences."""
    app = create_app(installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        opened = Api(installation, app, http)
        yield opened
        for database in opened.silenced:
            await database.close()


@pytest.fixture
async def officer(api: Api) -> Caller:
    """Somebody who may do everything but reveal numbers."""
    return await api.caller(Role.OFFICER)


@pytest.fixture
def entered(api: Api) -> Callable[[int], Awaitable[list[dict[str, Any]]]]:
    """Enters so many doctors, in the order of their register numbers."""

    async def enter(many: int) -> list[dict[str, Any]]:
        made = [await api.register(index) for index in range(many)]
        return sorted(made, key=lambda licence: int(licence["registrationNumber"]))

    return enter
