"""The outgoing client over TLS: whom it believes, what it shows, and which way it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from meibo.errors import SourceUnavailable
from meibo.link.client import LinkClient
from tests.core.link.stand_in import NAME
from tests.core.link.tls import Authority, guarded, proxying


@dataclass
class Beyond:
    """A system behind TLS, and the client's folder."""

    folder: Path
    address: str
    names: list[str]
    theirs: Authority = field(default_factory=Authority)
    ours: Authority = field(default_factory=Authority)

    async def post(self, proxy: str = "") -> bytes:
        client = LinkClient({NAME: self.address}, self.folder, proxy, 1_000)
        return await client.post(NAME, uuid4(), b"message")


@pytest.fixture
def beyond(tmp_path: Path) -> Iterator[Beyond]:
    theirs, ours, folder = Authority(), Authority(), tmp_path / "link"
    folder.mkdir()
    with guarded(tmp_path, theirs, ours) as (address, names):
        (folder / "ca.pem").write_bytes(theirs.anchor())
        (folder / f"{NAME}.pem").write_bytes(ours.issue("meibo"))
        yield Beyond(folder, address, names, theirs, ours)


async def test_both_sides_show_their_certificates(beyond: Beyond) -> None:
    assert (await beyond.post(), beyond.names) == (b"", ["meibo"])


async def test_a_renewed_certificate_is_shown_from_the_next_message_on(beyond: Beyond) -> None:
    await beyond.post()
    (beyond.folder / f"{NAME}.pem").write_bytes(beyond.ours.issue("renewed"))
    await beyond.post()
    assert beyond.names == ["meibo", "renewed"]


async def test_a_client_without_a_certificate_is_not_let_in(beyond: Beyond) -> None:
    (beyond.folder / f"{NAME}.pem").unlink()
    with pytest.raises(SourceUnavailable):
        await beyond.post()
    assert beyond.names == []


async def test_a_client_with_a_stranger_s_certificate_is_not_let_in(beyond: Beyond) -> None:
    (beyond.folder / f"{NAME}.pem").write_bytes(Authority().issue("meibo"))
    with pytest.raises(SourceUnavailable):
        await beyond.post()
    assert beyond.names == []


async def test_a_system_with_a_stranger_s_certificate_is_sent_nothing(beyond: Beyond) -> None:
    (beyond.folder / "ca.pem").write_bytes(Authority().anchor())
    with pytest.raises(SourceUnavailable):
        await beyond.post()
    assert beyond.names == []


async def test_the_machine_s_own_anchors_do_not_vouch_for_it(beyond: Beyond) -> None:
    (beyond.folder / "ca.pem").unlink()
    with pytest.raises(SourceUnavailable):
        await beyond.post()
    assert beyond.names == []


async def test_the_way_leads_through_the_proxy_and_is_sealed_there_too(beyond: Beyond) -> None:
    with proxying() as (proxy, asked):
        assert await beyond.post(proxy) == b""
    assert asked == [beyond.address.split("/")[2]]
    assert beyond.names == ["meibo"]


async def test_a_proxy_in_the_environment_is_not_taken(
    beyond: Beyond, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxying() as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert await beyond.post() == b""
    assert (asked, beyond.names) == ([], ["meibo"])


async def test_a_proxy_that_is_down_is_not_gone_around(beyond: Beyond) -> None:
    with pytest.raises(SourceUnavailable):
        await beyond.post("http://127.0.0.1:9")
    assert beyond.names == []
