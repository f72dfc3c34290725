"""python -m tests.conformance.qr_cases FILE: every QR certificate that our own verifier judges, and how, as JSON.

The check page verifies in the browser, with code of its own: it must come to the same state by the same reason.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from meibo.certificates.qr.issuing import link
from meibo.certificates.trust import documents
from tests.core.certificates.cases import qr_codes, status_tokens, trust_lists
from tests.core.certificates.world import LIST, PAGE, REVOKED, Published, World

Given = tuple[str, str, bytes, bytes | None]
"""Name, certificate, trust list, status list token; no token where none can be fetched."""


def given(world: World) -> Iterator[Given]:
    """Good ones, and each of the three tables of defects."""
    good, trusted, token = link(PAGE, world.qr_message()), trust_lists.trust_list(world), world.status_token()
    yield "good", good, trusted, token
    yield "good without its link", good.rpartition("#")[2], trusted, token
    yield "revoked, and no list can be fetched", link(PAGE, world.qr_message(REVOKED)), trusted, None
    for name, (_, certificate) in qr_codes.REFUSED.items():
        yield name, certificate(world), trusted, token
    for name, (_, listed) in status_tokens.REFUSED.items():
        yield f"status list: {name}", good, trusted, listed(world)
    for name, (_, case) in trust_lists.REFUSED.items():
        other, certificate_ = case(world)
        yield f"trust list: {name}", certificate_, other, token


async def judged(world: World) -> list[dict[str, Any]]:
    """All cases with what our verifier says of them."""
    return [await _judged(world, *each) for each in given(world)]


async def _judged(
    world: World, name: str, certificate: str, trusted: bytes, token: bytes | None
) -> dict[str, Any]:
    world.published = Published({} if token is None else {LIST: token})
    outcome = await world.verifier(documents.read(trusted)).qr(certificate)
    return {
        "name": name,
        "certificate": certificate,
        "trust": trusted.decode(),
        "token": None if token is None else token.decode(),
        "at": outcome.checked_at.timestamp(),
        "state": outcome.state,
        "reason": outcome.reason,
        "claims": outcome.claims,
        "asOf": outcome.status_as_of and outcome.status_as_of.timestamp(),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(orjson.dumps({"list": LIST, "cases": asyncio.run(judged(World()))}))
