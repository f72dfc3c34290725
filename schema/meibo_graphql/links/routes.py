"""`/link/{connector}`: where an outside system posts the messages that come unasked, or later than their request.

Whoever posts is nobody until the signature is read; nothing but the outcome is ever answered.
"""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from meibo.errors import MeiboError, MessageRefused, NotFound
from meibo.link import Links
from meibo.link.client import JOSE

PATH = "/link/{connector}"
BODY_SECONDS = 10.0
"""In which a message must have come."""
NO_STORE = {"Cache-Control": "no-store"}


def link_routes(links: Links, most: int) -> list[BaseRoute]:
    """The one route; `most` bytes are read of a message."""

    async def receive(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JOSE:
            return _declined("UNSUPPORTED_MEDIA_TYPE", 415)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                message = await _body(request, most)
        except TimeoutError:
            return _declined("TIMEOUT", 408)
        except ClientDisconnect:
            return _declined("MALFORMED", 400)
        return await _taken(links, request.path_params["connector"], message)

    return [Route(PATH, receive, methods=["POST"])]


async def _taken(links: Links, connector: str, message: bytes) -> Response:
    """204 for a message that took effect, now or before; else why not, by code."""
    try:
        await links.inbox.receive(connector, message)
    except NotFound as error:
        return _declined(error.code, 404)
    except MessageRefused as refusal:
        return _declined(refusal.reason, 400)
    except MeiboError as error:
        return _declined(error.code, 422)
    return Response(status_code=204, headers=NO_STORE)


async def _body(request: Request, most: int) -> bytes:
    """What came; of a message that is too long, as much as shows that it is."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            break
    return bytes(body)


def _declined(error: str, status: int) -> Response:
    return JSONResponse({"error": error}, status, NO_STORE)
