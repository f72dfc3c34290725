"""How many certificates one core issues and verifies in a second, and how long a list of ten million takes.

Issuing: distinct holders' keys, eight disclosures, an index and a row for each, committed durably (SQLite, WAL,
synchronous=FULL) in batches of 500. Verifying: distinct holder-bound presentations, no result kept; chain and status
list are kept as long as they may be. Nothing else runs in this process. `core` counts the seconds that the process
computed, threads included; `clock` those that passed, and so what else the machine did.

    .venv/bin/python -m bench.certificates
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from bench.server import machine
from meibo import clock
from meibo.certificates.entries import Draft, Entries, Format
from meibo.certificates.jws import read
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import Purpose, jwk
from meibo.certificates.sdjwt.issuing import Issuer
from meibo.certificates.sdjwt.presenting import bind
from meibo.certificates.standing import standings
from meibo.certificates.status import tokens
from meibo.certificates.status.indices import Indices, Medium
from meibo.certificates.status.lists import Status, build
from meibo.certificates.status.references import StatusReference
from meibo.demo.filling import fill
from meibo.host import load_host
from meibo.installation import Installation, open_installation
from meibo.register import tables
from meibo.settings import load_settings
from tests.core.certificates.world import AUDIENCE, CLAIMS, EXPECTED, ISS, LIST, NONCE, World

CERTIFICATES = 10_000
BATCH = 500
RUNS = 3
ENTRIES = 10_000_000
LIMITS = {"issue": 6_000.0, "verify": 2_500.0}
LIST_SECONDS = 1.5


@dataclass
class Watch:
    """Seconds of the clock and of the core since it was made."""

    clock: float = field(default_factory=time.perf_counter)
    core: float = field(default_factory=time.process_time)

    def rates(self, count: int) -> tuple[float, float]:
        """So many things in a second of the core, and of the clock."""
        return count / (time.process_time() - self.core), count / (time.perf_counter() - self.clock)


@dataclass(frozen=True)
class Holder:
    """One of many: a key, and its public half as a certificate carries it."""

    key: certificates.EllipticCurvePrivateKey
    jwk: dict[str, str]


def holders() -> list[Holder]:
    """So many distinct ones, made beforehand."""
    keys = [certificates.new_key() for _ in range(CERTIFICATES)]
    return [Holder(key, jwk(key.public_key())) for key in keys]


async def issue(
    installation: Installation, world: World, holders: list[Holder]
) -> tuple[tuple[float, float], list[str]]:
    """Certificates a second, and the certificates."""
    indices = Indices(installation.keys)
    entries = Entries(installation.register, indices, LIST.rpartition("/")[0] + "/")
    scope = installation.scopes.of("doctor")
    licences = await standing_licences(installation)
    issuer, day = Issuer(ISS, world.signers[Purpose.CERTIFICATE]), clock.today()
    draft = Draft(
        format=Format.SD_JWT,
        claims=tuple(CLAIMS.values),
        medium=Medium.DIGITAL,
        expiry_date=day + timedelta(days=90),
    )
    issued: list[str] = []
    watch = Watch()
    for first in range(0, len(holders), BATCH):
        asked = [licences[n % len(licences)] for n in range(first, first + BATCH)]
        made = await entries.enter(scope, asked, draft)
        for entry, holder in zip(made, holders[first : first + BATCH], strict=True):
            issued.append(str(issuer.issue(CLAIMS, holder.jwk, entry.status, day)))
    return watch.rates(len(holders)), issued


async def verify(world: World, holders: list[Holder], issued: list[str]) -> tuple[float, float]:
    """Presentations a second, each valid."""
    uris = {_status(each).uri for each in issued}
    for uri in uris:
        signer = world.signers[Purpose.STATUS]
        world.published.tokens[uri] = tokens.write(signer, uri, build([]), clock.now()).jwt
    at, verifier = clock.now(), world.verifier()
    shown = [
        bind(each, holder.key, audience=AUDIENCE, nonce=NONCE, at=at)
        for each, holder in zip(issued, holders, strict=True)
    ]
    watch = Watch()
    for each in shown:
        outcome = await verifier.presentation(each, EXPECTED)
        assert outcome.is_valid, outcome.reason
    return watch.rates(len(shown))


def sign_list(world: World) -> float:
    """Seconds of the core for a list of ten million entries, one in a hundred not valid, signed as JWT and CWT."""
    chosen = random.Random(1).sample(range(ENTRIES), ENTRIES // 100)  # noqa: S311
    entries = [(index, Status.INVALID) for index in chosen]
    since = time.process_time()
    token = tokens.write(world.signers[Purpose.STATUS], LIST, build(entries, ENTRIES), clock.now())
    took = time.process_time() - since
    print(f"list: {len(token.jwt):,} bytes as JWT, {len(token.cwt):,} as CWT")
    return took


async def standing_licences(installation: Installation) -> list[UUID]:
    """Doctors whose licence stands today."""
    scope = installation.scopes.of("doctor")
    async with installation.register.read([scope]) as connection:
        states = select(tables.licence.c.id).where(tables.licence.c.scope == scope)
        found = list((await connection.execute(states)).scalars())
        today = await standings(connection, found, clock.today())
    return [licence for licence, state in today.items() if state == "REGISTERED"]


def _status(issued: str) -> StatusReference:
    told = read(issued.split("~")[0].encode()).payload["status"]["status_list"]
    return StatusReference(told["uri"], told["idx"])


async def main() -> int:
    """Print the figures; 1 where a limit is missed."""
    world, made = World(), holders()
    rates: dict[str, list[tuple[float, float]]] = {"issue": [], "verify": []}
    with tempfile.TemporaryDirectory(prefix="meibo-bench-") as folder:
        settings, host = replace(load_settings(), data=folder), load_host(only={"doctor"})
        await fill(settings, host, 200, lambda _: None)
        async with open_installation(settings, host) as installation:
            for _ in range(RUNS):
                rate, issued = await issue(installation, world, made)
                rates["issue"].append(rate)
                rates["verify"].append(await verify(world, made, issued))
    took = min(sign_list(world) for _ in range(RUNS))
    print(machine())
    met = took <= LIST_SECONDS
    for name, limit in LIMITS.items():
        core, by_clock = max(rates[name])
        met &= core >= limit
        print(
            f"{name:7} {core:6,.0f} /s of the core, {by_clock:6,.0f} /s by the clock   (limit {limit:,.0f})"
        )
    print(f"list    {took:6.2f} s of the core   (limit {LIST_SECONDS})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
