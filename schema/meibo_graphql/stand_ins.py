"""The stand-ins of a demo: where its people sign in, and the sandbox in which things happen to them.

Each is served in a thread of its own, which leaves the signals to the demo.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import uvicorn

from meibo.demo.entered import entered
from meibo.demo.people import DemoPerson, DemoSandbox, identity_provider, sandbox
from meibo.installation import Installation
from meibo.link.client import addresses_of
from meibo.link.envelopes import public_jwk, signer_of
from meibo.link.opening import link_folder
from meibo.linkage.residents.exchange import CONNECTOR as RESIDENT_RECORDS
from meibo.settings import Settings
from meibo_graphql.listening import bind, url_of

CENTRE = "care_worker_registration"
"""The sandbox's sender of numbers from paper and pass lists."""
AUDIENCE = "meibo-portal"
PATIENCE_SECONDS = 2
"""How long a stopping stand-in lets requests finish."""
BY_CURL = "curl -s -X POST {issuer}/sandbox/token"


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where they listen, on the ports after the demo's; nowhere without the distribution `meibo-sandbox`."""

    world: DemoSandbox
    provider: socket.socket
    sandbox: socket.socket
    mail: socket.socket

    @classmethod
    def bound(cls, settings: Settings) -> StandIns | None:
        """Their sockets; None where they are not installed. Raises OperatorError where a port is taken."""
        world = sandbox(settings.public_url.rstrip("/"))
        if world is None:
            return None
        ports = (settings.port and settings.port + beyond for beyond in (1, 2, 3))
        return cls(world, *(bind(settings.host, port) for port in ports))

    def known_to(self, settings: Settings, address: str) -> Settings:
        """The settings of a demo that serves at an address, with what it has to know of them. Systems whose addresses
        are set stay as they are; the keys of the others are put into the link folder."""
        addresses = addresses_of(settings.link_addresses)
        for connector in self.world.systems.keys() - addresses.keys():
            addresses[connector] = f"{url_of(self.sandbox)}/{self.world.systems[connector]}"
            folder = link_folder(settings)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{connector}.jwks.json").write_bytes(orjson.dumps(self.world.keys[connector]))
        return replace(
            settings, portal_issuer=url_of(self.provider), portal_audience=AUDIENCE, portal_jwks_url="",
            portal_share_url=f"{address}/share", verify_address=address,
            link_addresses=",".join(f"{name}={where}" for name, where in addresses.items()),
        )  # fmt: skip

    def lines(self) -> list[str]:
        """What to tell whoever starts the demo."""
        issuer, mail = url_of(self.provider), url_of(self.mail).replace("http", "smtp", 1)
        return [
            f"Sign-in   {issuer}   (a token: {BY_CURL.format(issuer=issuer)})",
            f"Sandbox   {url_of(self.sandbox)}   (make things happen; mail goes to {mail})",
        ]

    @asynccontextmanager
    async def serving(self, people: Sequence[DemoPerson], installation: Installation) -> AsyncIterator[None]:
        """Serve them until the block ends."""
        provider = identity_provider()
        assert provider is not None
        keys: Mapping[str, Mapping[str, Any]] = {RESIDENT_RECORDS: installation.residents.keys}
        linked = self.world.systems.keys() - keys.keys()
        ours = {
            **keys,
            **{name: public_jwk(signer_of(installation.links.office.keys, name)) for name in linked},
        }
        papers = installation.exchange.inbound.office.public_keys(CENTRE)
        async with (
            _served(lambda: provider(url_of(self.provider), AUDIENCE, people), self.provider),
            _served(lambda: self.world.app(entered(installation), self.mail, ours, papers), self.sandbox),
        ):
            yield


@asynccontextmanager
async def _served(make: Callable[[], Any], listening: socket.socket) -> AsyncIterator[None]:
    """Serve an application that is made in its own thread: the demo does not wait for it."""
    config = uvicorn.Config(
        make,
        factory=True,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(asyncio.to_thread(server.run, [listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await running
