"""Names of tables' constraints and indexes, which PostgreSQL cuts at 63 characters."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import Table

LONGEST = 63


def identifier(name: str) -> str:
    """The name; where it is too long, its beginning and eight digits of its hash."""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def _named(kind: str) -> Callable[[Any, Table], str]:
    """A convention: the kind, the table, and the columns of all but the primary key."""

    def name(constraint: Any, table: Table) -> str:
        columns = [] if kind == "pk" else [str(column) for column in constraint.columns.keys()]  # noqa: SIM118
        return identifier("_".join([kind, table.name, *columns]))

    return name


NAMES: dict[str, Any] = {kind: f"%({kind}_identifier)s" for kind in ("ix", "uq", "pk", "fk")} | {
    f"{kind}_identifier": _named(kind) for kind in ("ix", "uq", "pk", "fk")
}
"""The naming convention of the register's tables."""
