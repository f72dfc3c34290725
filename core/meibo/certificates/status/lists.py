"""A status list: so many bits for each index, the first index in the lowest bits of the first byte, under zlib."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from meibo.certificates.outcomes import Reason, Refusal

BITS = 2
SIZE = 2**20
"""Entries of one list: so many certificates hide each other."""
LARGEST = 4 * 2**20
"""Bytes that a list of somebody else may unfold to: 16 million entries of two bits."""


class Status(IntEnum):
    """What a list says of a certificate."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class StatusList:
    """Entries of `bits` bits each."""

    bits: int
    data: bytes

    def __len__(self) -> int:
        return len(self.data) * 8 // self.bits

    def __getitem__(self, index: int) -> int:
        """The entry; raises IndexError beyond the list."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        byte, place = divmod(index * self.bits, 8)
        return self.data[byte] >> place & (1 << self.bits) - 1

    def packed(self) -> bytes:
        """The entries under zlib, as small as it makes them."""
        return zlib.compress(self.data, 9)


def build(entries: Iterable[tuple[int, int]], size: int = SIZE) -> StatusList:
    """The list of two bits in which these indices have these values, and all others 0."""
    data = bytearray(size * BITS // 8)
    for index, value in entries:
        data[index >> 2] |= value << ((index & 3) << 1)
    return StatusList(BITS, bytes(data))


def unpack(bits: object, packed: bytes) -> StatusList:
    """The list that was packed; raises Refusal STATUS_SIZE for bits that there are not, or one that unfolds too far,
    before it does."""
    if isinstance(bits, bool) or bits not in (1, 2, 4, 8):
        raise Refusal(Reason.STATUS_SIZE)
    unfolding = zlib.decompressobj()
    try:
        data = unfolding.decompress(packed, LARGEST)
    except zlib.error as error:
        raise Refusal(Reason.STATUS_MALFORMED) from error
    if unfolding.unconsumed_tail:
        raise Refusal(Reason.STATUS_SIZE)
    if not unfolding.eof or unfolding.unused_data:
        raise Refusal(Reason.STATUS_MALFORMED)
    assert isinstance(bits, int)
    return StatusList(bits, data)
