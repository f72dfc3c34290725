"""The secret of a share: 192 random bits that are shown once, of which a keyed hash alone is kept."""

from __future__ import annotations

import re
import secrets

from meibo.crypto.keys import KeyProvider, derive, mac
from meibo.errors import SealBroken

TOKEN_BYTES = 24
FORM = re.compile(r"[A-Za-z0-9_-]{32}\Z")
KEY = "shares"


def new_token() -> str:
    """A new token: 32 characters that may stand in an address's fragment."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether a text has a token's form."""
    return FORM.match(text) is not None


def token_mac(keys: KeyProvider, token: str) -> bytes:
    """What is kept of a new token."""
    return mac(derive(keys.newest(KEY), "token"), token.encode())


def token_macs(keys: KeyProvider, token: str) -> list[bytes]:
    """What may be kept of a token that is presented: under the key in force, or the one before it."""
    newest = keys.newest(KEY)
    found = [mac(derive(newest, "token"), token.encode())]
    if newest.version > 1:
        try:
            former = keys.version(KEY, newest.version - 1)
        except SealBroken:
            return found
        found.append(mac(derive(former, "token"), token.encode()))
    return found
