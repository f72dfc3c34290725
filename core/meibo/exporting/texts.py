"""Values as text: what their kinds would read back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate


def as_field(value: Any) -> str:
    """A value as a field of a file; "" for none. The date of a pair is verbatim, beside its era."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case tuple():
            return ";".join(value)
        case EraDate() | EraMonth():
            return value.date_text
        case PartialDate() | YearMonth():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
