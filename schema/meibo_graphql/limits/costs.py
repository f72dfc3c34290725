"""What an operation may cost, as an expression of its variables: made once for a document, worked out each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, IntValueNode, ListValueNode, ValueNode, VariableNode

PAGE = 50
"""Rows of a page whose size is not said."""
MOST = 500
"""Rows of the largest page."""
ROWS = 5
"""Rows assumed of a list without pages, such as dispositions."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a field may give: a number, or what a variable says."""

    rows: int
    variable: str = ""

    def value(self, variables: Mapping[str, Any]) -> int:
        """The rows; a variable that is no number or list leaves the default."""
        given = variables.get(self.variable) if self.variable else None
        if isinstance(given, list):
            return max(1, len(given))
        return min(max(1, given), MOST) if isinstance(given, int) else self.rows


@dataclass(slots=True)
class Cost:
    """Objects read: those of its own, and those of its parts, each as often as its size says."""

    own: int = 0
    parts: list[tuple[Size, Cost]] = field(default_factory=list)

    def add(self, size: Size, part: Cost) -> None:
        """Add a part; one whose size is a number and that has no variable parts is folded in."""
        if not size.variable and not part.parts:
            self.own += size.rows * part.own
        else:
            self.parts.append((size, part))

    def value(self, variables: Mapping[str, Any], known: dict[int, int] | None = None) -> int:
        """The cost with these variables. A part that stands in several places is worked out once."""
        known = {} if known is None else known
        if id(self) not in known:
            known[id(self)] = self.own + sum(
                size.value(variables) * part.value(variables, known) for size, part in self.parts
            )
        return known[id(self)]


ONE = Size(1)


def size_of(field: FieldNode, *, paged: bool, listed: bool, defaults: Mapping[str, Any]) -> Size:
    """How many rows a field may give: `first` or `last` of a page, the ids asked for, else an assumption."""
    arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
    if paged:
        return _given(arguments.get("first") or arguments.get("last"), PAGE, defaults)
    if "ids" in arguments:
        return _given(arguments["ids"], ROWS, defaults)
    return Size(ROWS) if listed else ONE


def _given(value: ValueNode | None, assumed: int, defaults: Mapping[str, Any]) -> Size:
    if isinstance(value, IntValueNode):
        return Size(min(max(1, int(value.value[:9])), MOST))
    if isinstance(value, ListValueNode):
        return Size(max(1, len(value.values)))
    if isinstance(value, VariableNode):
        default = defaults.get(value.name.value)
        return Size(default if isinstance(default, int) else assumed, value.name.value)
    return Size(assumed)
