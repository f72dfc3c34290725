"""Opaque node ids: what a client sees tells nothing, differs by surface, and is refused where it was altered."""

from __future__ import annotations

import binascii
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag

from meibo.crypto.keys import Key, derive, veiling

LONGEST = 120
TO_URL, FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
PADDING = (b"", b"===", b"==", b"=")
"""By how many digits there are beyond a multiple of four."""


class NodeKind(IntEnum):
    """What an id names."""

    LICENCE = 1
    VERSION = 2
    ACTION = 3
    DISPOSITION = 4
    SHARE = 5
    CERTIFICATE = 6


_KINDS = {kind.value: kind for kind in NodeKind}
"""Looked up, as a call of the enum takes longer than the rest of an id."""


class NodeKey(NamedTuple):
    """An id, opened. `part` is the licence that an action or a disposition belongs to; where a disposition was read
    at a version, that version: it may say less than the present, so that caches keep them apart."""

    kind: NodeKind
    id: UUID
    part: UUID | None = None


class NodeIds:
    """Makes and opens the ids of one surface."""

    def __init__(self, key: Key, surface: str) -> None:
        self.key = derive(key, f"nodes/{surface}")
        self._cipher = veiling(self.key)

    def seal(self, kind: NodeKind, id: UUID, part: UUID | None = None) -> str:
        """The id that a client sees."""
        return self.seal_all(kind, [id], part)[0]

    def seal_all(self, kind: NodeKind, ids: Iterable[UUID], part: UUID | None = None) -> list[str]:
        """The ids that a client sees of several things of one kind."""
        before, after, cipher = bytes([kind]), part.bytes if part else b"", self._cipher
        veiled = [cipher.encrypt(before + id.bytes + after, None) for id in ids]
        return [_shown(each).decode() for each in veiled]

    def open(self, text: str) -> NodeKey | None:
        """What an id names; None for anything that this surface did not give."""
        if len(text) > LONGEST:
            return None
        try:
            given = text.encode("ascii")
            veiled = a2b_base64(given.translate(FROM_URL) + PADDING[len(given) % 4])
            if _shown(veiled) != given:
                return None  # Decoding skips what is no base64: one thing would have many ids.
            plain = self._cipher.decrypt(veiled, [])
            kind, part = _KINDS[plain[0]], plain[17:]
            return NodeKey(kind, UUID(bytes=plain[1:17]), UUID(bytes=part) if part else None)
        except (InvalidTag, KeyError, binascii.Error, ValueError):
            return None


def _shown(veiled: bytes) -> bytes:
    """Base64 for addresses, without padding."""
    return b2a_base64(veiled, newline=False).translate(TO_URL, b"=")
