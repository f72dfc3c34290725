"""How many checks a partner may ask, and how many it has left."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from meibo_graphql.limits.operations import limit
from meibo_graphql.sanitizing import ErrorCode, SafeError


@dataclass(frozen=True, slots=True)
class Left:
    """What a partner may still check at once, of how many, and in how many seconds that is full again."""

    limit: int
    left: int
    full_in_seconds: int


@dataclass(slots=True)
class CheckAllowances:
    """What each partner has left in this process; partners are few, so none is forgotten. `clock` gives seconds."""

    checks_per_minute: int = limit(6_000, "Shares and certificates that one partner has checked in a minute.")
    checks_at_once: int = limit(2_000, "Shares and certificates that one partner has checked in one go.")
    clock: Callable[[], float] = time.monotonic
    left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, partner: str, count: int) -> Left:
        """Count checks, all or none; raises SafeError (RATE_LIMITED), which says when so many are left."""
        left = self._left(partner)
        if count > left:
            raise self._limited(left, count)
        self.left[partner] = (left - count, self.clock())
        return self.told(partner)

    def told(self, partner: str) -> Left:
        """What a partner has left."""
        left = self._left(partner)
        missing = self.checks_at_once - left
        return Left(self.checks_at_once, int(left), math.ceil(missing * 60 / self.checks_per_minute))

    def _left(self, partner: str) -> float:
        before, at = self.left.get(partner, (float(self.checks_at_once), self.clock()))
        more = (self.clock() - at) * self.checks_per_minute / 60
        return min(float(self.checks_at_once), before + more)

    def _limited(self, left: float, count: int) -> SafeError:
        seconds = math.ceil((count - left) * 60 / self.checks_per_minute)
        sentence = (
            f"You are over the limit of checks ({self.checks_per_minute} in a minute, {int(left)} left)."
        )
        return SafeError(
            ErrorCode.RATE_LIMITED, f"{sentence} Try again in {seconds} s.", limit="checks",
            allowed=self.checks_per_minute, left=int(left), retryAfter=seconds,
        )  # fmt: skip
