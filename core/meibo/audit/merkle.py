"""The Merkle tree of RFC 9162, section 2.1, as pure functions: hashes, growth, proofs and their verification.

A tree of n leaves is kept as its *complete* subtrees, those of 2**level leaves. Each is named by the leaf
that completed it and by its level, so it is written once, when that leaf arrives, and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class Node(NamedTuple):
    """The complete subtree of 2**level leaves whose last leaf is `last`; level 0 is the leaf itself."""

    last: int
    level: int


def leaf_hash(body: bytes) -> bytes:
    """SHA-256(0x00 || body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


# --- Growing ----------------------------------------------------------------------------------------------


def append(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """Add a leaf's hash to a tree of `size` leaves; returns those of the subtrees that it completes by level, itself
    first.

    `frontier`, changed in place, holds the hashes of `subtrees(range(size))`.
    """
    completed = [leaf]
    while size & 1:
        leaf = node_hash(frontier.pop(), leaf)
        completed.append(leaf)
        size >>= 1
    frontier.append(leaf)
    return completed


def root(frontier: Sequence[bytes]) -> bytes:
    """The hash over neighbouring complete subtrees, left to right; a tree's root, over its frontier."""
    if not frontier:
        return EMPTY_ROOT
    *lefts, hash = frontier
    for left in reversed(lefts):
        hash = node_hash(left, hash)
    return hash


def subtrees(span: range) -> list[Node]:
    """The complete subtrees that make up a span of leaves as RFC 9162 cuts them: the largest first."""
    nodes, start = [], span.start
    while start < span.stop:
        level = (span.stop - start).bit_length() - 1
        start += 1 << level
        nodes.append(Node(start - 1, level))
    return nodes


# --- Proving ----------------------------------------------------------------------------------------------


def inclusion_spans(index: int, size: int) -> list[range]:
    """The spans whose hashes are the inclusion proof PATH(index, D[size]) of section 2.1.3.1."""
    spans, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            spans.append(range(middle, stop))
            stop = middle
        else:
            spans.append(range(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[range]:
    """The spans whose hashes are the consistency proof PROOF(old, D[new]) of section 2.1.4.1; none from 0."""
    spans, start, stop = [], 0, new if old else 0
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            spans.append(range(middle, stop))
            stop = middle
        else:
            spans.append(range(start, middle))
            start = middle
    return ([range(start, stop)] if start else []) + spans[::-1]


def proof(spans: Iterable[range], hashes: Mapping[Node, bytes]) -> list[bytes]:
    """The hash of each span, from its complete subtrees."""
    return [root([hashes[node] for node in subtrees(span)]) for span in spans]


def inclusion_proof(index: int, size: int, hashes: Mapping[Node, bytes]) -> list[bytes]:
    """That the leaf `index` is in the tree of `size` leaves."""
    return proof(inclusion_spans(index, size), hashes)


def consistency_proof(old: int, new: int, hashes: Mapping[Node, bytes]) -> list[bytes]:
    """That the tree of `new` leaves begins with the tree of `old` leaves."""
    return proof(consistency_spans(old, new), hashes)


def _split(length: int) -> int:
    """The largest power of two below `length` (at least 2)."""
    return 1 << ((length - 1).bit_length() - 1)


# --- Verifying --------------------------------------------------------------------------------------------


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Section 2.1.3.2: whether the proof leads from the leaf's hash to the root."""
    if not 0 <= index < size:
        return False
    fn, sn, hash = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            hash = node_hash(step, hash)
            shift = _zeros(fn) if not fn & 1 else 0
            fn, sn = fn >> shift, sn >> shift
        else:
            hash = node_hash(hash, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and hash == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Section 2.1.4.2: whether the proof leads to both roots. Every tree begins with the empty one."""
    if not 0 < old < new:
        trivial = (old == 0 <= new and old_root == EMPTY_ROOT) or (old == new and old_root == new_root)
        return trivial and not proof
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    shift = _zeros(old)
    fn, sn = (old - 1) >> shift, (new - 1) >> shift
    fr = sr = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            shift = _zeros(fn) if not fn & 1 else 0
            fn, sn = fn >> shift, sn >> shift
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


def _zeros(number: int) -> int:
    """How many zero bits a number ends with; 0 for zero."""
    return (number & -number).bit_length() - 1 if number else 0
