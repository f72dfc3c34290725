"""Where status lists go: a folder, a server, a bucket; what fails leaves the older document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from meibo.certificates.status.targets import FolderTarget, HTTPTarget, S3Target, open_target
from meibo.errors import OperatorError


@dataclass
class Taken:
    """What a server was sent, and how it answers."""

    status: int = 200
    address: str = ""
    requests: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)


@contextmanager
def server() -> Iterator[Taken]:
    """A server on this machine that takes PUT, as an object store does."""
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            taken.requests.append((self.command, self.path, body, headers))
            self.send_response(taken.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    taken.address = f"http://127.0.0.1:{serving.server_port}/"
    try:
        yield taken
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


async def test_a_folder_takes_a_document_whole(tmp_path: Path) -> None:
    target = open_target(str(tmp_path / "lists"))
    await target.put("a", b"old", "text/plain")
    await target.put("a", b"new", "text/plain")

    assert isinstance(target, FolderTarget)
    assert [(f.name, f.read_bytes(), f.stat().st_mode & 0o777) for f in target.folder.iterdir()] == [
        ("a", b"new", 0o644)
    ]


async def test_a_server_is_sent_the_document_with_its_type_and_the_token() -> None:
    with server() as taken:
        target = open_target(taken.address + "status/", "secret")
        await target.put("list", b"token", "application/statuslist+jwt")

    [(verb, path, body, headers)] = taken.requests
    assert (verb, path, body) == ("PUT", "/status/list", b"token")
    assert headers["content-type"] == "application/statuslist+jwt"
    assert headers["authorization"] == "Bearer secret"
    assert "secret" not in repr(target)


@pytest.mark.parametrize("status", [302, 403, 500])
async def test_a_server_that_does_not_take_it_is_an_error(status: int) -> None:
    with server() as taken:
        taken.status = status
        with pytest.raises(OSError, match=str(status)):
            await HTTPTarget(taken.address).put("list", b"token", "text/plain")


async def test_a_server_that_is_not_there_is_an_error() -> None:
    with server() as taken:
        pass
    with pytest.raises(OSError, match="cannot be reached"):
        await HTTPTarget(taken.address).put("list", b"token", "text/plain")


@pytest.mark.parametrize("address", ["http://meibo.example/", "https://meibo.example/status", "https://u@x/"])
def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    with pytest.raises(OperatorError, match="ends in a slash"):
        open_target(address)


async def test_a_bucket_is_sent_signed_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a client of others, to a stand-in that speaks the protocol."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with server() as taken:
        target = open_target(f"s3+{taken.address}bucket/status/")
        await target.put("list", b"token", "application/statuslist+jwt")
        taken.status = 403
        with pytest.raises(OSError, match="bucket"):
            await target.put("list", b"token", "application/statuslist+jwt")
    with pytest.raises(OSError, match="bucket"):
        await target.put("list", b"token", "application/statuslist+jwt")

    assert isinstance(target, S3Target)
    verb, path, body, headers = taken.requests[0]
    assert (verb, path) == ("PUT", "/bucket/status/list")
    assert b"token" in body
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert headers["content-type"] == "application/statuslist+jwt"


@pytest.mark.parametrize("address", ["s3+https://host/", "s3+https://host/bucket", "s3+ftp://host/bucket/"])
def test_a_bucket_without_its_name_is_refused(address: str) -> None:
    with pytest.raises(OperatorError, match="slash at its end"):
        open_target(address)


def test_without_a_client_there_is_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "minio", None)
    with pytest.raises(OperatorError, match=r"meibo\[s3\]"):
        open_target("s3+https://host/bucket/")
