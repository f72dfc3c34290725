"""Sign-in of a demo: these routes exist on a demo database alone, where everybody may be anybody."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from meibo.access.permissions import Role
from meibo.access.tokens import command_principal
from meibo.errors import OperatorError
from meibo.installation import Installation

LARGEST_BODY = 1000
ROLE_TEXTS: dict[Role, tuple[str, str]] = {
    Role.OFFICER: ("処分を含むすべての処理", "Every verb, measures included"),
    Role.CLERK: ("登録・訂正・再交付", "Registers, corrects, reissues"),
    Role.NUMBER_OFFICER: ("個人番号の確認", "May reveal individual numbers"),
    Role.VIEWER: ("閲覧のみ（個人情報は表示されません）", "Looks only; personal data are masked"),
    Role.AUDITOR: ("記録の閲覧", "Reads the audit log"),
    Role.ADMINISTRATOR: ("承認、連携とコード表の管理", "Approves; keeps links and code tables"),
}
"""What each role may, in the order in which the demo offers them: first who sees most of it."""


def demo_routes(prefix: str) -> list[BaseRoute]:
    """Whom one may be, and a token for being it."""
    return [
        Route(f"{prefix}/demo/accounts", accounts, methods=["GET"]),
        Route(f"{prefix}/demo/sign-in", sign_in, methods=["POST"]),
    ]


async def accounts(request: Request) -> Response:
    """The demo's accounts."""
    installation: Installation = request.app.state.installation
    offered = list(ROLE_TEXTS)
    found = sorted(await installation.tokens.accounts(demo_only=True), key=lambda a: offered.index(a.role))
    told = [
        {
            "account": a.id,
            "name": {"ja": a.name_ja, "en": a.name_en},
            "description": dict(zip(("ja", "en"), ROLE_TEXTS[a.role], strict=True)),
        }
        for a in found
    ]
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def sign_in(request: Request) -> Response:
    """A token for one of the demo's accounts."""
    installation: Installation = request.app.state.installation
    try:
        asked = orjson.loads((await request.body())[:LARGEST_BODY])
        wanted = str(asked["account"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return JSONResponse({"error": 'Send {"account": …}.'}, 400)
    if wanted not in {a.id for a in await installation.tokens.accounts(demo_only=True)}:
        return _not_found()
    try:
        await installation.note(command_principal("explorer", ()), "token.issue", wanted)
        token = await installation.tokens.issue(wanted, "explorer")
    except OperatorError:
        return _not_found()
    return JSONResponse({"token": token}, headers={"Cache-Control": "no-store"})


def _not_found() -> Response:
    return JSONResponse({"error": "There is no such account here."}, 404)
