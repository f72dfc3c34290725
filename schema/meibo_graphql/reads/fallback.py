"""When an operation is left to graphql-core."""

from __future__ import annotations


class Fallback(Exception):
    """This operation, or this answer, is none that a plan gives; `reason` is one word for the metric."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
