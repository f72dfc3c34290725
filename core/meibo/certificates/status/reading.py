"""Asks lists for statuses: each list is fetched once and kept as long as it may be."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from datetime import datetime
from typing import Protocol

from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.status import tokens
from meibo.certificates.status.references import StatusReference
from meibo.certificates.status.tokens import Held
from meibo.certificates.trust.issuers import Trust, TrustedIssuer

MOST_LISTS = 256
"""Lists kept at once: a quarter of a megabyte each."""


class Fetcher(Protocol):
    """Where status list tokens come from: by HTTP, or from a folder that a one-way gateway fills."""

    async def fetch(self, uri: str) -> bytes:
        """The token at an address; raises Refusal STATUS_UNREACHABLE or STATUS_SIZE."""


class StatusReader:
    """Statuses by reference."""

    def __init__(self, trust: Trust, fetcher: Fetcher) -> None:
        self.trust = trust
        self.fetcher = fetcher
        self._held: OrderedDict[str, tuple[TrustedIssuer, Held]] = OrderedDict()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def status(
        self, issuer: TrustedIssuer, wanted: StatusReference, at: datetime
    ) -> tuple[int, datetime]:
        """The entry and the instant as of which it is known; raises Refusal where no list says."""
        held = self.known(issuer, wanted.uri, at) or await self._fetched(issuer, wanted.uri, at)
        try:
            return held.listed[wanted.index], held.as_of
        except IndexError as error:
            raise Refusal(Reason.STATUS_INDEX) from error

    def known(self, issuer: TrustedIssuer, uri: str, at: datetime) -> Held | None:
        """The list, where it may still be kept."""
        of, held = self._held.get(uri, (None, None))
        return held if of is issuer and held and held.as_of <= at < held.fresh_until else None

    async def _fetched(self, issuer: TrustedIssuer, uri: str, at: datetime) -> Held:
        """The list fetched, by one of all who wait for it."""
        if not issuer.may_serve_status(uri):
            raise Refusal(Reason.STATUS_FORBIDDEN)
        async with self._locks[uri]:
            held = self.known(issuer, uri, at)
            if held is None:
                held = tokens.read(await self.fetcher.fetch(uri), uri, issuer, self.trust, at)
                self._keep(uri, issuer, held)
        return held

    def _keep(self, uri: str, issuer: TrustedIssuer, held: Held) -> None:
        self._held[uri] = issuer, held
        self._held.move_to_end(uri)
        while len(self._held) > MOST_LISTS:
            dropped, _ = self._held.popitem(last=False)
            self._locks.pop(dropped, None)
