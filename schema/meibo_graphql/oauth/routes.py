"""The token endpoint (RFC 6749, section 4.4) and the metadata by which a client finds it (RFC 8414)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from meibo.errors import AuditUnavailable
from meibo.partners.keys import ALGORITHM
from meibo.partners.signin import Declined, Issued, PartnerSignIn, TokenRequest
from meibo.partners.signin.service import ENDPOINT, GRANT
from meibo.settings import Settings
from meibo_graphql.oauth.calling import certificate_of

METADATA = "/.well-known/oauth-authorization-server"
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 16_384
MOST_FIELDS = 20
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
STATUS = {"invalid_client": 401}
"""By RFC 6749, section 5.2; every other refusal is 400."""


def oauth_routes(sign_in: PartnerSignIn, settings: Settings) -> list[BaseRoute]:
    """Where partners sign in, and where they read how."""

    async def token(request: Request) -> Response:
        form = await _form(request)
        if form is None:
            return _declined(Declined("invalid_request"))
        asked = TokenRequest(
            form=form, proofs=request.headers.getlist("dpop"), certificate=certificate_of(settings, request)
        )
        try:
            answer = await sign_in.token(asked)
        except AuditUnavailable:
            return JSONResponse({"error": "temporarily_unavailable"}, 503, NO_STORE)
        return _declined(answer) if isinstance(answer, Declined) else _issued(answer)

    async def metadata(_request: Request) -> Response:
        return JSONResponse(
            described(sign_in.origin, binds_certificates=bool(settings.verify_certificate_header)),
            headers={"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"},
        )

    return [Route(ENDPOINT, token, methods=["POST"]), Route(METADATA, metadata, methods=["GET"])]


def described(origin: str, *, binds_certificates: bool) -> dict[str, object]:
    """What a client needs to know, as RFC 8414, RFC 9449 and RFC 8705 name it."""
    return {
        "issuer": origin,
        "token_endpoint": origin + ENDPOINT,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
        "dpop_signing_alg_values_supported": [ALGORITHM],
        "tls_client_certificate_bound_access_tokens": binds_certificates,
    }


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is no form, too long, or has a field twice."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return None
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return None
    form = dict(fields)
    return form if len(form) == len(fields) else None


def _issued(answer: Issued) -> Response:
    told = {
        "access_token": answer.access_token,
        "token_type": answer.token_type,
        "expires_in": answer.expires_in,
    }
    return JSONResponse(told, headers=NO_STORE)


def _declined(answer: Declined) -> Response:
    return JSONResponse({"error": answer.error}, STATUS.get(answer.error, 400), NO_STORE)
