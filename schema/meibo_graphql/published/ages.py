"""The age of published lists, as the lines of a metric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime

from meibo.certificates.status.publishing import ListAge


def age_lines(ages: Iterable[ListAge], at: datetime) -> Iterator[str]:
    """Two gauges in OpenMetrics' text: for how long each list stands as it is (infinitely where it never was
    published), and for how long a change of it waits (0 where none does)."""
    known = list(ages)
    yield "# TYPE meibo_status_list_age_seconds gauge"
    yield "# UNIT meibo_status_list_age_seconds seconds"
    yield "# HELP meibo_status_list_age_seconds Seconds since a status list was published."
    for each in known:
        age = _seconds(each.published_at, at, math.inf)
        yield f'meibo_status_list_age_seconds{{list="{each.list}"}} {_number(age)}'
    yield "# TYPE meibo_status_list_change_waiting_seconds gauge"
    yield "# UNIT meibo_status_list_change_waiting_seconds seconds"
    yield "# HELP meibo_status_list_change_waiting_seconds Seconds for which a change of a status list waits."
    for each in known:
        waiting = _seconds(each.dirty_at, at, 0.0)
        yield f'meibo_status_list_change_waiting_seconds{{list="{each.list}"}} {_number(waiting)}'


def _seconds(since: datetime | None, at: datetime, otherwise: float) -> float:
    return otherwise if since is None else max(0.0, (at - since).total_seconds())


def _number(value: float) -> str:
    return "+Inf" if math.isinf(value) else f"{value:.1f}"
