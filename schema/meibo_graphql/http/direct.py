"""The short way: a plain request to a GraphQL address that came whole is answered without ASGI.

ASGI hands a body over in parts, a response likewise, and a framework wraps each of these steps: together they cost
more than many an answer. What is plain needs none of that. Everything else, a page's request with an origin or
cookies, a body in parts, a second request before the first is answered, goes the long way, to the same endpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from meibo_graphql.http.access import note
from meibo_graphql.http.answers import Answer
from meibo_graphql.http.connections import BoundedProtocol
from meibo_graphql.http.negotiation import MediaType, negotiate, parse_range

UNUSUAL = frozenset({b"content-encoding", b"cookie", b"expect", b"origin", b"transfer-encoding", b"upgrade"})
"""Headers with which a request is not plain; nor is one that repeats a header."""


class Endpoint(Protocol):
    """What answers plain requests to a path."""

    async def respond_whole(self, request: Request, body: bytes, media_type: MediaType) -> Answer:
        """Never raises for what the caller did."""


class Held(NamedTuple):
    """A plain request whose body is still to be seen."""

    endpoint: Endpoint
    media_type: MediaType


class Turn:
    """What uvicorn's protocol asks of a request under way."""

    message_event = asyncio.Event()  # Nobody waits for one.

    def __init__(self, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False


class DirectProtocol(BoundedProtocol):
    """Answers plain requests itself, if the app says by `direct` what answers at which path."""

    def __init__(self, config: Any, *rest: Any, **named: Any) -> None:
        super().__init__(config, *rest, **named)
        self.direct: Mapping[bytes, Endpoint] = getattr(config.app, "direct", {})
        self.held: Held | None = None
        self.whole = b""

    def data_received(self, data: bytes) -> None:
        """What a client sent; a held request whose body did not come with it goes the long way."""
        super().data_received(data)
        if self.held is not None:
            self.held = None
            if not self.transport.is_closing():
                super().on_headers_complete()
                if self.whole:
                    super().on_body(self.whole)

    def on_headers_complete(self) -> None:
        """The headers are there: hold a plain request until its body has been seen."""
        self.held, self.whole = self._plain(), b""
        if self.held is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if self.held is None:
            super().on_body(body)
        else:
            self.whole += body

    def on_message_complete(self) -> None:
        """The body is there: answer a held request."""
        if self.held is None:
            super().on_message_complete()
            return
        held, self.held = self.held, None
        self._end_headers()
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        turn: Any = Turn(keep_alive)
        self.cycle = turn
        answering = self._answer(held, turn, self.url.decode(), self.headers, self.whole)
        self.tasks.add(self.loop.create_task(answering))

    def _plain(self) -> Held | None:
        """How a request is held; None where it must go the long way."""
        endpoint = self.direct.get(self.url)
        cycle: RequestResponseCycle | Turn | None = self.cycle
        under_way = self.pipeline or not (cycle is None or cycle.response_complete)
        if endpoint is None or under_way or self.flow.write_paused or self.is_too_large:
            return None
        if self.parser.get_method() != b"POST":
            return None
        media_type = plain_type(self.headers)
        return None if media_type is None else Held(endpoint, media_type)

    async def _answer(
        self, held: Held, turn: Turn, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        begun, answer = time.perf_counter(), None
        try:
            request = Request({"type": "http", "headers": headers})
            answer = await held.endpoint.respond_whole(request, body, held.media_type)
            if not self.transport.is_closing():
                self.transport.write(answer.written(last=not turn.keep_alive))
        except Exception as error:
            self.logger.error("A request was not answered.", exc_info=error)
        finally:
            note("POST", path, 500 if answer is None else answer.status, begun)
            self._end(turn, close=answer is None or not turn.keep_alive)

    def _end(self, turn: Turn, *, close: bool) -> None:
        """A request is over: the connection is closed, or waits for the next."""
        self.tasks.discard(asyncio.current_task(self.loop))
        turn.response_complete = True
        if close:
            self.transport.close()
        self.on_response_complete()


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
