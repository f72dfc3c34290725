"""A resolver's other form: what one statement gives for a whole level of an answer, instead of one source at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from meibo.professions.compiled import Profession
from meibo.registry.selecting import Along, Wanted
from meibo.registry.views import Head

Picked = frozenset[str]
"""The names of the fields that are selected beneath a field."""
Wants = Callable[[Profession, Picked], Iterable[Wanted]]
F = TypeVar("F", bound=Callable[..., Any])


Many = Callable[..., Awaitable[Any]]
"""`many(context, sources, picked, **arguments)`: what the resolver would give for each source, in their order (for a
stored group what is written, which a plan shows by itself). It raises what the resolver would, for all of them."""


def _nothing(_profession: Profession, _picked: Picked) -> Iterable[Wanted]:
    return ()


@dataclass(frozen=True, slots=True)
class Batched:
    """How a field is read for many sources, and which groups it wants read in the statement of the licences.

    A `brief` one asks nothing else of a licence than what its own row says of the present."""

    many: Many
    wants: Wants = _nothing
    brief: bool = False


class Alongside(Protocol):
    """Which groups a root reads in the statement of its licences."""

    def of(self, profession: str) -> Along | None:
        """For licences of a profession."""

    def guess(self) -> Along | None:
        """For a licence of any profession."""

    def found(self, head: Head | None) -> None:
        """Learn from a licence that was found."""


def batched(by: Batched | Many) -> Callable[[F], F]:
    """Give a resolver of a field its form for many sources."""

    def mark(resolve: F) -> F:
        resolve.batched = by if isinstance(by, Batched) else Batched(by)  # type: ignore[attr-defined]
        return resolve

    return mark


Columnar = Callable[[Any, Sequence[Any]], list[Any]]
"""`columnar(context, sources)`: what the resolver gives for each source, where no store is asked."""


def columnar(column: Columnar) -> Callable[[F], F]:
    """Give a resolver of a field its form for many sources, which asks no store."""

    def mark(resolve: F) -> F:
        resolve.columnar = column  # type: ignore[attr-defined]
        return resolve

    return mark


def told(path: str, type_: Any) -> Callable[[Any], Any]:
    """A resolver that gives what its source tells at a dotted path."""
    get = attrgetter(path)

    def resolve(root: Any) -> Any:
        return get(root)

    resolve.__annotations__["return"] = type_
    return columnar(lambda _context, sources: list(map(get, sources)))(resolve)


def rooted(root: Callable[..., Awaitable[Any]]) -> Callable[[F], F]:
    """Give a resolver of a root field its form that is told what to read along with the licences."""

    def mark(resolve: F) -> F:
        resolve.rooted = root  # type: ignore[attr-defined]
        return resolve

    return mark
