"""Media types: which one the body is in, and which one the answer may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

UTF_8 = frozenset({"utf-8", "utf8"})


class MediaType(StrEnum):
    """What the server writes. In legacy `application/json` a refused operation is still a 200."""

    JSON = "application/json"
    GRAPHQL_RESPONSE = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an Accept header, or a Content-Type: lower-case name and parameters."""

    name: str
    parameters: Mapping[str, str]

    @property
    def quality(self) -> float:
        """`q` between 0 and 1; 0 where it is not a number."""
        try:
            return min(1.0, max(0.0, float(self.parameters.get("q", "1"))))
        except ValueError:
            return 0.0

    @property
    def is_utf8(self) -> bool:
        """Whether no charset is named, or UTF-8 is."""
        return self.parameters.get("charset", "utf-8").lower() in UTF_8


@lru_cache(100)
def parse_range(text: str) -> Range:
    """`Application/JSON; charset="UTF-8"` as a range."""
    name, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
    return Range(name.strip().lower(), parameters)


@lru_cache(100)
def negotiate(accept: str) -> MediaType | None:
    """The type of the answer; None where the client accepts neither.

    `application/json` where nothing is said or everything is welcome; the newer type where the client
    names it and does not prefer the other (RFC 9110, 12.5.1; GraphQL over HTTP, 5.1).
    """
    if not accept.strip():
        return MediaType.JSON
    ranges = [r for r in map(parse_range, accept.split(",")) if r.name and r.is_utf8]
    legacy, _ = _preference(ranges, MediaType.JSON)
    modern, is_named = _preference(ranges, MediaType.GRAPHQL_RESPONSE)
    if modern > legacy or (is_named and modern == legacy > 0):
        return MediaType.GRAPHQL_RESPONSE
    return MediaType.JSON if legacy > 0 else None


def _preference(ranges: Iterable[Range], offered: MediaType) -> tuple[float, bool]:
    """Quality of the most specific range that matches, and whether it names the type in full."""
    matches = sorted(_matches(ranges, offered), reverse=True)
    return (matches[0][1], matches[0][0] == 2) if matches else (0.0, False)


def _matches(ranges: Iterable[Range], offered: MediaType) -> Iterator[tuple[int, float]]:
    """(specificity, quality) of every range that matches."""
    levels = {"*/*": 0, "application/*": 1, offered.value: 2}
    return ((levels[r.name], r.quality) for r in ranges if r.name in levels)
