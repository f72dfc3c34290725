"""The one outgoing client of links: to the addresses that the operator named, and nowhere else.

No redirect is followed and no proxy is taken from the environment. Where `<connector>.pem` stands in the link
folder it is shown as our certificate; `ca.pem` there replaces the machine's own anchors.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import httpx

from meibo.errors import SettingsError, SourceUnavailable
from meibo.fetching import is_fetchable

SECONDS = 20.0
JOSE = "application/jose"
FileState = tuple[Path, int]
"""A file, and the instant of its last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class LinkClient:
    """Posts messages; `addresses` is the allow-list."""

    addresses: Mapping[str, str]
    folder: Path
    proxy: str
    most: int

    async def post(self, connector: str, id: UUID, message: bytes) -> bytes:
        """What the system answers to a message at once; nothing if it answers later.

        Raises SourceUnavailable where it is not reached, answers other than 200 or 202, or too much, or too slowly.
        """
        address = self.addresses.get(connector)
        if address is None or not is_fetchable(address):
            raise SourceUnavailable
        try:
            async with asyncio.timeout(SECONDS):
                return await self._post(connector, address, id, message)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise SourceUnavailable from error

    async def _post(self, connector: str, address: str, id: UUID, message: bytes) -> bytes:
        headers = {
            "content-type": JOSE,
            "accept": JOSE,
            "accept-encoding": "identity",
            "idempotency-key": str(id),
        }
        body = bytearray()
        async with (
            httpx.AsyncClient(
                follow_redirects=False,
                trust_env=False,
                timeout=SECONDS,
                proxy=self.proxy or None,
                verify=self._trust(connector),
            ) as client,
            client.stream("POST", address, content=message, headers=headers) as response,
        ):
            if response.status_code not in (200, 202):
                raise SourceUnavailable
            async for part in response.aiter_raw():
                body += part
                if len(body) > self.most:
                    raise SourceUnavailable
        return bytes(body)

    def _trust(self, connector: str) -> ssl.SSLContext:
        return trust(state_of(self.folder / "ca.pem"), state_of(self.folder / f"{connector}.pem"))


def state_of(path: Path) -> FileState | None:
    """A file as it is now; None where it is absent."""
    return (path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(100)
def trust(anchors: FileState | None, ours: FileState | None) -> ssl.SSLContext:
    """Whom we believe, the machine's own anchors unless others are given, and our certificate. Made once for each
    state of the files: a machine's anchors take 30 ms to read, far longer than a delivery."""
    context = ssl.create_default_context(cafile=anchors and str(anchors[0]))
    if ours:
        context.load_cert_chain(ours[0])
    return context


def addresses_of(setting: str) -> dict[str, str]:
    """`name=https://…, name=https://…` as a mapping; raises SettingsError for an address that may not be asked."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in setting.split(","))):
        name, _, address = part.partition("=")
        if not is_fetchable(address):
            raise SettingsError(f"MEIBO_LINK_ADDRESSES: {name!r} needs an https address: `{name}=https://…`.")
        found[name.strip()] = address.strip()
    return found
