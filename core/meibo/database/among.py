"""That a column is one of many values, which go into one parameter: a statement of a thousand takes longer to write
than to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Select, any_, false, func, literal, select

from meibo.database.direct.statements import Many


def is_one_of(column: ColumnElement[Any], values: Sequence[Any], dialect: str) -> ColumnElement[bool]:
    """The condition on `sqlite` or `postgresql`; blobs are equally long, as hashes are."""
    if not values:
        return false()
    if dialect == "postgresql":
        return column == any_(literal(values, ARRAY(column.type)))
    if isinstance(column.type, LargeBinary):
        return column.in_(_cut(b"".join(values), len(values[0])))
    each = func.json_each(literal(values, Many(column.type))).table_valued("value")
    return column.in_(select(each.c.value))


def _cut(whole: bytes, size: int) -> Select[Any]:
    """The blobs of which a longer one is made; SQLite's JSON holds none."""
    start = select(literal(1).label("start")).cte(recursive=True)
    start = start.union_all(select(start.c.start + size).where(start.c.start + size <= len(whole)))
    return select(func.substr(literal(whole, LargeBinary), start.c.start, size))
