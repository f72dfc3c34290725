"""What the centre would send, handed out over HTTP to whoever tries a register with it: a file to post to the register,
or to carry there. Nothing is sent by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from meibo_sandbox.existing.centre import CentreStandIn

Asked = Mapping[str, Any]
JAPAN = timezone(timedelta(hours=9))
HELP = {
    "numbers": "Send JSON: profession, lines, and where you like batch, on_paper, spoilt.",
    "certificates": "Send JSON: profession, batch, and where you like proof, method.",
    "pass-lists": "Send JSON: profession, year, rows, and where you like list, replaces, spoilt.",
}


def handing_routes(centre: CentreStandIn) -> list[Route]:
    """`POST /numbers`, `/certificates`, `/pass-lists`."""
    makers: Mapping[str, Callable[[Asked], bytes]] = {
        "numbers": lambda asked: _numbers(centre, asked),
        "certificates": lambda asked: _certificate(centre, asked),
        "pass-lists": lambda asked: _pass_list(centre, asked),
    }

    async def hand(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            return JSONResponse({"error": "Another site's page asked."}, 403)
        what = request.path_params["what"]
        try:
            file = makers[what](json.loads(await request.body()))
        except (KeyError, TypeError, ValueError, AttributeError):
            return JSONResponse({"error": HELP.get(what, "There is no such file.")}, 400)
        return Response(file, media_type="application/jose")

    return [Route("/{what}", hand, methods=["POST"])]


def _numbers(centre: CentreStandIn, asked: Asked) -> bytes:
    return centre.numbers(
        asked["profession"],
        asked["lines"],
        batch=_id(asked, "batch"),
        on_paper=bool(asked.get("on_paper")),
        spoilt=asked.get("spoilt"),
    )


def _certificate(centre: CentreStandIn, asked: Asked) -> bytes:
    """Of what is destroyed at once, on the present day."""
    batch, day = UUID(asked["batch"]), datetime.fromtimestamp(centre.now(), JAPAN).date()
    centre.destroy(batch)
    told = {name: asked[name] for name in ("proof", "method") if name in asked}
    return centre.certificate(asked["profession"], batch, day.isoformat(), **told)


def _pass_list(centre: CentreStandIn, asked: Asked) -> bytes:
    return centre.pass_list(
        asked["profession"],
        int(asked["year"]),
        asked["rows"],
        list=_id(asked, "list"),
        replaces=asked.get("replaces"),
        spoilt=asked.get("spoilt"),
    )


def _id(asked: Asked, name: str) -> UUID | None:
    return UUID(asked[name]) if name in asked else None
