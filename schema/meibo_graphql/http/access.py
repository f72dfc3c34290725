"""The access log: one line a request, with method, path without its query, status and milliseconds."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meibo.logs import Lines

LINES = Lines("meibo_graphql.access")
PATH_LENGTH = 100


def note(method: str, path: str, status: int, begun: float) -> None:
    """Write the line of a request that is over; `begun` is when, by `time.perf_counter`."""
    took = round((time.perf_counter() - begun) * 1000, 1)
    LINES.add("request", method=method, path=path[:PATH_LENGTH], status=status, duration_ms=took)


class AccessLog:
    """Notes every request to an ASGI app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            note(scope["method"], scope["path"], status, begun)
        return None
