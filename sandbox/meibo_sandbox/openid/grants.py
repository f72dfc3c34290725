"""Authorization codes: bound to a client, an address and a PKCE challenge, good once and for a minute."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CODE_SECONDS = 60
LONGEST_VERIFIER = 128
SHORTEST_VERIFIER = 43


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asked for at the authorize page."""

    client: str
    redirect_uri: str
    challenge: str
    state: str
    nonce: str

    def faults(self) -> list[str]:
        """What is wrong with the request, by parameter."""
        wrong = []
        if not self.client:
            wrong.append("client_id")
        # A stand-in sends people back to this machine alone: no code of its own leaves it.
        if urlsplit(self.redirect_uri).hostname not in ("127.0.0.1", "localhost", "::1"):
            wrong.append("redirect_uri")
        if len(self.challenge) != SHORTEST_VERIFIER:
            wrong.append("code_challenge")
        return wrong


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for."""

    asked: Asked
    subject: str
    until: float


@dataclass(slots=True)
class Codes:
    """The codes under way; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _grants: dict[str, Grant] = field(default_factory=dict)

    def issue(self, asked: Asked, subject: str) -> str:
        """A code for somebody who was chosen on the page."""
        code = secrets.token_urlsafe(32)
        self._grants[code] = Grant(asked, subject, self.clock() + CODE_SECONDS)
        return code

    def redeem(self, code: str, client: str, redirect_uri: str, verifier: str) -> Grant | None:
        """What the code stands for, once; None where anything differs."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.until < self.clock():
            return None
        matches = (grant.asked.client, grant.asked.redirect_uri) == (client, redirect_uri)
        return grant if matches and challenge_of(verifier) == grant.asked.challenge else None


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier; "" for one that is none."""
    if not SHORTEST_VERIFIER <= len(verifier) <= LONGEST_VERIFIER:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
