"""Trust from a watched folder, and status lists by HTTP: what changes is seen, what is foreign is not asked."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.certificates import jws
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.replays import ProcessReplays
from meibo.certificates.status.reading import StatusReader
from meibo.certificates.trust import fetching
from meibo.certificates.trust.fetching import StatusFetcher
from meibo.certificates.trust.folder import TrustFolder
from meibo.certificates.trust.issuers import TrustedIssuer
from meibo.certificates.verification import Verifier
from tests.core.certificates.world import ISS, LIST, TYPE, World


def document(world: World, iss: str = ISS, id: str = "https://meibo.example") -> bytes:
    """The world's trust list."""
    told = {
        "version": 1,
        "id": id,
        "issuers": [{"iss": iss, "types": [TYPE]}],
        "status": ["https://meibo.example/status/"],
        "anchors": [b64encode(world.root.public_bytes(Encoding.DER)).decode()],
        "keys": [{"x5c": jws.x5c(world.signers[Purpose.QR])}],
    }
    return orjson.dumps(told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust").mkdir()
    return tmp_path / "trust"


async def verdict(world: World, watched: TrustFolder) -> Reason | None:
    """What becomes of a certificate of the world."""
    trust = watched.trust()
    verifier = Verifier(trust, StatusReader(trust, world.published), ProcessReplays())
    return (await verifier.presentation(world.issued(), None)).reason


async def test_a_system_is_trusted_as_long_as_its_list_is_there(world: World, folder: Path) -> None:
    watched = TrustFolder(folder, lambda: None, every=0)
    assert await verdict(world, watched) is Reason.CHAIN_UNTRUSTED
    (folder / "other.json").write_bytes(document(world))
    assert await verdict(world, watched) is None
    assert watched.trust() is watched.trust()
    (folder / "other.json").unlink()
    assert await verdict(world, watched) is Reason.CHAIN_UNTRUSTED


async def test_a_revocation_list_counts_once_it_lies_there(world: World, folder: Path) -> None:
    (folder / "other.json").write_bytes(document(world))
    watched = TrustFolder(folder, lambda: None, every=0)
    assert await verdict(world, watched) is None

    serial = x509.load_der_x509_certificate(world.signers[Purpose.CERTIFICATE].chain[0]).serial_number
    crl = certificates.revocation_list(world.root, world.root_key, [serial], world.at)
    (folder / "other.crl").write_bytes(crl.public_bytes(Encoding.PEM))
    assert await verdict(world, watched) is Reason.CHAIN_REVOKED


@pytest.mark.parametrize("name", ["broken.json", "broken.crl"])
async def test_a_broken_file_makes_nobody_trusted_by_it(world: World, folder: Path, name: str) -> None:
    (folder / "other.json").write_bytes(document(world))
    (folder / name).write_bytes(b"broken")
    watched = TrustFolder(folder, lambda: None, every=0)
    known = {issuer.id for issuer in watched.trust().issuers}

    assert known == ({"https://meibo.example"} if name == "broken.json" else set())


def test_nobody_takes_our_name_or_our_root(world: World, folder: Path) -> None:
    (folder / "evil.json").write_bytes(document(world, id="https://evil.example"))
    own: TrustedIssuer = world.issuer
    watched = TrustFolder(folder, lambda: own, every=0)
    assert watched.trust().issuers == (own,)

    (folder / "evil.json").write_bytes(document(world, iss="https://evil.example", id="https://evil.example"))
    trust = watched.trust()
    x5c = jws.x5c(world.signers[Purpose.CERTIFICATE])
    assert [issuer.id for issuer in trust.issuers] == ["test", "https://evil.example"]
    assert trust.certified(x5c, Purpose.CERTIFICATE, world.at).issuer is own


@pytest.mark.parametrize(
    ("uri", "may"),
    [
        (LIST, True),
        ("https://meibo.example/status/", False),
        ("https://meibo.example/status/../admin", False),
        ("https://meibo.example/status/%2e%2e", False),
        ("https://meibo.example/status/a/b", False),
        ("https://meibo.example/status/a?b=c", False),
        ("https://meibo.example/status/a#b", False),
        ("https://meibo.example.evil.example/status/a", False),
        ("https://meibo.example@evil.example/status/a", False),
        ("http://meibo.example/status/a", False),
        ("file:///etc/passwd", False),
    ],
)
def test_lists_stand_right_below_the_issuers_address(world: World, uri: str, may: bool) -> None:
    assert world.issuer.may_serve_status(uri) is may


class Handler(BaseHTTPRequestHandler):
    """A server of others: a token, a redirect, a page without end."""

    token = b""
    asked: list[str] = []  # noqa: RUF012 (one server at a time)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name = self.path.rpartition("/")[2]
        self.send_response({"moved": 302, "gone": 404}.get(name, 200))
        if name == "moved":
            self.send_header("location", "/status/list")
        self.end_headers()
        if name == "list":
            self.wfile.write(self.token)
        if name == "endless":
            self.wfile.write(bytes(fetching.LARGEST + 1))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(token: bytes) -> Iterator[str]:
    """That server on this machine; gives the address below which it serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.token, Handler.asked = token, []
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/status/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_token_is_fetched_by_http() -> None:
    with served(b"token") as address:
        assert await StatusFetcher([]).fetch(address + "list") == b"token"


@pytest.mark.parametrize("name", ["moved", "gone", "endless"])
async def test_redirects_errors_and_endless_answers_are_no_tokens(name: str) -> None:
    with served(b"token") as address:
        with pytest.raises(Refusal) as refused:
            await StatusFetcher([]).fetch(address + name)
        assert (refused.value.reason, Handler.asked) == (Reason.STATUS_UNREACHABLE, [f"/status/{name}"])


async def test_nobody_listens_there() -> None:
    with served(b"") as address:
        pass
    with pytest.raises(Refusal) as refused:
        await StatusFetcher([]).fetch(address + "list")
    assert refused.value.reason is Reason.STATUS_UNREACHABLE


async def test_a_token_in_a_folder_serves_a_closed_network(world: World, folder: Path) -> None:
    """As a one-way gateway leaves it; nothing is asked of a network."""
    (folder / "status").mkdir()
    token = world.status_token()
    (folder / "status" / LIST.rpartition("/")[2]).write_bytes(token)
    fetcher = StatusFetcher([folder / "status"])

    assert await fetcher.fetch(LIST) == token
    with pytest.raises(Refusal) as refused:
        await fetcher.fetch("https://meibo.example/status/..")
    assert refused.value.reason is Reason.STATUS_FORBIDDEN


async def test_a_token_in_a_folder_may_be_too_large(folder: Path) -> None:
    with (folder / "big").open("wb") as file:
        os.truncate(file.fileno(), fetching.LARGEST + 1)
    with pytest.raises(Refusal) as refused:
        await StatusFetcher([folder]).fetch("https://meibo.example/status/big")
    assert refused.value.reason is Reason.STATUS_SIZE
