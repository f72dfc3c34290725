"""Scalars that the API speaks, each with the specification that it follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import strawberry
from strawberry.types.scalar import ScalarDefinition

from meibo.values.dates import parse_date, parse_instant

RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339"


def _date(raw: Any) -> date:
    if not isinstance(raw, str):
        raise ValueError
    return parse_date(raw)


def _instant(raw: Any) -> datetime:
    if not isinstance(raw, str):
        raise ValueError
    return parse_instant(raw)


def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date", description="A day in the Gregorian calendar, YYYY-MM-DD.", specified_by_url=RFC3339,
        serialize=lambda value: value.isoformat(), parse_value=_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime", description="An instant in UTC, YYYY-MM-DDThh:mm:ss.ffffffZ.", specified_by_url=RFC3339,
        serialize=_instant_text, parse_value=_instant,
    ),
}  # fmt: skip
