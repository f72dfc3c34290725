"""Connections that may not keep the server waiting: headers come in time and in bounds, or the socket is closed."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 10.0
"""From the first byte of a request, or from the opening of a connection, to the end of its headers."""
KEEP_ALIVE_SECONDS = 30
"""An idle connection is closed after that."""
HEADER_BYTES = 65_536
"""Address and headers of a request together."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which by itself would wait for headers for ever and take any number of them."""

    header_seconds = HEADER_SECONDS
    waiting: asyncio.TimerHandle | None = None
    received = 0
    in_headers = True
    """Whether headers are on their way, or a connection's first request is."""
    under_way = False
    """Whether a request has begun to come and is not there yet."""
    unfinished = False
    """Whether a body is still on its way."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection is opened: its first request must follow."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side is gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What a client sent; where headers are not at their end, the time for them runs."""
        super().data_received(data)
        if self.in_headers:
            self._wait()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self.received, self.in_headers, self.under_way = 0, True, True

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The headers are there: from here the endpoint watches size and time."""
        self._end_headers()
        if not self.is_too_large:
            self.unfinished = True
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there, too."""
        self.unfinished = self.under_way = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """A request is answered: if before its body has come, what is left must follow soon."""
        super().on_response_complete()
        if self.unfinished:
            self._wait()

    @property
    def is_too_large(self) -> bool:
        """Whether a request was refused for its headers' size."""
        return self.received > HEADER_BYTES

    def _end_headers(self) -> None:
        self.in_headers = False
        self._stop_waiting()

    def _count(self, size: int) -> None:
        within, self.received = self.received <= HEADER_BYTES, self.received + size
        if within and self.received > HEADER_BYTES:
            self.send_400_response("The headers are too large.")

    def _wait(self) -> None:
        if self.waiting is None:
            self.waiting = self.loop.call_later(self.header_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None

    def _give_up(self) -> None:
        self.waiting = None
        self.transport.close()
