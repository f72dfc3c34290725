"""What is fetched, and what is not believed: redirects, endless bodies, anything but a JSON object."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from meibo.errors import SourceUnavailable
from meibo.fetching import MOST_BYTES, fetch_json, is_fetchable, origin_of

PAGES = {
    "/sound": (200, b'{"keys": []}'),
    "/list": (200, b"[]"),
    "/text": (200, b"hello"),
    "/missing": (404, b"{}"),
    "/broken": (500, b"{}"),
    "/large": (200, b'{"keys": "' + b"x" * MOST_BYTES + b'"}'),
    "/largest": (200, b'{"k": "' + b"x" * (MOST_BYTES - 9) + b'"}'),
    "/moved": (302, b"{}"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = PAGES[self.path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/sound")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_an_object_is_fetched(address: str) -> None:
    assert await fetch_json(address + "/sound") == {"keys": []}
    assert len((await fetch_json(address + "/largest"))["k"]) == MOST_BYTES - 9


@pytest.mark.parametrize("path", ["/list", "/text", "/missing", "/broken", "/large", "/moved"])
async def test_anything_else_is_not(address: str, path: str) -> None:
    with pytest.raises(SourceUnavailable):
        await fetch_json(address + path)


async def test_proxies_of_the_environment_are_not_asked(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await fetch_json(address + "/sound") == {"keys": []}


@pytest.mark.parametrize("url", ["http://id.example.jp/x", "file:///etc/passwd", ""])
async def test_what_may_not_be_fetched_is_not_asked(url: str) -> None:
    with pytest.raises(SourceUnavailable):
        await fetch_json(url)


def test_an_origin() -> None:
    assert origin_of("https://id.example.jp:8443/a/b?c") == "https://id.example.jp:8443"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://id.example.jp/jwks", True),
        ("http://127.0.0.1:8471/jwks", True),
        ("http://localhost/jwks", True),
        ("http://id.example.jp/jwks", False),
        ("http://169.254.169.254/jwks", False),
        ("https://user@id.example.jp/jwks", False),
        ("https://id.example.jp/jwks#x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_what_may_be_fetched(url: str, expected: bool) -> None:
    assert is_fetchable(url) is expected
