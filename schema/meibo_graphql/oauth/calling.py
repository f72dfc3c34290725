"""Who calls: what a request brings for it, as the sign-in takes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from meibo.consent import Recipient
from meibo.partners import Partner
from meibo.partners.signin import PartnerCall, PartnerSignIn, certificate_thumbprint
from meibo.settings import Settings


def partners_of(
    sign_in: PartnerSignIn, settings: Settings
) -> Callable[[Request], Awaitable[Recipient | None]]:
    """Says of a request which partner sent it: None where it brings no token; raises Unauthenticated for one that is
    not believed."""

    async def find(request: Request) -> Recipient | None:
        if "authorization" not in request.headers:
            return None
        return (await calling_partner(sign_in, settings, request)).recipient

    return find


async def calling_partner(sign_in: PartnerSignIn, settings: Settings, request: Request) -> Partner:
    """The partner whose access token a request brings, with its proof or certificate; raises Unauthenticated."""
    call = PartnerCall(
        authorization=request.headers.get("authorization", ""),
        proofs=request.headers.getlist("dpop"),
        method=request.method,
        path=request.url.path,
        certificate=certificate_of(settings, request),
    )
    return await sign_in.partner(call)


def certificate_of(settings: Settings, request: Request) -> str | None:
    """The thumbprint of the client certificate that a trusted proxy passes on. From anybody else, or where no header
    is set, none is believed."""
    if not settings.verify_certificate_header or request.client is None:
        return None
    proxies = {each.strip() for each in settings.verify_proxies.split(",") if each.strip()}
    if request.client.host not in proxies:
        return None
    given = request.headers.getlist(settings.verify_certificate_header)
    return certificate_thumbprint(given[0]) if len(given) == 1 else None
