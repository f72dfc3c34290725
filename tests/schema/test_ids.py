"""Node ids: opaque, of one surface, refused where they were altered."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.crypto.keys import Key
from meibo_graphql.ids import LONGEST, NodeIds, NodeKey, NodeKind

KEY = Key("nodes", 1, b"k" * 32)
REGISTRY, VERIFY = NodeIds(KEY, "registry"), NodeIds(KEY, "verify")
kinds, uuids = st.sampled_from(NodeKind), st.uuids()


@given(kinds, uuids, st.none() | uuids)
def test_an_id_opens_to_what_it_was_made_of(kind: NodeKind, id: UUID, part: UUID | None) -> None:
    sealed = REGISTRY.seal(kind, id, part)
    assert REGISTRY.open(sealed) == NodeKey(kind, id, part)
    assert REGISTRY.seal(kind, id, part) == sealed
    assert len(sealed) <= LONGEST
    assert VERIFY.open(sealed) is None
    assert VERIFY.seal(kind, id, part) != sealed


@given(kinds, uuids, st.data())
def test_an_altered_id_opens_to_nothing(kind: NodeKind, id: UUID, data: st.DataObject) -> None:
    sealed = REGISTRY.seal(kind, id)
    place = data.draw(st.integers(0, len(sealed) - 3))
    other = data.draw(st.sampled_from("ABCabc019-_").filter(lambda c: c != sealed[place]))
    assert REGISTRY.open(sealed[:place] + other + sealed[place + 1 :]) is None


@given(st.text(max_size=LONGEST + 40))
def test_any_text_is_no_fault(text: str) -> None:
    assert REGISTRY.open(text) is None


@pytest.mark.parametrize("kind", NodeKind)
def test_kinds_of_one_row_differ(kind: NodeKind) -> None:
    same = UUID(int=1)
    assert len({REGISTRY.seal(other, same) for other in NodeKind}) == len(NodeKind)
    assert same.hex not in REGISTRY.seal(kind, same)
