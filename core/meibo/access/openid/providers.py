"""The identity provider that an installation believes."""

from __future__ import annotations

from dataclasses import dataclass

from meibo.errors import SettingsError
from meibo.fetching import is_fetchable, origin_of
from meibo.settings import Settings

ALGORITHMS = frozenset({"ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "EdDSA", "Ed25519"})
"""What a setting may allow: signatures with a key pair. Neither `none` nor a shared secret is among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """Who issues the tokens, for whom, signed how; and where the holder's portal pseudonym stands in them."""

    issuer: str
    audience: str
    jwks_url: str = ""
    """Where the keys are; empty: where the provider's discovery says, at the issuer's own origin."""
    algorithms: frozenset[str] = frozenset({"ES256"})
    types: frozenset[str] = frozenset({"at+jwt", "jwt"})
    """Of the header's `typ`, in lower case: an access token (RFC 9068), an ID token."""
    subject_claim: str = "sub"

    @property
    def origins(self) -> frozenset[str]:
        """The only places that are asked for keys."""
        return frozenset(origin_of(url) for url in (self.issuer, self.jwks_url) if url)

    @classmethod
    def of(cls, settings: Settings) -> IdentityProvider | None:
        """That of the settings; None where none is named. Raises SettingsError for one that cannot be believed."""
        if not settings.portal_issuer:
            return None
        algorithms = frozenset(filter(None, (a.strip() for a in settings.portal_algorithms.split(","))))
        if not algorithms or not algorithms <= ALGORITHMS:
            raise SettingsError(
                f"The setting portal_algorithms wants some of {', '.join(sorted(ALGORITHMS))}."
            )
        if not settings.portal_audience:
            raise SettingsError("Set portal_audience: a token for another audience is no sign-in here.")
        for url in filter(None, (settings.portal_issuer, settings.portal_jwks_url)):
            if not is_fetchable(url):
                raise SettingsError(
                    "portal_issuer and portal_jwks_url want https (http on this machine alone)."
                )
        return cls(
            issuer=settings.portal_issuer, audience=settings.portal_audience, algorithms=algorithms,
            jwks_url=settings.portal_jwks_url, subject_claim=settings.portal_subject_claim,
        )  # fmt: skip
