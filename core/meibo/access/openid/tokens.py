"""A bearer token, checked: who issued it, for whom, when, signed how. Every refusal looks the same to the caller."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from meibo import clock
from meibo.access.openid.keysets import KeySets
from meibo.access.openid.providers import IdentityProvider
from meibo.errors import InvalidValue, Unauthenticated
from meibo.values.pseudonyms import PortalPseudonym, parse_portal_pseudonym

LONGEST_TOKEN = 8192
SKEW_SECONDS = 60
"""How far the provider's clock may be from ours."""
LONGEST_LIFE = 24 * 3600
"""A token that lasts longer, in seconds, is no sign-in but a standing credential."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, by the only name that the provider and we have in common."""

    pseudonym: PortalPseudonym


@dataclass(frozen=True, slots=True)
class SignIn:
    """Checks the tokens of one identity provider."""

    provider: IdentityProvider
    keys: KeySets

    async def holder(self, presented: str) -> SignedIn:
        """Who presents a token; raises Unauthenticated alike whatever is wrong, and SourceUnavailable."""
        try:
            claims = await self._claims(presented)
            return SignedIn(parse_portal_pseudonym(_text(claims.get(self.provider.subject_claim))))
        except _Refusal as refusal:
            log.info("token refused", extra={"refusal": refusal.reason})
        except InvalidValue:
            log.info("token refused", extra={"refusal": "subject"})
        raise Unauthenticated

    async def _claims(self, presented: str) -> dict[str, Any]:
        """The claims of a token that is to be believed."""
        header = _header(presented)
        self._require_header(header)
        key = await self.keys.key(header["kid"])
        if key is None:
            raise _Refusal("kid")
        try:
            token = jwt.decode(presented, key, sorted(self.provider.algorithms))
            self._registry().validate(token.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise _Refusal(getattr(error, "error", "") or type(error).__name__) from None
        if token.claims["exp"] - token.claims["iat"] > LONGEST_LIFE:
            raise _Refusal("life")
        return token.claims

    def _require_header(self, header: dict[str, Any]) -> None:
        """Refuse by the header before any key is looked for."""
        if header.get("alg") not in self.provider.algorithms:
            raise _Refusal("alg")
        if _text(header.get("typ")).lower().removeprefix("application/") not in self.provider.types:
            raise _Refusal("typ")
        if not isinstance(header.get("kid"), str):
            raise _Refusal("kid")

    def _registry(self) -> jwt.JWTClaimsRegistry:
        """What the claims must be."""
        return jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.audience},
            exp={"essential": True},
            iat={"essential": True},
        )


class _Refusal(Exception):
    """Why a token is not believed, in one word for the log. Never leaves this module."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _header(presented: str) -> dict[str, Any]:
    """The protected header, not yet believed."""
    if len(presented) > LONGEST_TOKEN:
        raise _Refusal("size")
    try:
        return dict(jws.extract_compact(presented.encode("ascii")).protected)
    except (JoseError, ValueError, TypeError):
        raise _Refusal("form") from None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
