"""Reply files gone wrong, each in one way: what whoever asked has to refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with an answer; alphabetical."""

    DOUBLED = "doubled"
    DOWN = "down"
    GARBLED = "garbled"
    HOSTILE = "hostile"
    OTHER_FILE = "other_file"
    OVERSIZED = "oversized"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    WRONG_ENCODING = "wrong_encoding"


def _reordered(plain: bytes) -> bytes:
    """The last record first, its characters with it."""
    head, *lines, tail, last = plain.split(b"\r\n")
    at = max(n for n, line in enumerate(lines) if line.startswith(b'"2"'))
    return b"\r\n".join([head, *lines[at:], *lines[:at], tail, last])


def _doubled(plain: bytes) -> bytes:
    """The first record once more, and counted."""
    head, first, *rest, tail, last = plain.split(b"\r\n")
    count = len([each for each in (first, *rest) if each.startswith(b'"2"')])
    head = head.replace(b'"%d"' % count, b'"%d"' % (count + 1))
    tail = tail.replace(b'"9","%d"' % count, b'"9","%d"' % (count + 1))
    return b"\r\n".join([head, first, first, *rest, tail, last])


PLAIN: Mapping[Fault, Callable[[bytes], bytes]] = {
    Fault.DOUBLED: _doubled,
    Fault.HOSTILE: lambda plain: plain.replace(b'"0000"', b'"\x1b]0;"'),
    Fault.OTHER_FILE: lambda plain: plain.replace(b"-4", b"-5", 1),
    Fault.REORDERED: _reordered,
    Fault.TRUNCATED: lambda plain: plain[: len(plain) // 2],
    Fault.WRONG_ENCODING: lambda plain: plain.decode().encode("cp932", "replace"),
}
"""What is spoilt before the file is signed and encrypted."""
TRAVELLING: Mapping[Fault, Callable[[bytes], bytes]] = {
    Fault.GARBLED: lambda raw: raw[:100] + raw[101:],
    Fault.OVERSIZED: lambda raw: raw + b"A" * 20_000_000,
}
"""What is spoilt on its way."""
