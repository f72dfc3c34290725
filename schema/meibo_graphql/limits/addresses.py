"""How often the public may search, by address. No address is kept: a keyed hash of it is, in this process alone."""

from __future__ import annotations

import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from meibo_graphql.limits.operations import limit
from meibo_graphql.sanitizing import ErrorCode, SafeError

REMEMBERED = 10_000
"""Addresses whose allowance is remembered; those that asked longest ago are forgotten first."""
NETWORK_BITS = {4: 32, 6: 64}
"""One household has all IPv6 addresses of 64 bits."""


@dataclass(slots=True)
class Searches:
    """What each address has left; `clock` gives seconds. Nobody else ever learns the key of the hashes."""

    searches_per_minute: int = limit(20, "Public searches from one address in a minute.")
    searches_at_once: int = limit(10, "Public searches from one address in one go.")
    clock: Callable[[], float] = time.monotonic
    left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def mark(self, address: str) -> str:
        """What stands for an address, until the process ends."""
        return blake2b(_network(address).encode(), key=self.key, digest_size=16).hexdigest()

    def take(self, mark: str) -> None:
        """Count a search; raises SafeError (RATE_LIMITED) where the address has asked too often."""
        each, now = self.searches_per_minute / 60, self.clock()
        before, at = self.left.pop(mark, (float(self.searches_at_once), now))
        left = min(float(self.searches_at_once), before + (now - at) * each)
        taken = left >= 1
        self.left[mark] = (left - taken, now)
        if len(self.left) > REMEMBERED:
            self.left.popitem(last=False)
        if not taken:
            raise _limited(self.searches_per_minute, math.ceil((1 - left) / each))


def _network(address: str) -> str:
    """The part of an address that one caller has; what is no address counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((mapped, NETWORK_BITS[mapped.version]), strict=False))


def _limited(allowed: int, seconds: int) -> SafeError:
    sentence = f"You are over the limit of public searches ({allowed} in a minute). Try again in {seconds} s."
    return SafeError(ErrorCode.RATE_LIMITED, sentence, limit="searches", allowed=allowed, retryAfter=seconds)
