"""The short way: a plain request to a GraphQL address that came whole is answered without ASGI.

ASGI hands a body over in parts, a response likewise, and a framework wraps each of these steps: together they cost
more than many an answer. What is plain needs none of that. Everything else, a page's request with an origin or
cookies, a body in parts, a second request before the first is answered, goes the long way, to the same endpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, NamedTuple

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from meibo_graphql.http.access import note
from meibo_graphql.http.answers import Answer
from meibo_graphql.http.connections import BoundedProtocol
from meibo_graphql.http.heads import Endpoint, Head, Heads
from meibo_graphql.http.negotiation import MediaType

NONE = Heads({})


class Held(NamedTuple):
    """A plain request whose body is still to be seen."""

    endpoint: Endpoint
    media_type: MediaType


class Turn:
    """A request under way: what uvicorn's protocol asks of one, and the ways to answer it."""

    __slots__ = ("begun", "disconnected", "keep_alive", "path", "protocol", "response_complete")
    message_event = asyncio.Event()  # Nobody waits for one.

    def __init__(self, protocol: DirectProtocol, path: str, keep_alive: bool) -> None:
        self.protocol, self.path, self.keep_alive = protocol, path, keep_alive
        self.response_complete = False
        self.disconnected = False
        self.begun = time.perf_counter()

    def reply(self, answer: Answer) -> None:
        """Send the answer; the connection is closed, or waits for the next request."""
        transport = self.protocol.transport
        if not transport.is_closing():
            transport.write(answer.written(last=not self.keep_alive))
        self._end(answer.status, close=not self.keep_alive)

    def settle(self, answering: Awaitable[Answer]) -> None:
        """Send the answer once it is there; where something breaks, the connection is closed."""
        task = self.protocol.loop.create_task(self._settle(answering))
        self.protocol.tasks.add(task)
        task.add_done_callback(self.protocol.tasks.discard)

    async def _settle(self, answering: Awaitable[Answer]) -> None:
        try:
            self.reply(await answering)
        except Exception as error:
            self.protocol.logger.error("A request was not answered.", exc_info=error)
        finally:
            if not self.response_complete:
                self._end(500, close=True)

    def _end(self, status: int, *, close: bool) -> None:
        note("POST", self.path, status, self.begun)
        self.response_complete = True
        if close:
            self.protocol.transport.close()
        self.protocol.on_response_complete()


class DirectProtocol(BoundedProtocol):
    """Answers plain requests to the app's `direct` endpoints by itself, all others as any ASGI server does."""

    def __init__(self, config: Any, *rest: Any, **named: Any) -> None:
        super().__init__(config, *rest, **named)
        self.heads: Heads = getattr(config.app, "direct", NONE)
        self.held: Held | None = None
        self.whole = b""
        self.came = b""
        """What came last, where a request began with it."""
        self.idle_since = 0.0
        """When the last request was answered, by the loop's clock."""

    def data_received(self, data: bytes) -> None:
        """What a client sent; a held request whose body did not come with it goes the long way."""
        at_start = not self.under_way
        known = self.heads.find(data) if at_start and self._is_free else None
        if known:
            self._take(*known, keep_alive=True)
            return
        self.came = data if at_start else b""
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
        held, self.held, self.under_way = self.held, None, False
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        request = Request({"type": "http", "headers": self.headers})
        head = Head(self.url.decode(), held.endpoint, request, held.media_type, len(self.whole))
        if keep_alive and self.came.endswith(self.whole):
            self.heads.learn(self.came, head)
        self._take(head, self.whole, keep_alive=keep_alive)

    def on_response_complete(self) -> None:
        """A request is answered. A timer for each would cost more than one for the connection that looks in vain."""
        self.idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection where nothing has come for long enough; else look again when that could be."""
        idle = self.loop.time() - self.idle_since if self._is_free else 0.0
        if idle >= self.timeout_keep_alive or self.transport.is_closing():
            super().timeout_keep_alive_handler()
            return
        left = self.timeout_keep_alive - idle
        self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)

    @property
    def _is_free(self) -> bool:
        """Whether no request of the connection is being answered, and it takes what is written."""
        cycle: RequestResponseCycle | Turn | None = self.cycle
        is_answered = cycle is None or cycle.response_complete
        return is_answered and not (self.pipeline or self.flow.write_paused)

    def _plain(self) -> Held | None:
        """How a request is held; None where it must go the long way."""
        if not self._is_free or self.is_too_large or self.parser.get_method() != b"POST":
            return None
        found = self.heads.plain(self.url, self.headers)
        return found and Held(*found)

    def _take(self, head: Head, body: bytes, *, keep_alive: bool) -> None:
        """Have a plain request answered that came whole."""
        self._end_headers()
        turn = Turn(self, head.path, keep_alive)
        self.cycle = turn  # type: ignore[assignment]
        head.endpoint.take(head.request, body, head.media_type, turn)
