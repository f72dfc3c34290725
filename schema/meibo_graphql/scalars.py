"""Scalars that the API speaks, each with the specification that it follows and what it is in a client's code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from meibo.values.dates import parse_date, parse_instant

RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339"
ISO8601 = "https://www.iso.org/standard/70907.html"
LOC_EDTF = "https://www.loc.gov/standards/datetime/"

EDTF = NewType("EDTF", str)
"""A day that may be known in part, as its item wrote it or will read it."""
YearMonth = NewType("YearMonth", str)
"""A month, `YYYY-MM`."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as the reference shows it: what it is, how it is written, and its types in client code."""

    name: str
    description: str
    format: str
    example: str
    python: str
    specified_by: str
    typescript: str = "string"


DATE = Scalar(
    "Date", "A day in the Gregorian calendar, YYYY-MM-DD.",
    "RFC 3339, `full-date`", '"2026-04-01"', "datetime.date", RFC3339,
)  # fmt: skip
DATE_TIME = Scalar(
    "DateTime", "An instant in UTC, YYYY-MM-DDThh:mm:ss.ffffffZ.",
    "RFC 3339, `date-time`; going in with any offset, coming out in UTC", '"2026-04-01T00:30:00.000000Z"',
    "datetime.datetime", RFC3339,
)  # fmt: skip
PARTIAL_DATE = Scalar(
    "EDTF", "A day that may be known in part: 1950-05-03, 1950-05, 1950, 1950-05-XX, XXXX-XX-XX.",
    "EDTF (ISO 8601-2), levels 0 and 1: dates, and `X` for what is unknown", '"1950-05-XX"', "str", LOC_EDTF,
)  # fmt: skip
YEAR_MONTH = Scalar(
    "YearMonth", "A month in the Gregorian calendar, YYYY-MM.",
    "ISO 8601-1, calendar month, extended format", '"1950-05"', "str", ISO8601,
)  # fmt: skip
PUBLISHED = (DATE, DATE_TIME, PARTIAL_DATE, YEAR_MONTH)
"""Every scalar that GraphQL does not define itself."""


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError
    return raw


def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _definition(
    scalar: Scalar, parse: Callable[[str], Any] = str, serialize: Callable[[Any], str] = str
) -> ScalarDefinition:
    return strawberry.scalar(
        name=scalar.name, description=scalar.description, specified_by_url=scalar.specified_by,
        serialize=serialize, parse_value=lambda raw: parse(_text(raw)),
    )  # fmt: skip


SCALARS: dict[object, ScalarDefinition] = {
    date: _definition(DATE, parse_date, date.isoformat),
    datetime: _definition(DATE_TIME, parse_instant, _instant_text),
    # Read by the item's kind, so that a fault is a finding at its path, as for every other item.
    EDTF: _definition(PARTIAL_DATE),
    YearMonth: _definition(YEAR_MONTH),
}
