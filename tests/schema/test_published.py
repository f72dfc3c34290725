"""What an installation publishes, as anybody reads it: types, caching, compression, and nothing else of the folder."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from meibo import clock
from meibo.certificates.status.publishing import ListAge
from meibo.demo.keys import make_keys
from meibo.settings import Settings
from meibo_graphql.published import age_lines, published_routes
from meibo_graphql.published.folder import PublishedFolder
from tests.operator import operator_get
from tests.schema.conftest import Api

JWT, CWT = b"eyJ0.eyJz.c2ln" * 20, b"\xd2\x84cwt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the publisher leaves it, with a draft that it is writing."""
    written = {"Zm9v": JWT, "Zm9v.cwt": CWT, "jwks.json": b'{"keys":[]}', "trust.json": b"{}", ".draft": b"x"}
    for name, content in written.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
async def http(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=published_routes(Settings(status_target=str(folder))))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "accept", "content", "media_type"),
    [
        ("/status/Zm9v", "*/*", JWT, "application/statuslist+jwt"),
        ("/status/Zm9v", "application/statuslist+jwt", JWT, "application/statuslist+jwt"),
        ("/status/Zm9v", "application/statuslist+cwt", CWT, "application/statuslist+cwt"),
        ("/status/Zm9v", "application/statuslist+cwt, application/statuslist+jwt", JWT, "application/statuslist+jwt"),
        ("/status/Zm9v.cwt", "*/*", CWT, "application/statuslist+cwt"),
        ("/.well-known/jwks.json", "*/*", b'{"keys":[]}', "application/json"),
        ("/.well-known/trust.json", "*/*", b"{}", "application/json"),
    ],
)  # fmt: skip
async def test_documents(
    http: httpx.AsyncClient, path: str, accept: str, content: bytes, media_type: str
) -> None:
    answer = await http.get(path, headers={"accept": accept, "accept-encoding": "identity"})

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    head = await http.head(path, headers={"accept": accept, "accept-encoding": "identity"})
    assert head.headers == answer.headers


async def test_lists_are_kept_for_seconds_and_keys_for_minutes(http: httpx.AsyncClient) -> None:
    listed, keys = await http.get("/status/Zm9v"), await http.get("/.well-known/jwks.json")
    assert listed.headers["cache-control"] == "public, max-age=30, s-maxage=10"
    assert keys.headers["cache-control"] == "public, max-age=300"


async def test_what_has_not_changed_is_not_sent_again(http: httpx.AsyncClient, folder: Path) -> None:
    etag = (await http.get("/status/Zm9v")).headers["etag"]
    again = await http.get("/status/Zm9v", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)

    (folder / "new").write_bytes(b"changed")
    (folder / "new").replace(folder / "Zm9v")
    after = await http.get("/status/Zm9v", headers={"if-none-match": etag})
    assert (after.status_code, after.content) == (200, b"changed")


async def test_gzip_for_who_takes_it(http: httpx.AsyncClient) -> None:
    async with http.stream("GET", "/status/Zm9v", headers={"accept-encoding": "gzip"}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert (gzip.decompress(body), len(body) < len(JWT)) == (JWT, True)


@pytest.mark.parametrize(
    "path",
    [
        *("/status/unknown", "/status/.draft", "/status/jwks.json", "/status/..%2Fsecret", "/status/%2e%2e"),
        *("/status/Zm9v.cwt.cwt", "/status/" + "a" * 65, "/.well-known/lists.json", "/.well-known/.draft"),
    ],
)
async def test_nothing_else_is_there(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.content in (b"", b"Not Found")) == (404, True)


async def test_nobody_writes(http: httpx.AsyncClient) -> None:
    assert (await http.put("/status/Zm9v", content=b"x")).status_code == 405


def test_what_is_published_elsewhere_is_served_there() -> None:
    assert published_routes(Settings(status_target="https://status.example.jp/lists/")) == []


def test_a_file_is_read_once_for_every_change(folder: Path) -> None:
    published = PublishedFolder(folder)
    first = published.read("Zm9v")
    assert first is published.read("Zm9v")
    (folder / "new").write_bytes(JWT)
    (folder / "new").replace(folder / "Zm9v")
    assert first is not published.read("Zm9v")
    (folder / "Zm9v").unlink()
    assert published.read("Zm9v") is None


async def test_the_registry_s_process_serves_them_too(api: Api) -> None:
    make_keys(api.installation.authority)
    await api.installation.authority.publisher.publish_documents()
    answer = await api.http.get("/.well-known/trust.json")
    assert answer.json()["issuers"][0]["iss"].startswith("https://meibo.example/issuers/")
    assert (await api.http.get("/.well-known/lists.json")).json() == {"status_lists": []}


def test_ages_are_gauges() -> None:
    at = clock.now()
    ages = [
        ListAge("calm", at - timedelta(seconds=90), None),
        ListAge("changed", at - timedelta(hours=1), at - timedelta(seconds=2.5)),
        ListAge("new", None, None),
    ]
    figures = [line for line in age_lines(ages, at) if not line.startswith("#")]
    assert figures == [
        'meibo_status_list_age_seconds{list="calm"} 90.0',
        'meibo_status_list_age_seconds{list="changed"} 3600.0',
        'meibo_status_list_age_seconds{list="new"} +Inf',
        'meibo_status_list_change_waiting_seconds{list="calm"} 0.0',
        'meibo_status_list_change_waiting_seconds{list="changed"} 2.5',
        'meibo_status_list_change_waiting_seconds{list="new"} 0.0',
    ]
    assert [line for line in age_lines([], at) if not line.startswith("#")] == []


async def test_metrics_tell_how_old_lists_are(api: Api) -> None:
    lines = (await operator_get(api.http, "/metrics")).text.splitlines()
    assert "# TYPE meibo_status_list_age_seconds gauge" in lines
    assert lines[-1] == "# EOF"
