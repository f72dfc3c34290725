"""The stand-in provider as an ASGI application. It knows nothing of meibo but who its people are."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meibo.demo.people import DemoPerson
from meibo_sandbox.openid.faults import Fault, sign
from meibo_sandbox.openid.grants import Asked, Codes
from meibo_sandbox.openid.keys import ALGORITHM, SigningKeys
from meibo_sandbox.openid.page import HEADERS, page, start_page

TOKEN_SECONDS = 3600
LONGEST_FORM = 16_384


@dataclass(slots=True)
class IdentityProviderStandIn:
    """Discovery, keys, the page, tokens; `fault` spoils every token that is issued from then on."""

    issuer: str
    audience: str
    people: Sequence[DemoPerson]
    keys: SigningKeys = field(default_factory=SigningKeys)
    codes: Codes = field(default_factory=Codes)
    fault: Fault | None = None
    jwks_asked: int = 0
    """How often the keys were fetched."""

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/", self.start, methods=["GET"]),
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks", self.jwks),
            Route("/authorize", self.ask, methods=["GET"]),
            Route("/authorize", self.chosen, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/sandbox/people", self.listed, methods=["GET"]),
            Route("/sandbox/token", self.handed, methods=["POST"]),
            Route("/sandbox/rotate", self.rotate, methods=["POST"]),
            Route("/sandbox/fault", self.spoil, methods=["POST"]),
        ]
        anybody = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"])
        return Starlette(routes=routes, middleware=[anybody])

    def issue(self, subject: str, *, nonce: str = "", typ: str = "at+jwt", fault: Fault | None = None) -> str:
        """A signed token for a subject, spoilt where a fault is asked for or switched on."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": self.audience, "sub": subject, "iat": now, "exp": now + TOKEN_SECONDS,
        }  # fmt: skip
        if nonce:
            claims["nonce"] = nonce
        header = {"alg": ALGORITHM, "typ": typ, "kid": self.keys.current.kid}
        return sign(header, claims, self.keys.current, fault or self.fault)

    async def discovery(self, _request: Request) -> Response:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid"],
            }
        )

    async def jwks(self, _request: Request) -> Response:
        """The public keys."""
        self.jwks_asked += 1
        return JSONResponse(self.keys.published())

    async def start(self, _request: Request) -> Response:
        """The page for whoever opens the address by hand."""
        return HTMLResponse(start_page(self.people), headers=HEADERS)

    async def ask(self, request: Request) -> Response:
        """The page on which one chooses whom to be."""
        asked, query = _asked(request.query_params), request.query_params
        wrong = asked.faults()
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            wrong.append("response_type, code_challenge_method")
        if wrong:
            return JSONResponse({"error": "invalid_request", "error_description": ", ".join(wrong)}, 400)
        return HTMLResponse(page(self.people, asked), headers=HEADERS)

    async def chosen(self, request: Request) -> Response:
        """Back to the client with a code for whoever was chosen."""
        form = await read_form(request)
        asked, subject = _asked(form), form.get("subject", "")
        if asked.faults() or subject not in {person.pseudonym for person in self.people}:
            return JSONResponse({"error": "invalid_request"}, 400)
        answer = {"code": self.codes.issue(asked, subject), "state": asked.state, "iss": self.issuer}
        joint = "&" if "?" in asked.redirect_uri else "?"
        return RedirectResponse(f"{asked.redirect_uri}{joint}{urlencode(answer)}", 303, headers=HEADERS)

    async def token(self, request: Request) -> Response:
        """Tokens for a code and its PKCE verifier."""
        form = await read_form(request)
        if form.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        given = (form.get(name, "") for name in ("code", "client_id", "redirect_uri", "code_verifier"))
        grant = self.codes.redeem(*given)
        if grant is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        nonce = grant.asked.nonce
        tokens = {
            "access_token": self.issue(grant.subject),
            "id_token": self.issue(grant.subject, nonce=nonce, typ="JWT"),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
        }
        return JSONResponse(tokens, headers={"Cache-Control": "no-store"})

    async def listed(self, _request: Request) -> Response:
        """Who may be signed in."""
        return JSONResponse(
            [
                {
                    "subject": p.pseudonym,
                    "name": p.name,
                    "about": dict(zip(("ja", "en"), p.about, strict=True)),
                }
                for p in self.people
            ]
        )

    async def handed(self, request: Request) -> Response:
        """A token without a page, for curl: `subject`, or nothing for the first person; `fault` spoils it."""
        form = await read_form(request)
        subject = form.get("subject") or (self.people[0].pseudonym if self.people else "")
        if form.get("fault", "") not in {"", *Fault}:
            return JSONResponse({"error": "There is no such fault.", "faults": list(Fault)}, 400)
        fault = Fault(form["fault"]) if form.get("fault") else None
        return JSONResponse(
            {"access_token": self.issue(subject, fault=fault)}, headers={"Cache-Control": "no-store"}
        )

    async def rotate(self, request: Request) -> Response:
        """A new signing key; with `forget=1` the former is withdrawn at once."""
        form = await read_form(request)
        self.keys.rotate(forget=form.get("forget") == "1")
        return JSONResponse({"kid": self.keys.current.kid})

    async def spoil(self, request: Request) -> Response:
        """Spoil every token from now on by `fault`; empty: issue sound ones again."""
        wanted = (await read_form(request)).get("fault", "")
        if wanted not in {"", *Fault}:
            return JSONResponse({"error": "There is no such fault.", "faults": list(Fault)}, 400)
        self.fault = Fault(wanted) if wanted else None
        return JSONResponse({"fault": self.fault})


def identity_provider(issuer: str, audience: str, people: Sequence[DemoPerson]) -> Starlette:
    """The application of a provider with sound tokens."""
    return IdentityProviderStandIn(issuer, audience, people).app()


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _asked(given: Mapping[str, str]) -> Asked:
    return Asked(
        client=given.get("client_id", ""), redirect_uri=given.get("redirect_uri", ""),
        challenge=given.get("code_challenge", ""), state=given.get("state", ""), nonce=given.get("nonce", ""),
    )  # fmt: skip
