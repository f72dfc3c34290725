"""Ten professions in one installation: synthetic holders of each imported, and read by interface and by type.

`MEIBO_TEST_HOLDERS=2000` is the issue's number of holders of each profession; without it there are a few.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from meibo.demo.filling import fill
from meibo.host import Host, load_host
from meibo.installation import open_installation
from meibo.settings import Settings
from meibo_graphql.app import PATH, create_app
from meibo_graphql.types import camel
from tests.installed import settings_of
from tests.postgres import PostgresDatabase, PostgresServer

HOLDERS = int(os.environ.get("MEIBO_TEST_HOLDERS", "3"))
LISTED = 400
INTERFACE = """query Header($ids: [ID!]!) { nodes(ids: $ids) { ... on Licence {
  id pseudonym registrationNumber registrationDate state version viewerMay
  profession { code name registerName } holder { fullName fullNameKana birthDate { value } sex { code label } }
} } }"""
pytestmark = pytest.mark.slow
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def host() -> Host:
    """Every profession that is installed."""
    return load_host()


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL, for the tests with all professions."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


@pytest.fixture
def settings(store: PostgresDatabase | None, tmp_path: Path) -> Settings:
    """Settings of an installation that holds nothing yet."""
    return settings_of(store, tmp_path)


@pytest.fixture
async def ask(settings: Settings, host: Host) -> AsyncIterator[Ask]:
    """Asks the API of the filled installation as an officer of all registers."""
    await fill(settings, host, HOLDERS, lambda _: None)
    async with open_installation(settings, host) as installation:
        token = await installation.tokens.issue("demo-officer", "test")
        transport = httpx.ASGITransport(app=create_app(installation))
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as http:

            async def asked(query: str, **variables: Any) -> Any:
                answer = (await http.post(PATH, json={"query": query, "variables": variables})).json()
                assert "errors" not in answer, answer["errors"]
                return answer["data"]

            yield asked


def listing(code: str, number: str) -> str:
    """A page of a profession's licences, with an item of its own."""
    group, _, item = number.partition(".")
    name, own = camel(f"{code}_licences"), f"{camel(group)} {{ {camel(item)} }}"
    return f"""query Page($first: Int, $after: String) {{ page: {name}(first: $first, after: $after) {{
      nodes {{ id registrationNumber {own} }} pageInfo {{ hasNextPage endCursor }} totalCount }} }}"""


async def walked(ask: Ask, code: str, number: str) -> list[dict[str, Any]]:
    """All licences of a profession, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = (await ask(listing(code, number), first=LISTED, after=after))["page"]
        assert page["totalCount"] == HOLDERS
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_holders_of_every_profession_are_read(ask: Ask, host: Host) -> None:
    assert len(host.professions) == 10
    for code, profession in host.professions.items():
        number = profession.plugin.number
        group, item = map(camel, number.split("."))
        rows = await walked(ask, code, number)
        assert len({row["id"] for row in rows}) == HOLDERS
        assert all(row[group][item] == row["registrationNumber"] for row in rows)
        for start in range(0, HOLDERS, 100):
            ids = [row["id"] for row in rows[start : start + 100]]
            heads = (await ask(INTERFACE, ids=ids))["nodes"]
            assert [head["id"] for head in heads] == ids
            assert all(head["holder"]["fullName"] and head["holder"]["birthDate"] for head in heads)
            assert {head["profession"]["code"] for head in heads} == {code}
