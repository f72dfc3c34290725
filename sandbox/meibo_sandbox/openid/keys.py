"""The stand-in's signing keys: made at its start, renewed on demand, the former one published beside the new."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import ECKey

ALGORITHM = "ES256"


class SigningKeys:
    """The key in force, and those that tokens under way may still be signed with."""

    def __init__(self) -> None:
        self.former: list[ECKey] = []
        self.current = new_key()

    def rotate(self, *, forget: bool = False) -> None:
        """A new key is in force; `forget` withdraws the former ones at once."""
        self.former = [] if forget else [self.current]
        self.current = new_key()

    def published(self) -> dict[str, Any]:
        """The public keys as a JWK set."""
        keys = (self.current, *self.former)
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in keys]}


def new_key() -> ECKey:
    """A key whose id is its RFC 7638 thumbprint."""
    return ECKey.generate_key("P-256", auto_kid=True)
