"""The reference tree of certificate-transparency, and what holds for every tree."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.audit import merkle
from meibo.audit.merkle import Node

INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
sizes = st.integers(1, 70)


def grown(bodies: list[bytes]) -> tuple[list[bytes], dict[Node, bytes]]:
    frontier: list[bytes] = []
    hashes: dict[Node, bytes] = {}
    for size, body in enumerate(bodies):
        completed = merkle.append(frontier, size, merkle.leaf_hash(body))
        hashes |= {Node(size, level): hash for level, hash in enumerate(completed)}
    return frontier, hashes


def numbered(size: int) -> list[bytes]:
    return [str(number).encode() for number in range(size)]


def definition(bodies: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if not bodies:
        return sha256(b"").digest()
    if len(bodies) == 1:
        return sha256(b"\x00" + bodies[0]).digest()
    k = max(2**power for power in range(10) if 2**power < len(bodies))
    return sha256(b"\x01" + definition(bodies[:k]) + definition(bodies[k:])).digest()


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_roots_of_the_reference_tree(size: int, expected: str) -> None:
    assert merkle.root(grown(INPUTS[:size])[0]).hex() == expected


@pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
def test_inclusion_proofs_of_the_reference_tree(place: tuple[int, int], expected: list[str]) -> None:
    assert [each.hex() for each in merkle.inclusion_proof(*place, grown(INPUTS)[1])] == expected


@pytest.mark.parametrize(("sizes", "expected"), CONSISTENCY.items())
def test_consistency_proofs_of_the_reference_tree(sizes: tuple[int, int], expected: list[str]) -> None:
    assert [each.hex() for each in merkle.consistency_proof(*sizes, grown(INPUTS)[1])] == expected


@given(sizes)
def test_growing_agrees_with_the_definition(size: int) -> None:
    frontier, hashes = grown(numbered(size))

    assert merkle.root(frontier) == definition(numbered(size))
    assert [hashes[node] for node in merkle.subtrees(range(size))] == frontier


@given(st.data())
def test_inclusion_is_proved_for_the_leaf_and_for_no_other(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    frontier, hashes = grown(numbered(size))
    root, path = merkle.root(frontier), merkle.inclusion_proof(index, size, hashes)

    leaf = merkle.leaf_hash(str(index).encode())
    assert merkle.verify_inclusion(index, size, leaf, path, root)
    assert merkle.verify_inclusion(other, size, leaf, path, root) is (other == index)
    assert not merkle.verify_inclusion(index, size, merkle.leaf_hash(b"x"), path, root)
    assert not merkle.verify_inclusion(index, size, leaf, [*path, root], root)
    assert not path or not merkle.verify_inclusion(index, size, leaf, path[:-1], root)
    assert not merkle.verify_inclusion(size, size, leaf, path, root)


@given(st.data())
def test_consistency_is_proved_for_a_beginning_and_for_nothing_else(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(0, new))
    frontier, hashes = grown(numbered(new))
    old_root, new_root = definition(numbered(old)), merkle.root(frontier)
    path = merkle.consistency_proof(old, new, hashes)

    assert merkle.verify_consistency(old, new, old_root, new_root, path)
    assert not merkle.verify_consistency(old, new, sha256(b"x").digest(), new_root, path)
    assert not merkle.verify_consistency(old, new, old_root, new_root, [*path, new_root])
    assert not path or not merkle.verify_consistency(old, new, old_root, new_root, path[:-1])
    assert not merkle.verify_consistency(new + 1, new, old_root, new_root, path)
    if 0 < old < new:
        assert not merkle.verify_consistency(old, new, old_root, sha256(b"x").digest(), path)
