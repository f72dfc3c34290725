"""Dispositions (行政処分): each as it was ordered, and what later acts made of it. Pure, like the fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from meibo.professions.law import MeasureKind
from meibo.values.dates import last_day_of_months

DAY = timedelta(days=1)


class DispositionState(StrEnum):
    """How a disposition stands on a day. A reprimand is done with its order: it ends at once."""

    ORDERED = "ORDERED"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"
    LIFTED = "LIFTED"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Order:
    """A measure as it was ordered. `code` is that of the profession's measure, `reason` one of the reasons' table;
    `start_date` and `end_date` both count, and a measure without an end has no `end_date`."""

    code: str
    start_date: date
    end_date: date | None = None
    office_name: str = ""
    office_code: str = ""
    number: str = ""
    reason: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Disposition:
    """A disposition on some day: its order, and what the acts that name it (or a new licence) added.

    `id` is the act that ordered it; `lifted_date` the first day on which it no longer holds because of an act.
    """

    id: UUID
    kind: MeasureKind
    ordered_date: date
    order: Order
    lifted_date: date | None = None
    reeducation_ordered_date: date | None = None
    reeducation_completed_date: date | None = None

    def lasts(self, day: date) -> bool:
        """Whether it holds on a day or will hold later: a reprimand never does."""
        over = self.order.end_date is not None and self.order.end_date < day
        lifted = self.lifted_date is not None and self.lifted_date <= day
        return self.kind is not MeasureKind.REPRIMAND and not over and not lifted

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.order.start_date <= day and self.lasts(day)

    def state(self, day: date) -> DispositionState | None:
        """How it stands on a day; None before it was ordered."""
        if day < self.ordered_date:
            return None
        if self.lifted_date is not None and self.lifted_date <= day:
            return DispositionState.LIFTED
        if not self.lasts(day):
            return DispositionState.ENDED
        return DispositionState.IN_FORCE if self.in_force(day) else DispositionState.ORDERED

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which it begins to hold and no longer holds, without anybody's act."""
        end = self.order.end_date
        return (self.order.start_date, *([end + DAY] if end else []))

    @property
    def period(self) -> tuple[int, int] | None:
        """The whole years and months from its first day to its last; None where it has no end."""
        start, end = self.order.start_date, self.order.end_date
        if end is None:
            return None
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        while months and last_day_of_months(start, months) > end:
            months -= 1
        return divmod(months, 12)


def dump_order(order: Order) -> dict[str, Any]:
    """An order as JSON; days are ISO."""
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in asdict(order).items()}


def load_order(stored: Mapping[str, Any]) -> Order:
    """What `dump_order` gave."""
    days = {n: date.fromisoformat(stored[n]) for n in ("start_date", "end_date") if stored[n]}
    return Order(**{**stored, "end_date": None, **days})
