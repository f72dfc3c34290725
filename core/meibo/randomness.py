"""Random bytes of the operating system for what is drawn by the dozen and is no key: nonces and pseudonyms. One call
serves many draws, since the call takes longer than the rest of a draw.
"""

from __future__ import annotations

import os
from io import BytesIO

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
