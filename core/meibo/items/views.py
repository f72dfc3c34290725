"""Views: groups that core computes from what it keeps anyway. Nothing of them is stored a second time."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class View(StrEnum):
    """Of what a view's rows are made. A licence shows the first two; the third is the whole register's.

    `history`: a row for each version of the licence, in the order of the days on which they took effect.
    `dispositions`: a row for each measure against the holder, oldest first.
    `daily_count`: a row for each day of registration and further item shown, with how many entries it has.
    """

    HISTORY = "history"
    DISPOSITIONS = "dispositions"
    DAILY_COUNT = "daily_count"


FIELDS: Mapping[View, Mapping[str, str]] = {
    View.HISTORY: {"number": "integer", "effective_date": "date"},
    View.DISPOSITIONS: {
        "number": "integer",
        "kind": "code",
        "ordered_date": "date",
        "start_date": "date",
        "end_date": "date",
        "years": "integer",
        "months": "integer",
        "order_number": "text",
        "remarks": "text",
        "reeducation_ordered_date": "date",
        "reeducation_completed_date": "date",
        "reeducation_status": "code",
    },
    View.DAILY_COUNT: {"count": "integer"},
}
"""What an item of a view may show beside the items of the licence itself: field -> kind."""
