"""The faults of a stand-in, done to its HTTP: whatever it is, it can be down, late, or answer what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meibo_sandbox.world import LATE, Fault, World

LONGEST_BODY = 64 * 1024 * 1024


def garbled(body: bytes) -> bytes:
    """The body with one bit in its middle the other way."""
    spoilt = bytearray(body)
    if spoilt:
        spoilt[len(spoilt) // 2] ^= 1
    return bytes(spoilt)


BODIES: Mapping[Fault, Callable[[bytes], bytes]] = {
    Fault.GARBLED: garbled,
    Fault.TRUNCATED: lambda body: body[: len(body) // 2],
}


@dataclass(frozen=True, slots=True)
class Spoiled:
    """An application whose answers to POST go wrong as the world says; what only looks is never spoilt."""

    app: ASGIApp
    world: World
    system: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.world.faults.is_down(self.system, self.world.now()):
            await Response(status_code=503)(scope, receive, send)
            return
        fault = self.world.faults.take(self.system) if scope["method"] == "POST" else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        await (await self._spoilt(fault, scope, receive))(scope, receive, send)

    async def _spoilt(self, fault: Fault, scope: Scope, receive: Receive) -> Response:
        """The answer to a request that the application has had once, or twice."""
        body = await _read(Request(scope, receive))
        if body is None:
            return Response(status_code=413)
        answer = await self._answer(scope, body)
        match fault:
            case Fault.LATE:
                await self.world.passed(LATE)
            case Fault.LOST:
                return Response(status_code=504)
            case Fault.TWICE:
                return await self._answer(scope, body)
            case _:
                answer.body = BODIES[fault](bytes(answer.body))
                answer.headers["content-length"] = str(len(answer.body))
        return answer

    async def _answer(self, scope: Scope, body: bytes) -> Response:
        """What the application answers, taken before it is sent."""
        answer, parts = Response(), bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status_code = message["status"]
                answer.raw_headers = list(message.get("headers", ()))
            else:
                parts.extend(message.get("body", b""))

        await self.app(dict(scope), receive, send)
        answer.body = bytes(parts)
        return answer


async def _read(request: Request) -> bytes | None:
    """The whole body; None for one that is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)
