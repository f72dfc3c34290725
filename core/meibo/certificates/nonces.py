"""Nonces for proofs: given to one holder, believed for five minutes, each used once whichever process sees it.

Nothing is kept of a nonce that was given: it says when it was made, under a MAC that only the register's key makes. Of
one that was used the hash is kept, beside the key bindings that were shown.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.certificates.encoding import decode, encode
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.sdjwt.binding import OLDEST
from meibo.certificates.tables import seen_binding
from meibo.crypto.keys import KeyProvider, derive, mac
from meibo.database.inserting import insert_new
from meibo.errors import SealBroken

KEY = "certificate-nonces"
LASTS = OLDEST
VERSION_BYTES, TIME_BYTES, RANDOM_BYTES, MAC_BYTES = 4, 8, 16, 16
HEAD_BYTES = VERSION_BYTES + TIME_BYTES + RANDOM_BYTES
LENGTH = 59
"""Characters of a nonce."""


@dataclass(frozen=True, slots=True)
class Nonce:
    """A nonce as it is given, and until when it is believed."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Nonces:
    """Gives and knows the nonces of one installation."""

    keys: KeyProvider

    def give(self, holder: str, at: datetime) -> Nonce:
        """A fresh nonce for whoever goes by that name."""
        version, seconds = self.keys.newest(KEY).version, int(at.timestamp())
        head = version.to_bytes(VERSION_BYTES) + seconds.to_bytes(TIME_BYTES)
        head += secrets.token_bytes(RANDOM_BYTES)
        text = encode(head + self._mac(head, holder)).decode()
        return Nonce(text, datetime.fromtimestamp(seconds, UTC) + LASTS)

    def check(self, nonce: str, holder: str, at: datetime) -> None:
        """Raise Refusal NONCE unless it was given to this holder, EXPIRED where that is too long ago."""
        head, found = _parts(nonce)
        try:
            known = hmac.compare_digest(found, self._mac(head, holder))
        except SealBroken:
            known = False
        if not known:
            raise Refusal(Reason.NONCE)
        given_at = int.from_bytes(head[VERSION_BYTES : VERSION_BYTES + TIME_BYTES])
        if datetime.fromtimestamp(given_at, UTC) + LASTS < at:
            raise Refusal(Reason.EXPIRED)

    def _mac(self, head: bytes, holder: str) -> bytes:
        key = self.keys.version(KEY, int.from_bytes(head[:VERSION_BYTES]))
        return mac(derive(key, "nonce"), head + holder.encode())[:MAC_BYTES]


async def use(connection: AsyncConnection, nonce: str, at: datetime) -> bool:
    """Whether a nonce is used for the first time; it is used from then on, if the unit of work is committed."""
    row = {"id": encode(sha256(nonce.encode()).digest()).decode(), "seen_at": at}
    return (await connection.execute(insert_new(seen_binding), row)).rowcount == 1


def _parts(nonce: str) -> tuple[bytes, bytes]:
    """What a nonce says, and its MAC."""
    try:
        raw = decode(nonce.encode("ascii")) if len(nonce) == LENGTH else b""
    except ValueError as error:
        raise Refusal(Reason.NONCE) from error
    if len(raw) != HEAD_BYTES + MAC_BYTES:
        raise Refusal(Reason.NONCE)
    return raw[:HEAD_BYTES], raw[HEAD_BYTES:]
