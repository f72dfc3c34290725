"""Rows as PostgreSQL's binary COPY reads them: who prepares rows packs them, and who holds the connection passes bytes
on. See https://www.postgresql.org/docs/current/sql-copy.html, Binary Format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, repeat
from operator import itemgetter
from struct import Struct
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, LargeBinary, SmallInteger, String, Table, Uuid

from meibo.database.types import Instant

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
REMEMBERED = 2_000
"""Fields of a column: those that were packed last."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.date().toordinal()
MICROSECOND = timedelta(microseconds=1)
Packed = Callable[[Any], bytes]
Field = Callable[[Sequence[Any]], Iterable[bytes]]
"""Packs the values of a column."""

_COUNT, _SMALL, _WHOLE, _LARGE = Struct("!h"), Struct("!ih"), Struct("!ii"), Struct("!iq")
_LENGTH, _FLAG = Struct("!i"), Struct("!i?")
_ID = b"\0\0\0\x10"


def packed(columns: Sequence[Field], rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    """The rows, each with these columns; what a row does not name is null."""
    fields = [field(column_of(rows, name)) for name, field in zip(names, columns, strict=True)]
    count = repeat(_COUNT.pack(len(columns)), len(rows))
    return b"".join(chain.from_iterable(zip(count, *fields, strict=True)))


def column_of(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """The values of a column; what a row does not name is null."""
    try:
        return [*map(itemgetter(name), rows)]
    except KeyError:
        return [row.get(name) for row in rows]


def fields_of(table: Table, names: Iterable[str]) -> tuple[Field, ...]:
    """What packs each of these columns."""
    return tuple(_field(table.c[name].type) for name in names)


def _field(kind: Any) -> Field:
    if isinstance(kind, Uuid):
        return _ids
    if isinstance(kind, LargeBinary):
        return _blobs
    return _remembered(next(pack for type, pack in _PACKED if isinstance(kind, type)))


def _remembered(pack: Packed) -> Field:
    """Most values of a column come again: a row's ids and secrets alone are new."""
    known = lru_cache(REMEMBERED)(lambda value: NULL if value is None else pack(value))
    return lambda values: map(known, values)


def _ids(values: Sequence[UUID | None]) -> Iterable[bytes]:
    return [NULL if value is None else _ID + value.bytes for value in values]


def _blobs(values: Sequence[bytes | None]) -> Iterable[bytes]:
    return [NULL if value is None else _LENGTH.pack(len(value)) + value for value in values]


def _of_text(value: str) -> bytes:
    text = value.encode()
    return _LENGTH.pack(len(text)) + text


def _of_day(value: date) -> bytes:
    return _WHOLE.pack(4, value.toordinal() - FIRST_DAY)


def _of_instant(value: datetime) -> bytes:
    return _LARGE.pack(8, (value - EPOCH) // MICROSECOND)


_PACKED: tuple[tuple[type, Packed], ...] = (
    (SmallInteger, lambda value: _SMALL.pack(2, value)),
    (BigInteger, lambda value: _LARGE.pack(8, value)),
    (Integer, lambda value: _WHOLE.pack(4, value)),
    (Boolean, lambda value: _FLAG.pack(1, value)),
    (String, _of_text),
    (Date, _of_day),
    (Instant, _of_instant),
)
"""By type of column; the first that fits, as a small integer is an integer, too."""
