"""The canonical body of a leaf."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from meibo.audit.leaves import OPERATION_LENGTH, Leaf, LeafKind, RecordedLeaf, decode, encode, new_id

AT = datetime(2026, 4, 1, 0, 0, 0, 5, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def find(operation: str = "FindDoctor") -> Leaf:
    return Leaf(
        kind=LeafKind.FIND,
        account="a1",
        institution="厚生労働省",
        terminal="T-01",
        surface="registry",
        operation=operation,
        profession="doctor",
        terms=("ab",),
    )


def test_body_is_sorted_json_with_id_and_instant() -> None:
    assert encode(RecordedLeaf(id=ID, at=AT, leaf=find())).decode() == (
        '{"account":"a1","at":"2026-04-01T00:00:00.000005Z","count":null,'
        '"id":"0123456789abcdef0123456789abcdef","institution":"厚生労働省","kind":"find","legal_basis":"",'
        '"operation":"FindDoctor","outcome":"ok","profession":"doctor","purpose":"","reference":null,'
        '"subjects":[],"surface":"registry","terminal":"T-01","terms":["ab"]}'
    )


@given(st.builds(Leaf, kind=st.sampled_from(LeafKind), **dict.fromkeys(("account", "operation"), plain)))
def test_body_reads_back(leaf: Leaf) -> None:
    recorded = RecordedLeaf(id=new_id(), at=AT, leaf=leaf)

    assert decode(encode(recorded)) == recorded


def test_operation_cannot_fill_the_log() -> None:
    recorded = decode(encode(RecordedLeaf(id=ID, at=AT, leaf=find("x" * 100_000))))

    assert recorded.leaf.operation == "x" * OPERATION_LENGTH


def test_ids_have_their_second_and_96_random_bits() -> None:
    before = int(time.time())
    ids = {new_id() for _ in range(1000)}

    assert {len(bytes.fromhex(each)) for each in ids} == {16}
    assert {before <= int(each[:8], 16) <= time.time() for each in ids} == {True}
    assert len({each[8:] for each in ids}) == 1000
