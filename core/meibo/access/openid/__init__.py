"""Sign-in by OpenID Connect: whose tokens are believed, and what a token must be to say who asks."""

from meibo.access.openid.keysets import KeySets
from meibo.access.openid.providers import IdentityProvider
from meibo.access.openid.tokens import SignedIn, SignIn

__all__ = ["IdentityProvider", "KeySets", "SignIn", "SignedIn"]
