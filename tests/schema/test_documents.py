"""Trusted documents: manifests of three tools, requests by id, what is refused, and who is spared a limit."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import strawberry

from meibo.access.permissions import Role
from meibo.errors import OperatorError, SettingsError
from meibo.installation import Installation
from meibo_graphql.app import PATH, create_app
from meibo_graphql.documents import DocumentStore, Trust, TrustedDocuments, read_manifest
from meibo_graphql.http import GraphQLRequest
from tests import forking
from tests.schema.conftest import Api, Caller

TRUSTED = "query Who { viewer { account } }"
OTHER = "query Other { viewer { institution } }"
HASH = hashlib.sha256(TRUSTED.encode()).hexdigest()
APOLLO = {
    "format": "apollo-persisted-query-manifest", "version": 1,
    "operations": [{"id": HASH, "name": "Who", "type": "query", "body": TRUSTED}],
}  # fmt: skip
RELAY = {"9e107d9d372bb6826bd81d3542a419d6": TRUSTED}
CODEGEN = {"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12": TRUSTED}


@pytest.mark.parametrize("manifest", [APOLLO, RELAY, CODEGEN, {f"sha256:{HASH}": TRUSTED}])
def test_manifests(manifest: dict[str, Any]) -> None:
    assert list(read_manifest(orjson.dumps(manifest)).values()) == [TRUSTED]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "not JSON"),
        (b"[]", "no manifest"),
        (b"{}", "no manifest"),
        (b'{"a": 1}', "no manifest"),
        (orjson.dumps(APOLLO | {"version": 2}), "no manifest"),
        (orjson.dumps(APOLLO | {"operations": [{"id": "a"}]}), "no manifest"),
        (orjson.dumps({"a b": TRUSTED}), "cannot be the id"),
        (orjson.dumps({"md5:abc": TRUSTED}), "cannot be the id"),
        (orjson.dumps({"a" * 201: TRUSTED}), "cannot be the id"),
    ],
)
def test_what_is_no_manifest(content: bytes, sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence):
        read_manifest(content)


def test_an_id_keeps_its_document(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path / "documents" / "registry.json")
    assert (store.read(), store.add({"a": TRUSTED}), store.add({"a": TRUSTED, "b": OTHER})) == ({}, 1, 1)
    with pytest.raises(OperatorError, match="'a' stands for another document"):
        store.add({"c": OTHER, "a": OTHER})
    assert store.read() == {"a": TRUSTED, "b": OTHER}
    store.withdraw("b")
    with pytest.raises(OperatorError, match="no document 'b'"):
        store.withdraw("b")
    store.withdraw("a")
    assert (store.read(), store.add({"a": OTHER})) == ({}, 1)
    assert [path.name for path in store.path.parent.iterdir()] == ["registry.json"]


def test_a_broken_store_refuses_a_start_and_spares_a_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = DocumentStore(tmp_path / "registry.json")
    store.add({"a": TRUSTED})
    served = TrustedDocuments(store, Trust.PREFER)
    store.path.write_text("{")
    os.utime(store.path, ns=(1, 1))
    assert (served.find("b"), served.find("a")) == (None, TRUSTED)
    assert [record.message for record in caplog.records] == ["trusted documents"]
    with pytest.raises(OperatorError, match=r"registry\.json: .* not JSON"):
        TrustedDocuments(store, Trust.PREFER)


def request(id: str | None = None, query: str | None = None) -> GraphQLRequest:
    """A request by id, by text, or by both."""
    return GraphQLRequest(query, None, {}, {}, id, read_only=False)


def test_a_running_server_follows_its_store(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path / "registry.json")
    served = TrustedDocuments(store, Trust.REQUIRE)
    assert served.find("a") is None
    store.add({"a": TRUSTED})
    assert (served.find("a"), served.holds(TRUSTED), served.holds(OTHER)) == (TRUSTED, True, False)
    assert (
        served(request(f"sha256:{HASH}"))
        == served(request(HASH))
        == served(request(query=TRUSTED))
        == TRUSTED
    )
    store.withdraw("a")
    assert (served.find("a"), served.holds(TRUSTED)) == (None, False)


def test_the_setting_is_one_of_three() -> None:
    assert [Trust.of("registry_documents", text) for text in ("off", "prefer", "require")] == list(Trust)
    with pytest.raises(SettingsError, match="registry_documents is one of off, prefer, require"):
        Trust.of("registry_documents", "yes")


@asynccontextmanager
async def trusting(
    installation: Installation, schema: strawberry.Schema, mode: Trust, **settings: Any
) -> AsyncIterator[Caller]:
    """An officer of a server that trusts one document in a mode."""
    DocumentStore.of(installation.settings, "registry").add({"who": TRUSTED})
    changed = replace(installation.settings, registry_documents=mode.value, **settings)
    app = create_app(replace(installation, settings=changed), schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        caller = await Api(installation, app, http).caller(Role.OFFICER)
        yield caller


async def asked(caller: Caller, **body: Any) -> tuple[int, str]:
    """Status and code, or the account where it was answered."""
    headers = {
        "authorization": f"Bearer {caller.token}",
        "accept": "application/graphql-response+json",
    }
    response = await caller.http.post(PATH, json=body, headers=headers)
    answer = response.json()
    if "errors" in answer:
        return response.status_code, str(answer["errors"][0]["extensions"]["code"])
    return response.status_code, next(iter(answer["data"]["viewer"]))


BY_HASH = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
UNKNOWN = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
FOUND, NO_ID = (200, "account"), (404, "PERSISTED_QUERY_NOT_FOUND")
ASKED: tuple[tuple[Any, ...], ...] = (
    # what is sent, and the answers where documents are off, preferred, required
    ({"documentId": "who"}, (400, "BAD_REQUEST"), FOUND, FOUND),
    ({"documentId": f"sha256:{HASH}"}, (400, "BAD_REQUEST"), FOUND, FOUND),
    ({"doc_id": "who"}, (400, "BAD_REQUEST"), FOUND, FOUND),
    ({"extensions": BY_HASH}, (400, "BAD_REQUEST"), FOUND, FOUND),
    ({"documentId": "nobody"}, (400, "BAD_REQUEST"), NO_ID, NO_ID),
    ({"extensions": UNKNOWN}, (400, "BAD_REQUEST"), NO_ID, NO_ID),
    ({"extensions": UNKNOWN, "query": OTHER}, (200, "institution"), (200, "institution"), NO_ID),
    ({"documentId": "who", "query": TRUSTED}, FOUND, FOUND, FOUND),
    ({"documentId": "who", "query": OTHER}, (200, "institution"), (400, "BAD_REQUEST"), (400, "BAD_REQUEST")),
    ({"query": TRUSTED}, FOUND, FOUND, FOUND),
    ({"query": OTHER}, (200, "institution"), (200, "institution"), (403, "DOCUMENT_NOT_TRUSTED")),
    ({}, (400, "BAD_REQUEST"), (400, "BAD_REQUEST"), (400, "BAD_REQUEST")),
)


@pytest.mark.parametrize("mode", list(Trust))
async def test_requests_by_id(installation: Installation, schema: strawberry.Schema, mode: Trust) -> None:
    async with trusting(installation, schema, mode) as caller:
        for body, *answers in ASKED:
            assert await asked(caller, **body) == answers[list(Trust).index(mode)], body


async def test_trusted_documents_are_spared_the_limit_of_new_ones(
    installation: Installation, schema: strawberry.Schema
) -> None:
    async with trusting(installation, schema, Trust.PREFER, documents_per_second=0) as caller:
        used = [await asked(caller, query=f"{OTHER} # {number}") for number in range(101)]
        assert (used[99], used[100]) == ((200, "institution"), (429, "RATE_LIMITED"))
        assert await asked(caller, documentId="who") == FOUND


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        environment = {**os.environ, "MEIBO_DATA": str(tmp_path), "MEIBO_PROFESSIONS": "doctor"}
        done = subprocess.run(
            [forking.meibo(), "documents", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, (done.stdout or done.stderr).strip()

    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(orjson.dumps(APOLLO))
    bad.write_bytes(orjson.dumps({"ok": OTHER, "wrong": "{ nothing }"}))
    assert run("add", str(good)) == (0, "1 of 1 documents are new.")
    code, said = run("add", str(bad))
    assert (code, said.startswith("meibo: The document 'wrong' would be refused: ")) == (2, True)
    assert run("list") == (0, f"{HASH}  {TRUSTED}")
    assert run("withdraw", f"sha256:{HASH}") == (0, "Withdrawn.")
    assert run("list") == (0, "")
