"""Pages by key: where a page begins and ends, sealed into cursors that belong to one query."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar, overload

import orjson

from meibo.crypto.keys import Key, mac, unveil, veil
from meibo.errors import BadCursor, InvalidValue, MeiboError

DEFAULT_SIZE = 50
LARGEST_SIZE = 500

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Relay's four arguments; `after` and `before` are cursors."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """How many edges at most; raises InvalidValue for a bad size, which is never silently cut."""
        if self.first is not None and self.last is not None:
            raise InvalidValue(
                "page.both", "first と last は同時に指定できません。", "Give first or last, not both."
            )
        given = self.first if self.first is not None else self.last
        if given is None:
            return DEFAULT_SIZE
        if not 0 <= given <= LARGEST_SIZE:
            raise InvalidValue(
                "page.size",
                f"0〜{LARGEST_SIZE}件で指定してください。",
                f"Ask for 0 to {LARGEST_SIZE} at a time.",
            )
        return given

    @property
    def backward(self) -> bool:
        """Whether the page counts from the end."""
        return self.last is not None


FIRST_PAGE = PageRequest()


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cursor stands: the values sorted by, ending in the id, and the instant that the pages share."""

    values: tuple[Any, ...]
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Nodes in order, each with its cursor."""

    nodes: Sequence[T]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    known_at: datetime

    def showing(self, nodes: Sequence[U]) -> Page[U]:
        """The same page with other nodes, one in the place of each."""
        return Page(nodes, self.cursors, self.has_next, self.has_previous, self.known_at)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Seals and opens the cursors of one query; `query` names everything that shapes it."""

    key: Key
    query: bytes

    def seal(self, position: Position) -> str:
        """The cursor of a position."""
        values = [v.isoformat() if isinstance(v, date) else v for v in position.values]
        plain = orjson.dumps([self._mark(), position.known_at.isoformat(), values])
        return base64.urlsafe_b64encode(veil(self.key, plain)).rstrip(b"=").decode()

    def open(self, cursor: str | None) -> Position | None:
        """The position of a cursor; raises BadCursor for an altered one, or another query's."""
        if cursor is None:
            return None
        try:
            veiled = base64.urlsafe_b64decode((cursor + "=" * (-len(cursor) % 4)).encode("ascii"))
            if base64.urlsafe_b64encode(veiled).rstrip(b"=") != cursor.encode("ascii"):
                raise BadCursor  # Decoding skips what is no base64.
            mark, known_at, values = orjson.loads(unveil(self.key, veiled))
        except (MeiboError, binascii.Error, ValueError) as error:
            raise BadCursor from error
        if mark != self._mark():
            raise BadCursor
        return Position(tuple(values), datetime.fromisoformat(known_at))

    def _mark(self) -> str:
        return _mark(self.key, self.query)


@lru_cache(100)
def _mark(key: Key, query: bytes) -> str:
    return mac(key, query)[:16].hex()


class Marks(Sequence[str], Generic[T]):
    """The cursors of a page, each sealed when it is asked for: most pages tell the last alone."""

    def __init__(self, cursors: Cursors, rows: Sequence[T], position: Callable[[T], Position]) -> None:
        self._cursors, self._rows, self._position = cursors, rows, position

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Marks[T]: ...
    def __getitem__(self, place: int | slice) -> str | Marks[T]:
        if isinstance(place, slice):
            return Marks(self._cursors, self._rows[place], self._position)
        return self._cursors.seal(self._position(self._rows[place]))


def cut(rows: Sequence[T], request: PageRequest) -> tuple[list[T], bool, bool]:
    """(rows of the page in reading order, has next, has previous) from one row more than the page holds."""
    more = len(rows) > request.size
    kept = list(rows[: request.size])
    if request.backward:
        return kept[::-1], request.before is not None, more
    return kept, more, request.after is not None
