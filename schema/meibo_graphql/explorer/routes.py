"""The explorer's page and files, all of one origin, under a policy that lets nothing else in or out."""

from __future__ import annotations

import secrets
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from meibo_graphql.explorer.examples import read_examples

FOLDER = Path(__file__).parent / "static"

NONCE_BYTES = 16
"""Length of the random value that lets one answer's own style elements in."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The nonce is for one library of GraphiQL's, which locks scrolling behind a dialog with a style element."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def explorer_routes(prefix: str, *, surface: str = "registry", demo: bool = True) -> list[BaseRoute]:
    """The routes `{prefix}/explorer…`; the page asks `{prefix}/graphql`.

    `surface` is the name in the page's head. With `demo`, it asks `{prefix}/demo/accounts` whom one may be.
    """

    def page(_request: Request) -> Response:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        html = template().substitute(nonce=nonce, surface=escape(surface), demo=str(demo).lower())
        policy = CONTENT_SECURITY_POLICY.format(nonce=nonce)
        return Response(html, headers={**HEADERS, "Content-Security-Policy": policy}, media_type="text/html")

    def examples(_request: Request) -> Response:
        return JSONResponse([example.as_json() for example in read_examples()], headers=HEADERS)

    return [
        Route(f"{prefix}/explorer", page, methods=["GET"]),
        Route(f"{prefix}/explorer/examples.json", examples, methods=["GET"]),
        Mount(f"{prefix}/explorer", StaticFiles(directory=FOLDER), name=f"{surface}-explorer"),
    ]


@cache
def template() -> Template:
    """The page, read once."""
    return Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
