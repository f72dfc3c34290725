"""Cursors and pages, without a database."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.crypto.keys import Key
from meibo.database.paging import DEFAULT_SIZE, Cursors, PageRequest, Position, cut
from meibo.errors import BadCursor, InvalidValue

AT = datetime(2026, 4, 1, 3, 4, 5, 678901, tzinfo=UTC)
KEY = Key("cursors", 1, b"k" * 32)
HERE = Cursors(KEY, b"doctor|NUMBER_ASC")
POSITION = Position(("000000500001", "0" * 32), AT)


@given(
    st.lists(st.text() | st.integers(0, 2**53) | st.none(), max_size=4), st.datetimes(timezones=st.just(UTC))
)
def test_a_cursor_brings_its_position_back(values: list[Any], at: datetime) -> None:
    position = Position(
        tuple(v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values), at
    )
    assert HERE.open(HERE.seal(position)) == position


def test_days_travel_as_text() -> None:
    assert HERE.open(HERE.seal(Position((date(2026, 4, 1), "id"), AT))) == Position(("2026-04-01", "id"), AT)


def test_no_cursor_is_no_position() -> None:
    assert HERE.open(None) is None


def test_a_cursor_tells_nothing() -> None:
    assert "500001" not in HERE.seal(POSITION)
    assert HERE.seal(POSITION) == HERE.seal(POSITION)


GOOD = HERE.seal(POSITION)


def decoded(cursor: str) -> bytes:
    """The bytes of a cursor."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "あ",
        "\ud800",
        GOOD[:-4],
        GOOD[4:],
        GOOD + GOOD,
        GOOD + "AAAA",
        "A" * 100_000,
        Cursors(KEY, b"doctor|NUMBER_DESC").seal(POSITION),
        Cursors(Key("cursors", 2, b"j" * 32), b"doctor|NUMBER_ASC").seal(POSITION),
    ],
    ids=[
        "empty",
        "short",
        "japanese",
        "surrogate",
        "cut",
        "beheaded",
        "twice",
        "longer",
        "huge",
        "of another query",
        "of another server",
    ],
)
def test_foreign_and_altered_cursors(cursor: str) -> None:
    with pytest.raises(BadCursor):
        HERE.open(cursor)


@given(st.integers(0, len(decoded(GOOD)) * 8 - 1))
def test_a_cursor_with_any_one_bit_changed_is_refused(bit: int) -> None:
    altered = bytearray(decoded(GOOD))
    altered[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadCursor):
        HERE.open(base64.urlsafe_b64encode(altered).rstrip(b"=").decode())


@pytest.mark.parametrize(
    ("request_", "size", "backward"),
    [
        (PageRequest(), DEFAULT_SIZE, False),
        (PageRequest(first=0), 0, False),
        (PageRequest(first=500), 500, False),
        (PageRequest(last=3), 3, True),
    ],
)
def test_sizes(request_: PageRequest, size: int, backward: bool) -> None:
    assert (request_.size, request_.backward) == (size, backward)


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (PageRequest(first=501), "page.size"),
        (PageRequest(first=-1), "page.size"),
        (PageRequest(last=501), "page.size"),
        (PageRequest(first=1, last=1), "page.both"),
    ],
)
def test_sizes_are_never_silently_cut(request_: PageRequest, rule: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        _ = request_.size
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("found", "request_", "kept", "has_next", "has_previous"),
    [
        (3, PageRequest(first=3), [0, 1, 2], False, False),
        (4, PageRequest(first=3), [0, 1, 2], True, False),
        (4, PageRequest(first=3, after="c"), [0, 1, 2], True, True),
        (0, PageRequest(first=3, after="c"), [], False, True),
        (1, PageRequest(first=0), [], True, False),
        (3, PageRequest(last=3), [2, 1, 0], False, False),
        (4, PageRequest(last=3), [2, 1, 0], False, True),
        (4, PageRequest(last=3, before="c"), [2, 1, 0], True, True),
    ],
)
def test_cutting(
    found: int, request_: PageRequest, kept: list[int], has_next: bool, has_previous: bool
) -> None:
    assert cut(range(found), request_) == (kept, has_next, has_previous)
