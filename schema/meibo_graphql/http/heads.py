"""Heads of plain requests: one that came before, byte for byte, is not parsed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from starlette.requests import Request

from meibo_graphql.http.negotiation import MediaType, negotiate, parse_range
from meibo_graphql.http.sharing import Turn

UNUSUAL = frozenset({b"content-encoding", b"cookie", b"expect", b"origin", b"transfer-encoding", b"upgrade"})
"""Headers with which a request is not plain; nor is one that repeats a header."""
END = b"\r\n\r\n"
KEPT = 1_000
"""Heads that are remembered: those that came last."""
LONGEST = 2_000
"""Bytes of a head that is remembered."""


class Endpoint(Protocol):
    """What answers plain requests to a path."""

    def take(self, request: Request, body: bytes, media_type: MediaType, turn: Turn) -> None:
        """See that `turn` is answered; never raises for what the caller did."""


class Head(NamedTuple):
    """The head of a plain request, and how long its body is."""

    path: str
    endpoint: Endpoint
    request: Request
    media_type: MediaType
    length: int


class Heads:
    """The endpoints that take plain requests, and the heads that came to them, of connections that stay open."""

    def __init__(self, endpoints: Mapping[bytes, Endpoint]) -> None:
        """`endpoints` are by path."""
        self.endpoints = endpoints
        self._known: dict[bytes, Head] = {}

    def find(self, data: bytes) -> tuple[Head, bytes] | None:
        """The head and the body of what came; None unless it is one whole request whose head is known."""
        head, _, body = data.partition(END)
        known = self._known.get(head)
        return (known, body) if known is not None and known.length == len(body) else None

    def learn(self, data: bytes, head: Head) -> None:
        """Remember the head of what came, which was parsed as this one and held nothing else than that request."""
        text, _, body = data.partition(END)
        if len(body) != head.length or len(text) > LONGEST:
            return
        while len(self._known) >= KEPT:
            del self._known[next(iter(self._known))]
        self._known[text] = head

    def plain(self, path: bytes, headers: Sequence[tuple[bytes, bytes]]) -> tuple[Endpoint, MediaType] | None:
        """Where a POST to a path goes if it is plain, and the type of its answer; None for any other."""
        endpoint = self.endpoints.get(path)
        media_type = plain_type(headers) if endpoint else None
        return (endpoint, media_type) if endpoint and media_type else None


def plain_type(headers: Sequence[tuple[bytes, bytes]]) -> MediaType | None:
    """The type of the answer to a plain request; None for any other."""
    given = dict(headers)
    if len(given) != len(headers) or not UNUSUAL.isdisjoint(given):
        return None
    return _negotiated(given.get(b"content-type", b""), given.get(b"accept", b""))


@lru_cache(100)
def _negotiated(content_type: bytes, accept: bytes) -> MediaType | None:
    given = parse_range(content_type.decode("latin-1"))
    is_json = given.name == MediaType.JSON and given.is_utf8
    return negotiate(accept.decode("latin-1")) if is_json else None
