"""From an HTTP request to one operation, refusing everything else by name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request

from meibo_graphql.http.limits import HttpLimits
from meibo_graphql.http.negotiation import MediaType, parse_range
from meibo_graphql.sanitizing import ErrorCode, SafeError

PREFLIGHT_HEADERS = ("x-meibo-preflight", "apollo-require-preflight")
"""Headers that no page can send to another origin without asking first (CORS preflight)."""

NAMED = re.compile(r"\s*(?:query|mutation)\s+([_A-Za-z][_0-9A-Za-z]*)")
"""A document's beginning, with the name of its first operation."""

INLINE = frozenset({"query", "operationName", "variables"})
"""The parameters of a request that brings its document."""

DOCUMENT_ID_KEYS = ("documentId", "doc_id", "id")
"""Where clients put the id of a trusted document (graphql-codegen, Relay, older Relay)."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters as they came. Its repr has no values: they may be personal."""

    query: str | None = field(repr=False)
    operation_name: str | None = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False)
    extensions: Mapping[str, Any] = field(repr=False)
    document_id: str | None = field(repr=False)
    read_only: bool
    """Whether it came by GET, which may only read."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is to be executed. Its repr has no values: they may be personal."""

    document: str = field(repr=False)
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    operation_name: str | None = field(default=None, repr=False)
    read_only: bool = False


def first_name(document: str) -> str:
    """The name of a document's first operation, for the audit log where a request does not say one."""
    named = NAMED.match(document)
    return named[1] if named else "graphql"


Documents = Callable[[GraphQLRequest], str]
"""Gives the document's text, or raises a SafeError; where trusted documents come in."""


def inline_document(request: GraphQLRequest) -> str:
    """The document that the request carries itself."""
    if request.query is None:
        raise SafeError(ErrorCode.BAD_REQUEST, "Give the document as the string `query`.")
    return request.query


async def read_request(request: Request, limits: HttpLimits) -> GraphQLRequest:
    """The GraphQL parameters of a GET or a POST; raises SafeError."""
    require_preflight(request)
    if request.method == "GET":
        return parameters(_from_address(request), read_only=True)
    require_json(request)
    return read_whole(await read_body(request, limits), limits)


def read_whole(body: bytes, limits: HttpLimits) -> GraphQLRequest:
    """The GraphQL parameters of a body of JSON; raises SafeError."""
    if len(body) > limits.body_bytes:
        raise _too_large(limits)
    return parameters(_parse(body, "The body"), read_only=False)


def require_preflight(request: Request) -> None:
    """A browser sends cookies and forms for any page; a header of ours proves that the origin was asked."""
    form = parse_range(request.headers.get("content-type", "")).name == "multipart/form-data"
    if not form and "cookie" not in request.headers:
        return
    if not any(request.headers.get(name) for name in PREFLIGHT_HEADERS):
        sentence = f"Send the header {PREFLIGHT_HEADERS[0]} (any value): the request has cookies or a form."
        raise SafeError(ErrorCode.PREFLIGHT_REQUIRED, sentence)


def require_json(request: Request) -> None:
    """Only JSON in UTF-8, not compressed: what is counted is what is parsed."""
    content_type = parse_range(request.headers.get("content-type", ""))
    if content_type.name != MediaType.JSON or not content_type.is_utf8:
        raise SafeError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send application/json in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise SafeError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body without a content encoding.")


async def read_body(request: Request, limits: HttpLimits) -> bytes:
    """The whole body, given up as soon as it is over the limit of size or time."""
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or len(length) > 15 or int(length) > limits.body_bytes:
        raise _too_large(limits)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limits.body_bytes:
                    raise _too_large(limits)
    except TimeoutError:
        raise SafeError(ErrorCode.TOO_SLOW, "The body took too long to arrive.") from None
    return bytes(body)


def _too_large(limits: HttpLimits) -> SafeError:
    return SafeError(ErrorCode.TOO_LARGE, f"The body is over {limits.body_bytes} bytes.")


def parameters(raw: object, *, read_only: bool) -> GraphQLRequest:
    """The parameters of a parsed body or address, each of its type; null stands for left out."""
    if isinstance(raw, list):
        raise SafeError(ErrorCode.BAD_REQUEST, "Send one operation at a time: batches are not accepted.")
    if not isinstance(raw, dict):
        raise SafeError(ErrorCode.BAD_REQUEST, "The body must be a JSON object.")
    extensions = _mapping(raw, "extensions")
    return GraphQLRequest(
        query=_string(raw, "query"),
        operation_name=_string(raw, "operationName") or None,
        variables=_mapping(raw, "variables"),
        extensions=extensions,
        document_id=None if INLINE.issuperset(raw) else _document_id(raw, extensions),
        read_only=read_only,
    )


def _document_id(raw: Mapping[str, Any], extensions: Mapping[str, Any]) -> str | None:
    """The id of a trusted document under any of the names that clients use (Apollo: in `extensions`)."""
    found = next((value for key in DOCUMENT_ID_KEYS if (value := _string(raw, key)) is not None), None)
    return found or _string(_mapping(extensions, "persistedQuery"), "sha256Hash")


def _from_address(request: Request) -> dict[str, object]:
    """The parameters of a GET; `variables` and `extensions` are JSON."""
    pairs = request.query_params.multi_items()
    if len({key for key, _ in pairs}) != len(pairs):
        raise SafeError(ErrorCode.BAD_REQUEST, "Give each parameter once.")
    raw: dict[str, object] = dict(pairs)
    for key in ("variables", "extensions"):
        if key in raw:
            raw[key] = _parse(str(raw[key]), f"`{key}`")
    return raw


def _parse(text: bytes | str, what: str) -> object:
    """JSON, or a refusal that does not say what stood there."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise SafeError(ErrorCode.BAD_REQUEST, f"{what} is not valid JSON in UTF-8.") from None


def _string(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise SafeError(ErrorCode.BAD_REQUEST, f"`{key}` must be a string.")
    return value


def _mapping(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    if value is not None and not isinstance(value, dict):
        raise SafeError(ErrorCode.BAD_REQUEST, f"`{key}` must be an object.")
    return value or {}
