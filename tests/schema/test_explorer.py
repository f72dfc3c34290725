"""The explorer's page and files; `tests/conformance` opens it in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from starlette.applications import Starlette

from meibo_graphql.explorer import Example, explorer_routes, read_examples
from meibo_graphql.explorer.examples import read_example
from meibo_graphql.explorer.routes import FOLDER
from tests.docs.pages import ROOT


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=explorer_routes("/registry", surface="registry <&>"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver/registry/") as client:
        yield client


async def test_the_policy_lets_nothing_in(client: httpx.AsyncClient) -> None:
    response = await client.get("explorer")
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    nonce = policy["style-src"].removeprefix("'self' 'nonce-").removesuffix("'")
    assert len(nonce) >= 22
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert response.headers["cache-control"] == "no-store"
    assert f'nonce="{nonce}"' in response.text
    again = await client.get("explorer")
    assert again.headers["content-security-policy"] != response.headers["content-security-policy"]


async def test_the_page_holds_no_script_style_or_foreign_address(client: httpx.AsyncClient) -> None:
    html = (await client.get("explorer")).text
    assert re.findall(r"<script[^>]*>([^<]*)</script>", html) == ["", ""]
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)
    assert "//" not in html


async def test_everything_that_the_page_names_is_served(client: httpx.AsyncClient) -> None:
    html = (await client.get("explorer")).text
    files = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(files) == 5
    for file in files:
        response = await client.get(file)
        assert (file, response.status_code) == (file, 200)


async def test_names_are_escaped(client: httpx.AsyncClient) -> None:
    html = (await client.get("explorer")).text
    assert 'data-surface="registry &lt;&amp;&gt;"' in html
    assert 'data-demo="true"' in html


async def test_nothing_outside_the_folder_is_served(client: httpx.AsyncClient) -> None:
    for path in ("explorer/../routes.py", "explorer/%2e%2e/routes.py", "explorer/page.html", "explorer/"):
        assert (await client.get(path)).status_code == 404


async def test_examples(client: httpx.AsyncClient) -> None:
    response = await client.get("explorer/examples.json")
    assert [example["id"] for example in response.json()] == [example.id for example in read_examples()]
    for example in response.json():
        assert set(example) == {"id", "title", "query", "variables"}
        assert set(example["title"]) == {"ja", "en"}


@pytest.fixture(scope="module")
def registry() -> GraphQLSchema:
    """The registry's schema, as it is committed."""
    return build_schema((ROOT / "schema" / "registry.graphql").read_text("utf-8"))


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.id)
def test_every_example_fits_the_schema(registry: GraphQLSchema, example: Example) -> None:
    assert validate(registry, parse(example.query)) == []


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.id)
def test_every_example_is_one_named_operation_in_two_languages(example: Example) -> None:
    (operation,) = parse(example.query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name
    declared = {definition.variable.name.value for definition in operation.variable_definitions or ()}
    assert declared == set(example.variables)
    assert not example.ja.isascii()
    assert example.en.isascii()


def test_an_example_without_titles_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.graphql"
    file.write_text("# ja: 例\n{ a }\n", encoding="utf-8")
    with pytest.raises(KeyError, match="en"):
        read_example(file)


def test_vendored_code_neither_evaluates_nor_loads() -> None:
    script = (FOLDER / "vendor" / "graphiql.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|\bnew Function\b|\bimportScripts\(|\bimport\(", script)
    style = (FOLDER / "vendor" / "graphiql-style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(\s*[\"']?(?!data:|#)", style)


def test_licences_lie_beside_the_vendored_code() -> None:
    texts = (FOLDER / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("graphiql 3.9.0 (MIT)", "react 18.3.1 (MIT)", "graphql 16.15.0 (MIT)", "codemirror 5"):
        assert f"\n{name}" in texts
