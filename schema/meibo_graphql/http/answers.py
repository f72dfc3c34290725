"""From an outcome to an HTTP response: status, headers and bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response

from meibo_graphql.http.negotiation import MediaType
from meibo_graphql.sanitizing import ErrorCode, SafeError, sanitize

HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""On every answer: register data belongs in no cache."""

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


def answer(outcome: Outcome, media_type: MediaType) -> Response:
    """The response to an operation that was understood as one."""
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


def refusal(errors: Sequence[SafeError], media_type: MediaType, *, legacy_ok: bool = False) -> Response:
    """A response without data.

    `legacy_ok` says that the HTTP was well-formed, which `application/json` answers with a 200.
    """
    code = errors[0].code
    is_legacy = legacy_ok and media_type is MediaType.JSON and code not in STATED_BY_HTTP
    body = orjson.dumps({"errors": [error.formatted for error in errors]})
    response = respond(body, 200 if is_legacy else code.status, media_type)
    if code is ErrorCode.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if code is ErrorCode.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = str((errors[0].extensions or {}).get("allow", "GET, POST"))
    if retry := (errors[0].extensions or {}).get("retryAfter"):
        response.headers["Retry-After"] = str(retry)
    return response


def respond(body: bytes, status: int, media_type: MediaType) -> Response:
    """UTF-8 JSON under the negotiated type."""
    return Response(body, status, HEADERS, f"{media_type}; charset=utf-8")
