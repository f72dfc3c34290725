"""A whole register as a file: `GET /registry/export/doctor.csv`, in parts as they are read, and its signed manifest.

The manifest is known when the last part has left, so it is asked for afterwards, where the `Link` header says.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from meibo.access.principals import Principal, Surface
from meibo.errors import AuditUnavailable, Forbidden, MeiboError, NotFound, Unauthenticated
from meibo.exporting.service import Encoding, Exporter
from meibo.installation import Installation
from meibo_graphql.http.answers import HEADERS
from meibo_graphql.surfaces.serving import bearer_token

MOST_MANIFESTS = 1_000
STATUS: dict[type[MeiboError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    AuditUnavailable: 503,
}
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Downloads:
    """Serves exports; keeps the manifests of the last ones for those who asked."""

    installation: Installation
    prefix: str
    manifests: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def routes(self) -> list[BaseRoute]:
        """Where they are served."""
        return [
            Route(f"{self.prefix}/export/{{profession}}.csv", _refusing(self.register), methods=["GET"]),
            Route(f"{self.prefix}/export/manifests/{{id}}", _refusing(self.manifest), methods=["GET"]),
        ]

    async def register(self, request: Request) -> Response:
        """The register as the caller may see it, in `?encoding=utf-8` (the default), `utf-8-sig` or `cp932`."""
        principal = await self._principal(request)
        profession = self.installation.host.professions.get(request.path_params["profession"])
        encoding = request.query_params.get("encoding", Encoding.UTF_8)
        if profession is None or encoding not in set(Encoding):
            raise NotFound("export")
        exporter = Exporter(self.installation, principal, profession, Encoding(encoding))
        await exporter.begin()
        id = token_urlsafe(16)
        headers = {
            **HEADERS,
            "Content-Disposition": f'attachment; filename="{profession.code}.csv"',
            "Link": f'<{self.prefix}/export/manifests/{id}>; rel="describedby"',
        }
        charset = exporter.encoding.removesuffix("-sig")
        return StreamingResponse(
            self._parts(exporter, (principal.account, id)),
            media_type=f"text/csv; charset={'Shift_JIS' if charset == 'cp932' else charset}",
            headers=headers,
        )

    async def manifest(self, request: Request) -> Response:
        """The signed manifest of an export that the caller has read to its end."""
        principal = await self._principal(request)
        note = self.manifests.get((principal.account, request.path_params["id"]))
        if note is None:
            raise NotFound("manifest")
        return PlainTextResponse(note, headers=HEADERS)

    async def _parts(self, exporter: Exporter, kept_as: tuple[str, str]) -> AsyncIterator[bytes]:
        async for part in exporter.parts():
            if exporter.manifest:
                self._keep(kept_as, exporter)
            yield part

    def _keep(self, key: tuple[str, str], exporter: Exporter) -> None:
        assert exporter.manifest is not None
        name = self.installation.facts.get("id", "unnamed")
        self.manifests[key] = exporter.manifest.signed(name, self.installation.keys)
        if len(self.manifests) > MOST_MANIFESTS:
            self.manifests.popitem(last=False)

    async def _principal(self, request: Request) -> Principal:
        return await self.installation.tokens.principal(bearer_token(request), Surface.REGISTRY)


def _refusing(answer: Answer) -> Answer:
    """The answer; what we refuse is told by code and sentence."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except tuple(STATUS) as error:
            told = {"code": error.code, "message": error.en, "messageJa": error.ja}
            return JSONResponse({"error": told}, STATUS[type(error)], headers=HEADERS)

    return answered
