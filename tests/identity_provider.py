"""A running stand-in identity provider for a test: a real server on a port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from meibo.access.openid import IdentityProvider
from meibo.demo.people import DemoPerson
from meibo.values.pseudonyms import new_portal_pseudonym
from meibo_sandbox.openid import IdentityProviderStandIn

AUDIENCE = "https://registry.test/portal/graphql"
PEOPLE = (
    DemoPerson(new_portal_pseudonym(), "山田　太郎", ("医師", "Doctor")),
    DemoPerson(new_portal_pseudonym(), "鈴木　花子", ("看護師・保健師", "Nurse, public health nurse")),
)


@contextmanager
def running_provider(people: Sequence[DemoPerson] = PEOPLE) -> Iterator[IdentityProviderStandIn]:
    """A provider that answers until the block ends."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    stand_in = IdentityProviderStandIn(f"http://127.0.0.1:{listening.getsockname()[1]}", AUDIENCE, people)
    config = uvicorn.Config(stand_in.app(), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield stand_in
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def provider_of(stand_in: IdentityProviderStandIn) -> IdentityProvider:
    """How an installation believes it."""
    return IdentityProvider(issuer=stand_in.issuer, audience=stand_in.audience)
