"""A QR certificate to try the check page with: of a synthetic holder, on a demo database alone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal, Surface
from meibo.certificates.claims import Claims
from meibo.certificates.qr import issuing as qr
from meibo.database.paging import PageRequest
from meibo.installation import Installation
from meibo.register.fold import State
from meibo.registry.claims import certificate_claims, claim_groups, payload
from meibo.registry.filtering import ListFilter, Order

SHOWN = ("full_name", "birth_date")
"""What a QR code has room for, and a photo ID says as well."""
HEADERS = {"Cache-Control": "no-store"}
STANDING = ListFilter(states=[State.REGISTERED])


def certificate_routes(prefix: str) -> list[BaseRoute]:
    """The certificate as a picture, and the check page with it in the address."""
    return [
        Route(f"{prefix}/demo/certificate", check, methods=["GET"]),
        Route(f"{prefix}/demo/certificate.svg", picture, methods=["GET"]),
    ]


async def check(request: Request) -> Response:
    """The check page, whatever the demo's address is, with the certificate."""
    message = await certificate(request.app.state.installation)
    return (
        RedirectResponse(qr.link("/check", message), headers=HEADERS)
        if message
        else Response(status_code=404)
    )


async def picture(request: Request) -> Response:
    """The QR code, to be held before a camera."""
    message = await certificate(request.app.state.installation)
    if message is None:
        return Response(status_code=404)
    return Response(qr.picture(qr.link(f"{request.base_url}check", message)), 200, HEADERS, "image/svg+xml")


async def certificate(installation: Installation) -> bytes | None:
    """A certificate of the holder whose number comes first among those who stand; None without holders."""
    profession = next((p for p in installation.host.professions.values() if p.plugin.certificate), None)
    if profession is None or profession.plugin.certificate is None:
        return None
    officer = Principal(
        "demo", "demo", "demo", Surface.REGISTRY, ROLES[Role.OFFICER], frozenset({profession.code})
    )
    reader = installation.reader(officer, "demo.certificate")
    first = PageRequest(first=1)
    found = (await reader.page(profession.code, STANDING, Order.REGISTRATION_NUMBER_ASC, first)).nodes
    if not found:
        return None
    groups = {key: (await reader.groups(key, found))[0] for key in claim_groups(profession)}
    values, _ = payload(certificate_claims(profession, found[0], groups, installation.codes))
    await reader.log.write()
    claims = Claims(profession.plugin.certificate.type, values).only(SHOWN)
    scope = installation.scopes.of(profession.code)
    return await installation.authority.issue_qr(scope, profession, found[0].id, claims)
