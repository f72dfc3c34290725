"""What one caller may ask at once and in a second, so that nobody is slowed down by another."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from meibo_graphql.limits.operations import limit
from meibo_graphql.sanitizing import ErrorCode, SafeError

REMEMBERED = 10_000
"""Callers whose allowance is remembered; those who asked longest ago are forgotten first."""


@dataclass(slots=True)
class Allowance:
    """One caller's: requests under way, and new documents that may still be prepared."""

    under_way: int = 0
    documents: float = 0.0
    at: float = 0.0

    def __enter__(self) -> None:
        """The request was counted when it was let in."""

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """A request is over."""
        self.under_way -= 1


@dataclass(slots=True)
class Callers:
    """The allowances of all callers of a surface, by account; `clock` gives seconds."""

    requests: int = limit(32, "Requests of one account under way.")
    documents_per_second: float = limit(
        20, "New documents of one account in a second; those prepared or trusted are free."
    )
    documents_at_once: int = limit(100, "New documents of one account in one go.")
    clock: Callable[[], float] = time.monotonic
    known: OrderedDict[str, Allowance] = field(default_factory=OrderedDict)

    def request(self, caller: str) -> Allowance:
        """Count a request until it ends: `with callers.request(...):`, or by `end`; raises SafeError (RATE_LIMITED)
        over the limit."""
        allowance = self._of(caller)
        if allowance.under_way >= self.requests:
            raise _limited("requests", self.requests, 1)
        allowance.under_way += 1
        return allowance

    def prepare(self, caller: str) -> None:
        """Count a new document; raises SafeError (RATE_LIMITED) where the caller has sent too many."""
        allowance, now = self._of(caller), self.clock()
        more = (now - allowance.at) * self.documents_per_second
        allowance.documents = min(float(self.documents_at_once), allowance.documents + more)
        allowance.at = now
        if allowance.documents < 1:
            raise _limited("documents", self.documents_at_once, 1)
        allowance.documents -= 1

    def _of(self, caller: str) -> Allowance:
        if caller not in self.known:
            self.known[caller] = Allowance(documents=float(self.documents_at_once), at=self.clock())
            self._forget()
        self.known.move_to_end(caller)
        return self.known[caller]

    def _forget(self) -> None:
        """Forget the caller who asked longest ago and waits for nothing."""
        if len(self.known) > REMEMBERED:
            idle = next((name for name, a in self.known.items() if not a.under_way), None)
            if idle is not None:
                del self.known[idle]


def _limited(limit: str, allowed: int, seconds: int) -> SafeError:
    sentence = f"You are over the limit of {limit} at once ({allowed}). Try again in a second."
    return SafeError(ErrorCode.RATE_LIMITED, sentence, limit=limit, allowed=allowed, retryAfter=seconds)
