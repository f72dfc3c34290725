"""The individual numbers that an existing system was given: it opens them, keeps them by pseudonym, erases them on
demand, and confirms that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from joserfc import jwe
from joserfc.jwk import ECKey

JAPAN = timezone(timedelta(hours=9))
LONGEST = 16_000_000
"""Bytes of what a batch holds."""


@dataclass
class Numbers:
    """Numbers of each profession by pseudonym. Erasures in `slow` are confirmed when they are taken out of it, those in
    `refused` not at all; `repeated` counts batches that came again, or too late."""

    reading: ECKey
    now: Callable[[], float]
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    repeated: int = 0
    days_off: int = 0
    """By how many days its confirmations are wrong."""

    def taken(self, body: Any) -> tuple[str, Any]:
        """Keep the numbers of a batch that is higher than any before."""
        profession, number = body["profession"], body["number"]
        known = self.highest.get(profession, 0)
        if number > known:
            self.kept.setdefault(profession, {}).update(self._opened(body["sealed"]))
            self.highest[profession] = known = number
        else:
            self.repeated += 1
        return "taken", {"number": known}

    def erased(self, body: Any) -> tuple[str, Any]:
        """Erase the number of a licence, unless this system refuses or takes its time."""
        profession, licence = body["profession"], body["licence"]
        self.highest[profession] = max(body["until"], self.highest.get(profession, 0))
        if licence in self.refused:
            return "rejected", {"code": "IN_USE"}
        if licence in self.slow:
            return "accepted", {}
        self.kept.get(profession, {}).pop(licence, None)
        day = datetime.fromtimestamp(self.now(), JAPAN).date() + timedelta(days=self.days_off)
        return "erased", {"licence": licence, "erased_on": day.isoformat()}

    def holds(self) -> dict[str, list[str]]:
        """The pseudonyms, by profession, of those whose numbers are kept; a number is shown to nobody."""
        return {profession: sorted(kept) for profession, kept in self.kept.items() if kept}

    def _opened(self, sealed: str) -> dict[str, str]:
        registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM"])
        registry.max_ciphertext_length = LONGEST
        opened = jwe.decrypt_compact(sealed, self.reading, registry=registry).plaintext or b""
        return {each["licence"]: each["number"] for each in json.loads(opened)}
