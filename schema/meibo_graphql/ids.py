"""Opaque node ids: what a client sees tells nothing, differs by surface, and is refused where it was altered."""

from __future__ import annotations

import base64
import binascii
from binascii import b2a_base64
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from meibo.crypto.keys import Key, derive, unveil, veiling
from meibo.errors import SealBroken

LONGEST = 120
URL_SAFE = bytes.maketrans(b"+/", b"-_")


class NodeKind(IntEnum):
    """What an id names."""

    LICENCE = 1
    VERSION = 2
    ACTION = 3
    DISPOSITION = 4
    SHARE = 5
    CERTIFICATE = 6


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
        veiled = [cipher.encrypt(before + id.bytes + after, []) for id in ids]
        return [b2a_base64(each, newline=False).translate(URL_SAFE, b"=").decode() for each in veiled]

    def open(self, text: str) -> NodeKey | None:
        """What an id names; None for anything that this surface did not give."""
        if len(text) > LONGEST:
            return None
        try:
            veiled = base64.urlsafe_b64decode((text + "=" * (-len(text) % 4)).encode("ascii"))
            if base64.urlsafe_b64encode(veiled).rstrip(b"=") != text.encode("ascii"):
                return None  # Decoding skips what is no base64: one thing would have many ids.
            plain = unveil(self.key, veiled)
            return NodeKey(
                NodeKind(plain[0]), UUID(bytes=plain[1:17]), UUID(bytes=plain[17:]) if plain[17:] else None
            )
        except (SealBroken, binascii.Error, ValueError):
            return None
