"""From an outcome to an HTTP response: status, headers and bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send

from meibo_graphql.http.negotiation import MediaType
from meibo_graphql.sanitizing import ErrorCode, SafeError, sanitize

Fields = tuple[tuple[bytes, bytes], ...]
"""Header fields, names in lower case."""

HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""On every answer: register data belongs in no cache."""

FIELDS: Mapping[MediaType, Fields] = {
    media_type: (
        *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
    )
    for media_type in MediaType
}
"""On ours, by its type."""

STATED_BY_HTTP = frozenset({ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.TIMEOUT, ErrorCode.INTERNAL})
"""Refusals of an executor that keep their status in `application/json` too, where others are a 200."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one operation. Its repr has no data."""

    data: Mapping[str, Any] | None = field(default=None, repr=False)
    errors: Sequence[GraphQLError] = field(default=(), repr=False)
    executed: bool = True
    """Whether execution began; if not, the answer has no `data`."""
    body: bytes | None = field(default=None, repr=False)
    """The whole answer as JSON, where a compiled plan has already written it."""

    @classmethod
    def refused(cls, *errors: GraphQLError) -> Outcome:
        """Nothing was executed."""
        return cls(errors=errors, executed=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: as an ASGI app, or as the bytes of HTTP/1.1."""

    status: int
    fields: Fields
    body: bytes = field(repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        fields = [*self.fields, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": fields})
        await send({"type": "http.response.body", "body": self.body})

    def written(self, *, last: bool) -> bytes:
        """The whole response; `last` tells that the connection is closed after it."""
        closing = b"connection: close\r\n" if last else b""
        return b"%bcontent-length: %d\r\n%b\r\n%b" % (
            head(self.status, self.fields), len(self.body), closing, self.body,
        )  # fmt: skip


@lru_cache(100)
def head(status: int, fields: Fields) -> bytes:
    """The beginning of a response."""
    lines = [b"HTTP/1.1 %d %b" % (status, HTTPStatus(status).phrase.encode())]
    return b"\r\n".join([*lines, *(b"%b: %b" % each for each in fields), b""])


def answer(outcome: Outcome, media_type: MediaType) -> Answer:
    """The answer to an operation that was understood as one."""
    if outcome.body is not None:
        return respond(outcome.body, 200, media_type)
    errors = [sanitize(error) for error in outcome.errors]
    if not outcome.executed:
        return refusal(errors, media_type, legacy_ok=True)
    payload: dict[str, object] = {"errors": [e.formatted for e in errors]} if errors else {}
    try:
        return respond(orjson.dumps(payload | {"data": outcome.data}), 200, media_type)
    except TypeError as error:
        # A resolver gave something that JSON cannot hold; the text would say what.
        return refusal([sanitize(error)], media_type)


def refusal(errors: Sequence[SafeError], media_type: MediaType, *, legacy_ok: bool = False) -> Answer:
    """An answer without data.

    `legacy_ok` says that the HTTP was well-formed, which `application/json` answers with a 200.
    """
    code, told = errors[0].code, errors[0].extensions or {}
    is_legacy = legacy_ok and media_type is MediaType.JSON and code not in STATED_BY_HTTP
    more: list[tuple[bytes, bytes]] = []
    if code is ErrorCode.UNAUTHENTICATED:
        more.append((b"www-authenticate", b"Bearer"))
    if code is ErrorCode.METHOD_NOT_ALLOWED:
        more.append((b"allow", str(told.get("allow", "GET, POST")).encode()))
    if retry := told.get("retryAfter"):
        more.append((b"retry-after", str(retry).encode()))
    body = orjson.dumps({"errors": [error.formatted for error in errors]})
    return respond(body, 200 if is_legacy else code.status, media_type, *more)


def respond(body: bytes, status: int, media_type: MediaType, *more: tuple[bytes, bytes]) -> Answer:
    """UTF-8 JSON under the negotiated type."""
    return Answer(status, (*FIELDS[media_type], *more), body)
