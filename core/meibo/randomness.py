"""Random bytes of the operating system for what is drawn by the dozen and is no key: nonces, pseudonyms and ids. One
call serves many draws, since the call takes longer than the rest of a draw.
"""

from __future__ import annotations

import os
import time
from io import BytesIO
from uuid import UUID

AT_ONCE = 4_096
"""Bytes asked of the system at once."""


class Randomness:
    """Gives random bytes, none of them twice: a process that is forked asks anew."""

    def __init__(self) -> None:
        self._left = BytesIO()
        os.register_at_fork(after_in_child=self._forget)

    def __call__(self, count: int) -> bytes:
        """So many bytes, at most `AT_ONCE`."""
        while len(drawn := self._left.read(count)) < count:  # One read is one step: threads share no byte.
            self._left = BytesIO(os.urandom(AT_ONCE))
        return drawn

    def _forget(self) -> None:
        self._left = BytesIO()


random_bytes = Randomness()
"""That of this process."""


def new_id() -> UUID:
    """The id of a row: the millisecond, and 74 random bits (UUID version 7, RFC 9562).

    Rows of one time lie side by side in every index that begins with an id: by chance alone, each row would touch
    other pages of theirs, and PostgreSQL writes these whole to its own log. What the instant tells stands in the row.
    """
    drawn = int.from_bytes(random_bytes(10))
    body = (time.time_ns() // 1_000_000) << 80 | drawn
    return UUID(int=body & ~(0xF << 76 | 0b11 << 62) | 7 << 76 | 0b10 << 62)
