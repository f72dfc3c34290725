"""A sink for webhooks: whatever is posted to a name is kept, and shown under it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MOST_KEPT = 200
LONGEST_BODY = 1_048_576


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came."""

    name: str
    at: datetime
    headers: dict[str, str]
    body: str


@dataclass(slots=True)
class WebhookSink:
    """Keeps the last calls, and answers each with 204."""

    now: Callable[[], datetime]
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def app(self) -> Starlette:
        """The application."""
        return Starlette(routes=[
            Route("/{name}", self.posted, methods=["POST"]),
            Route("/{name}", self.listed, methods=["GET"]),
        ])  # fmt: skip

    async def posted(self, request: Request) -> Response:
        """Keep a call; refuses one that is too long."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return Response(status_code=413)
        text = body.decode("utf-8", "replace")
        self.calls.append(Call(request.path_params["name"], self.now(), dict(request.headers), text))
        return Response(status_code=204)

    async def listed(self, request: Request) -> Response:
        """The calls that came to a name, oldest first."""
        name = request.path_params["name"]
        found = [call for call in list(self.calls) if call.name == name]
        return JSONResponse(
            [{"at": call.at.isoformat(), "headers": call.headers, "body": call.body} for call in found]
        )
