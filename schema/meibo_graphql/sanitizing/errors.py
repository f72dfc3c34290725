"""The one kind of error that is shown as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from graphql import GraphQLError, Node

from meibo_graphql.sanitizing.codes import ErrorCode

CHAIN_LIMIT = 10
"""How many causes of an error are looked at."""


class SafeError(GraphQLError):
    """An error whose author vouches that its sentence holds no value of the request and no personal data."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        nodes: Collection[Node] | Node | None = None,
        *,
        at: GraphQLError | None = None,
        **extensions: object,
    ) -> None:
        """`at` lends its locations and its path; `extensions` are sent beside the code."""
        super().__init__(
            message,
            nodes,
            source=at.source if at else None,
            positions=at.positions if at else None,
            path=at.path if at else None,
            extensions={"code": code.value, **extensions},
        )
        self.code = code

    def moved_to(self, at: GraphQLError) -> SafeError:
        """The same refusal with the place that the executor has added meanwhile."""
        if at is self:
            return self
        rest: dict[str, Any] = {key: value for key, value in (self.extensions or {}).items() if key != "code"}
        return SafeError(self.code, self.message, at=at, **rest)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, outermost first."""
    current: BaseException | None = error
    for _ in range(CHAIN_LIMIT):
        if current is None:
            return
        yield current
        current = getattr(current, "original_error", None) or current.__cause__
