"""`/.well-known/` and `/status/`: public documents that anybody may read, from any page, and keep for a while.

They are served where they are published to a folder; an HTTP server or a bucket serves its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meibo.certificates.authority import JWKS, TRUST
from meibo.certificates.status.publishing import AGGREGATION, CWT, JSON, JWT
from meibo.certificates.status.targets import FolderTarget, open_target
from meibo.certificates.status.tokens import TTL
from meibo.certificates.trust.issuers import NAME
from meibo.settings import Settings
from meibo_graphql.published.folder import Published, PublishedFolder

DOCUMENTS = (JWKS, TRUST, AGGREGATION)
SHARED_SECONDS = 10
"""How long a cache on the way may keep a list: with the beat and the reader's own 30 s, that is within a minute."""
LIST_CACHE = f"public, max-age={int(TTL.total_seconds())}, s-maxage={SHARED_SECONDS}"
DOCUMENT_CACHE = "public, max-age=300"
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
"""Public documents, whoever's page asks."""


def published_routes(settings: Settings) -> list[BaseRoute]:
    """The routes of what is published to a folder; none where it is published elsewhere."""
    target = open_target(settings.status_target or str(settings.path("status")), settings.status_token)
    if not isinstance(target, FolderTarget):
        return []
    return folder_routes(target.folder)


def folder_routes(folder: Path) -> list[BaseRoute]:
    """The routes of the documents in a folder."""
    published = PublishedFolder(folder)

    def document(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return _answer(request, published.read(name), {"Content-Type": JSON, "Cache-Control": DOCUMENT_CACHE})

    def status(request: Request) -> Response:
        name, wants_cwt = _wanted(request)
        found = published.read(f"{name}.cwt" if wants_cwt else name) if NAME.fullmatch(name) else None
        headers = {"Content-Type": CWT if wants_cwt else JWT, "Cache-Control": LIST_CACHE}
        return _answer(request, found, headers)

    return [
        *(Route(f"/.well-known/{name}", document, methods=["GET"]) for name in DOCUMENTS),
        Route("/status/{name}", status, methods=["GET"]),
    ]


def _wanted(request: Request) -> tuple[str, bool]:
    """A list's name, and whether it is wanted as CWT: by its suffix, or by an Accept header that names CWT alone."""
    name: str = request.path_params["name"]
    if name.endswith(".cwt"):
        return name.removesuffix(".cwt"), True
    accept = request.headers.get("accept", "")
    return name, CWT in accept and JWT not in accept


def _answer(request: Request, found: Published | None, headers: Mapping[str, str]) -> Response:
    """The document, that it has not changed, or that there is none."""
    if found is None:
        return Response(status_code=404, headers={**OPEN, "Cache-Control": "no-store"})
    told = {**OPEN, **headers, "ETag": found.etag, "Vary": "Accept, Accept-Encoding"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.gzipped, headers={**told, "Content-Encoding": "gzip"})
    return Response(found.content, headers=told)
