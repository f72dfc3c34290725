"""Requests that are answered together with others: what each of them keeps for itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request

from meibo_graphql.http.answers import Answer, Outcome, answer
from meibo_graphql.http.negotiation import MediaType
from meibo_graphql.http.requests import GraphQLRequest

if TYPE_CHECKING:
    from meibo_graphql.http.endpoint import GraphQLEndpoint


class Turn(Protocol):
    """A request that its connection waits to have answered."""

    def reply(self, answer: Answer) -> None:
        """Send the answer."""

    def settle(self, answering: Awaitable[Answer]) -> None:
        """Send the answer once it is there."""


class Sharing:
    """A request that is answered together with others: once and in time, or, where that fails, by itself."""

    __slots__ = ("asked", "ended", "endpoint", "is_over", "media_type", "request", "turn")

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        turn: Turn,
        request: Request,
        asked: GraphQLRequest,
        media_type: MediaType,
    ) -> None:
        self.endpoint, self.turn, self.media_type = endpoint, turn, media_type
        self.request, self.asked = request, asked
        self.is_over = False
        """Whether it was answered, or left to be answered by itself."""
        self.ended: Callable[[], None] | None = None
        """Is told when it is over."""

    def reply(self, outcome: Outcome) -> None:
        """Send what came of it."""
        if self._end():
            self.turn.reply(answer(outcome, self.media_type))

    def leave(self) -> None:
        """Have it answered by itself."""
        if self._end():
            self.turn.settle(self.endpoint.answer(self.asked, self.request, self.media_type))

    def late(self) -> None:
        """Refuse it: its time is over."""
        if self._end():
            self.turn.reply(self.endpoint.too_late(self.media_type))

    def _end(self) -> bool:
        """Whether it was not over yet; it is now."""
        if self.is_over:
            return False
        self.is_over = True
        if self.ended:
            self.ended()
        return True


class Together(Protocol):
    """Takes requests that can be answered together."""

    def __call__(self, sharing: Sharing) -> bool:
        """Whether a request is one of them: then `sharing` will be told. Never raises for what the caller did."""
