"""What narrows the queue of discrepancies, and its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from meibo.checking.outcomes import Outcome
from meibo.checking.states import DiscrepancyState
from meibo.checking.tables import check_discrepancy
from meibo.database.walking import Order

ORDER = Order((check_discrepancy.c.scope, check_discrepancy.c.found_at, check_discrepancy.c.id))
"""By profession, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Discrepancies in a state; of one profession, and of one outcome, where these are named."""

    state: DiscrepancyState = DiscrepancyState.OPEN
    outcome: Outcome | None = None
    profession: str | None = None

    def narrow(self, statement: Select[Any], numbers: Mapping[str, int]) -> Select[Any]:
        """A statement of discrepancies, narrowed; `numbers` are those of the professions."""
        row = check_discrepancy.c
        statement = statement.where(row.state == self.state)
        if self.outcome is not None:
            statement = statement.where(row.outcome == self.outcome)
        if self.profession is not None:
            statement = statement.where(row.scope == numbers.get(self.profession))
        return statement


OPEN = QueueFilter()
"""All that nobody has decided about."""
