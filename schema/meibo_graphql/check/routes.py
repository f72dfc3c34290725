"""`/check` and its files, all of one origin, under a policy that lets nothing else in or out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from meibo.items.texts import Texts
from meibo.professions.compiled import Profession

PAGE = Path(__file__).parent / "page.html"
FOLDER = Path(__file__).parent / "static"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
WORKER_SCOPE = {"Service-Worker-Allowed": "../check"}
"""The page stands one level above its worker."""


def check_routes(professions: Iterable[Profession]) -> list[BaseRoute]:
    """The routes of the page; it reads trust and status lists below `/.well-known/` and `/status/` beside it."""
    named = orjson.dumps(labels(professions))
    shell = shell_script(named)

    def page(_request: Request) -> Response:
        return Response(PAGE.read_bytes(), headers=HEADERS, media_type="text/html")

    def label_file(_request: Request) -> Response:
        return Response(named, headers=HEADERS, media_type="application/json")

    def shell_file(_request: Request) -> Response:
        return Response(shell, headers=HEADERS, media_type="text/javascript")

    return [
        Route("/check", page, methods=["GET"]),
        Route("/check/labels.json", label_file, methods=["GET"]),
        Route("/check/shell.js", shell_file, methods=["GET"]),
        Mount("/check", CheckFiles(directory=FOLDER), name="check"),
    ]


@dataclass(frozen=True, slots=True)
class TypeLabels:
    """What a type of certificate and its claims are called, in Japanese and English."""

    name: Texts
    claims: Mapping[str, Texts]


def labels(professions: Iterable[Profession]) -> Mapping[str, TypeLabels]:
    """The labels of every type of certificate."""
    return {
        each.plugin.certificate.type: TypeLabels(
            each.plugin.name, {claim.name: claim.label for claim in each.claims}
        )
        for each in professions
        if each.plugin.certificate
    }


def shell_script(named: bytes) -> bytes:
    """What the service worker keeps, and a version that is another one when anything of it is."""
    files = {f"{file.relative_to(FOLDER)}": file.read_bytes() for file in shell_files()}
    digest = hashlib.sha256(PAGE.read_bytes() + named + orjson.dumps(HEADERS))
    for name, content in files.items():
        digest.update(name.encode() + content)
    told = {"version": digest.hexdigest()[:16], "files": ["../check", "labels.json", *files]}
    return b"self.SHELL = " + orjson.dumps(told) + b";\n"


def shell_files() -> list[Path]:
    """The files that the page needs, the worker itself aside."""
    found = sorted(each for each in FOLDER.rglob("*") if each.suffix in (".css", ".js", ".svg"))
    return [each for each in found if each.name != "worker.js"]


class CheckFiles(StaticFiles):
    """The page's files with its headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles does."""
        response = await super().get_response(path, scope)
        response.headers.update({**HEADERS, **(WORKER_SCOPE if path == "worker.js" else {})})
        return response
