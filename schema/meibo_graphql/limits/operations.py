"""The limits of an operation, and the refusal that names the figure exceeded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meibo_graphql.limits.measuring import Measured
from meibo_graphql.sanitizing import ErrorCode, SafeError


def limit(default: int, help: str) -> Any:
    """A bound: its default and what it counts."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True)
class OperationLimits:
    """Bounds of one surface's operations; the help texts make the reference page."""

    tokens: int = limit(
        4_000, "Lexical tokens and comments of a document. The introspection query has about 300."
    )
    nesting: int = limit(100, "Brackets and braces open at one place of a document.")
    depth: int = limit(20, "Fields within fields, fragments followed.")
    fields: int = limit(5_000, "Fields, those of a fragment counted as often as it is spread.")
    aliases: int = limit(200, "Fields with an alias, counted likewise.")
    directives: int = limit(200, "Directives, counted likewise.")
    repeats: int = limit(
        10_000, "Pairs of fields with one response name, which validation compares; introspection has 655."
    )
    cost: int = limit(
        50_000, "Objects that may be read: page sizes multiplied; five for a list without pages."
    )
    variables: int = limit(10_000, "Values within the variables.")


def require_size(measured: Measured, limits: OperationLimits) -> None:
    """Raise SafeError (TOO_COMPLEX) naming the first limit of form that a document exceeds."""
    found = {
        "depth": measured.depth,
        "fields": measured.fields,
        "aliases": measured.aliases,
        "directives": measured.directives,
        "repeats": measured.repeats,
    }
    for name, count in found.items():
        within(name, count, getattr(limits, name))


def require_cost(
    measured: Measured, operation: str | None, variables: Mapping[str, Any], limits: OperationLimits
) -> None:
    """Raise SafeError (TOO_COMPLEX) where the named operation, with its variables, may read too much."""
    within("variables", _values(variables, limits.variables), limits.variables)
    cost = measured.costs.get(operation) if operation else next(iter(measured.costs.values()), None)
    if cost is not None:
        within("cost", cost.value(variables), limits.cost)


def within(name: str, found: int, allowed: int) -> None:
    """Raise SafeError where `found` is over `allowed`."""
    if found > allowed:
        figure = found if found < 10**15 else 10**15
        sentence = f"The operation is over the limit of {name}: {figure} of {allowed}. Ask for less at once."
        raise SafeError(ErrorCode.TOO_COMPLEX, sentence, limit=name, allowed=allowed, found=figure)


def _values(variables: object, most: int) -> int:
    """How many values the variables hold; counting ends soon after `most`."""
    count, pending = 0, [variables]
    while pending and count <= most:
        value = pending.pop()
        count += 1
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return count
