"""Puts disclosures back where their digests stand (RFC 9901, section 7.1, step 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from meibo.certificates.encoding import decode
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.sdjwt.disclosures import (
    ALGORITHM,
    DIGESTS,
    ELEMENT,
    NEVER_DISCLOSABLE,
    SHA_256,
    digest,
)

DEPTH = 8
"""Objects within objects of one certificate."""


def reveal(payload: dict[str, Any], disclosures: Sequence[bytes]) -> dict[str, Any]:
    """The claims with every disclosure in its place, digests and decoys gone.

    Raises Refusal for a disclosure that is malformed, twice there, or named nowhere, and for one of a claim by which
    the certificate is judged.
    """
    if payload.get(ALGORITHM, SHA_256) != SHA_256:
        raise Refusal(Reason.HASH_ALGORITHM)
    revealing = _Revealing({})
    for each in disclosures:
        revealing.add(each)
    claims = revealing.revealed(payload, 0)
    claims.pop(ALGORITHM, None)
    if revealing.unused:
        raise Refusal(Reason.DISCLOSURE_UNREFERENCED)
    return claims


@dataclass(slots=True)
class _Revealing:
    """The disclosures by digest, and the digests met so far."""

    unused: dict[str, list[Any]]
    met: set[str] = field(default_factory=set)

    def add(self, disclosure: bytes) -> None:
        name = digest(disclosure)
        if name in self.unused:
            raise Refusal(Reason.DISCLOSURE_DUPLICATE)
        try:
            parts = orjson.loads(decode(disclosure))
        except ValueError as error:
            raise Refusal(Reason.DISCLOSURE_MALFORMED) from error
        if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
            raise Refusal(Reason.DISCLOSURE_MALFORMED)
        self.unused[name] = parts

    def take(self, name: object, parts: int) -> list[Any] | None:
        """The disclosure of a digest, which has so many parts; None for one withheld, or a decoy."""
        if not isinstance(name, str):
            raise Refusal(Reason.MALFORMED)
        if name in self.met:
            raise Refusal(Reason.DISCLOSURE_DUPLICATE)
        self.met.add(name)
        found = self.unused.pop(name, None)
        if found is not None and len(found) != parts:
            raise Refusal(Reason.DISCLOSURE_MALFORMED)
        return found

    def value(self, value: Any, depth: int) -> Any:
        """A value with what is within it."""
        if depth > DEPTH:
            raise Refusal(Reason.MALFORMED)
        if isinstance(value, dict):
            return self.revealed(value, depth)
        return self.elements(value, depth) if isinstance(value, list) else value

    def revealed(self, found: dict[str, Any], depth: int) -> dict[str, Any]:
        """An object with its disclosed claims."""
        told = {name: self.value(value, depth + 1) for name, value in found.items() if name != DIGESTS}
        if ELEMENT in told:
            raise Refusal(Reason.MALFORMED)
        digests = found.get(DIGESTS, [])
        if not isinstance(digests, list):
            raise Refusal(Reason.MALFORMED)
        for each in digests:
            if parts := self.take(each, 3):
                self.claim(told, parts[1], parts[2], depth)
        return told

    def claim(self, told: dict[str, Any], name: Any, value: Any, depth: int) -> None:
        """Add one disclosed claim to an object."""
        if not isinstance(name, str) or name in (DIGESTS, ELEMENT):
            raise Refusal(Reason.DISCLOSURE_MALFORMED)
        if depth == 0 and name in NEVER_DISCLOSABLE:
            raise Refusal(Reason.DISCLOSABLE_CLAIM)
        if name in told:
            raise Refusal(Reason.DISCLOSURE_DUPLICATE)
        told[name] = self.value(value, depth + 1)

    def elements(self, found: list[Any], depth: int) -> list[Any]:
        """An array with its disclosed elements; those withheld are left out."""
        told = []
        for each in found:
            if not isinstance(each, dict) or ELEMENT not in each:
                told.append(self.value(each, depth + 1))
            elif len(each) > 1:
                raise Refusal(Reason.MALFORMED)
            elif parts := self.take(each[ELEMENT], 2):
                told.append(self.value(parts[1], depth + 1))
        return told
