"""Suspended, revoked, struck off, ended by the date: refused by every path within 60 seconds of the act.

Everything goes as in an installation: the server's own publisher, lists over HTTP, verifiers that keep them as long as
they may. The check page's own code is measured in `tests/conformance/check.mjs`.
`pytest -s` prints what was measured.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from meibo import clock
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import jwk
from meibo.certificates.outcomes import State
from meibo.certificates.replays import ProcessReplays
from meibo.certificates.status.reading import StatusReader
from meibo.certificates.trust import documents
from meibo.certificates.trust.fetching import StatusFetcher
from meibo.certificates.trust.issuers import Trust, TrustedIssuer
from meibo.certificates.verification import Verifier
from meibo.consent import Recipient, Redemptions
from meibo.demo.keys import make_keys
from meibo.errors import Refused
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.portal import portal_of
from meibo.register import fold
from meibo.register.fold import Verb
from meibo.settings import Settings
from meibo_graphql.published import published_routes
from tests.core.register.doctors import OFFICER, Doctors
from tests.holders import share_request

MINUTE = 60.0
LOOK = 0.5
"""Seconds between two looks."""
USES = 100
ENDS: Mapping[str, Verb | None] = {
    "suspended": Verb.SUSPEND, "revoked": Verb.REVOKE, "struck off": Verb.STRIKE_OFF, "ended by the date": None,
}  # fmt: skip
"""How a licence ends, and by which act; by none at midnight."""
Path = Callable[["Licence"], Awaitable[bool]]
"""Whether a licence is accepted."""


@dataclass(frozen=True)
class Licence:
    """A doctor's licence with everything by which it may be shown."""

    id: UUID
    presentation: str
    qr: str
    token: str


@dataclass(frozen=True)
class Paths:
    """The ways by which somebody may rely on a licence; whoever verifies knows the published trust list alone."""

    installation: Installation
    issuer: TrustedIssuer
    keeping: Verifier

    @classmethod
    async def of(cls, installation: Installation) -> Paths:
        """The paths of an installation that is served at its own address."""
        async with httpx.AsyncClient(trust_env=False) as http:
            told = await http.get(f"{installation.authority.names.origin}/.well-known/trust.json")
        issuer = documents.read(told.raise_for_status().content)
        return cls(installation, issuer, verifier(issuer))

    def all(self) -> Mapping[str, Path]:
        """Each path by its name."""
        return {
            "published list, SD-JWT VC": lambda one: presented(verifier(self.issuer), one),
            "published list, QR": lambda one: scanned(verifier(self.issuer), one),
            "verifier that keeps lists, SD-JWT VC": lambda one: presented(self.keeping, one),
            "verifier that keeps lists, QR": lambda one: scanned(self.keeping, one),
            "share redeemed": self.redeemed,
            "certificate issued": self.issued,
            "share made": self.shared,
        }  # fmt: skip

    async def redeemed(self, one: Licence) -> bool:
        """Whether a share's link shows a licence that stands."""
        given = self.installation
        redemptions = Redemptions(given.register, given.scopes, given.keys, given.codes, given.audit)
        shown = await redemptions.redeem(one.token, Recipient(partner=None, name="link"))
        assert shown.standing is not None
        return bool(shown.claims) or shown.standing is fold.State.REGISTERED

    async def issued(self, one: Licence) -> bool:
        """Whether the holder gets another certificate."""
        try:
            await present(self.installation, one.id)
        except Refused:
            return False
        return True

    async def shared(self, one: Licence) -> bool:
        """Whether the holder may share it anew."""
        try:
            await share(self.installation, one.id)
        except Refused:
            return False
        return True


def verifier(issuer: TrustedIssuer) -> Verifier:
    """A verifier that has fetched nothing yet."""
    trust = Trust([issuer])
    return Verifier(trust, StatusReader(trust, StatusFetcher([])), ProcessReplays())


async def presented(by: Verifier, one: Licence) -> bool:
    """Whether the SD-JWT VC is valid."""
    return (await by.presentation(one.presentation, None)).state is State.VALID


async def scanned(by: Verifier, one: Licence) -> bool:
    """Whether the QR certificate is valid."""
    return (await by.qr(one.qr)).state is State.VALID


async def present(installation: Installation, licence: UUID) -> str:
    """An SD-JWT VC of a doctor."""
    claims = Claims.of("urn:meibo:doctor:1", {"full_name": "見本　花子"}, ["full_name"])
    scope, profession = installation.scopes.of("doctor"), installation.host["doctor"]
    holder = jwk(certificates.new_key().public_key())
    [made] = await installation.authority.issue(scope, profession, licence, claims, [holder])
    return made


async def share(installation: Installation, licence: UUID) -> str:
    """The token of a share of what the register shows of a doctor today."""
    portal = portal_of(installation)
    head = await Doctors(installation).head(licence)
    offered = ("full_name", "registration_number") if head.state is fold.State.REGISTERED else ()
    request = share_request(licence, claims=offered, uses=USES)
    _, token = await portal.consents.share(OFFICER, head, request, offered)
    return token


async def enter(installation: Installation, number: int) -> Licence:
    """A doctor with both kinds of certificate and a share."""
    id = await Doctors(installation).enter(str(number))
    claims = Claims("urn:meibo:doctor:1", {"full_name": "見本　花子"})
    scope, profession = installation.scopes.of("doctor"), installation.host["doctor"]
    qr = encode(await installation.authority.issue_qr(scope, profession, id, claims)).decode()
    return Licence(id, await present(installation, id), qr, await share(installation, id))


@asynccontextmanager
async def served(settings: Settings, listening: socket.socket) -> AsyncIterator[None]:
    """What is published, over HTTP."""
    app = Starlette(routes=published_routes(settings))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await running


async def until_refused(path: Path, one: Licence, since: float) -> float:
    """Seconds after which a path accepts a licence no more."""
    while await path(one):
        assert time.monotonic() - since < MINUTE, "still accepted"
        await asyncio.sleep(LOOK)
    return time.monotonic() - since


async def until_accepted(path: Path, one: Licence) -> None:
    """Wait until a path accepts a licence, as it should before anything happens."""
    for _ in range(int(MINUTE / LOOK)):
        if await path(one):
            return
        await asyncio.sleep(LOOK)
    raise AssertionError("never accepted")


def set_clock(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that instant now, and go on from there."""
    started = time.monotonic()
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(seconds=time.monotonic() - started))


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_refused_by_every_path_within_a_minute(
    settings: Settings, host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    settings = replace(settings, public_url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    tomorrow = clock.today() + timedelta(days=1)
    midnight = clock.start_of_day(tomorrow)
    set_clock(midnight - timedelta(minutes=2), monkeypatch)
    async with open_installation(settings, host) as installation:
        make_keys(installation.authority)
        doctors = Doctors(installation)
        licences = {how: await enter(installation, 500001 + i) for i, how in enumerate(ENDS)}
        ending = licences["ended by the date"].id
        await doctors.act(ending, Verb.SUSPEND, start_date=tomorrow, end_date=tomorrow)
        async with served(settings, listening), installation.publishing():
            await asyncio.sleep(1)
            paths = (await Paths.of(installation)).all()
            set_clock(midnight - timedelta(seconds=8), monkeypatch)
            for path in paths.values():
                for one in licences.values():
                    await until_accepted(path, one)
            begun = {}
            for how, verb in ENDS.items():
                if verb:
                    await doctors.act(licences[how].id, verb)
                begun[how] = time.monotonic()
            begun["ended by the date"] += max(0.0, (midnight - clock.now()).total_seconds())
            waiting = [
                until_refused(path, licences[how], begun[how]) for how in ENDS for path in paths.values()
            ]
            measured = iter(await asyncio.gather(*waiting))

    with capsys.disabled():
        for how in ENDS:
            for name in paths:
                print(f"{how:18} {name:37} refused after {max(0.0, next(measured)):5.1f} s")
