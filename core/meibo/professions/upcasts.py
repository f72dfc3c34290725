"""Upcasts: how values that an earlier version of a plugin stored become values of its present items.

Rows, acts and replies are never rewritten. Each names the plugin version that wrote it, and is brought forward when
it is opened, so that history stays readable after an item was renamed, split or changed its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import InvalidVersion, Version

from meibo.errors import PluginError

Stored = Mapping[str, Any]
"""Identifier -> value as its kind stores it (JSON; None clears). In an act, only the items that it touched."""
Step = Callable[[Stored], Stored]


@dataclass(frozen=True, slots=True)
class Upcast:
    """Brings a group's values forward that a version before `before` wrote. `function` is pure: stored values in,
    stored values out; values under names that are no items any more are left out afterwards."""

    before: str
    group: str
    function: Step


def renamed(old: str, new: str) -> Step:
    """The step after which an item has another identifier."""

    def step(values: Stored) -> Stored:
        return {new if name == old else name: value for name, value in values.items()}

    return step


def converted(name: str, function: Callable[[Any], Any]) -> Step:
    """The step that turns the value of an item into one of its new kind; a cleared value stays cleared."""

    def step(values: Stored) -> Stored:
        return values if values.get(name) is None else {**values, name: function(values[name])}

    return step


def brought_forward(upcasts: Iterable[Upcast], values: Stored, written_by: str) -> Stored:
    """The values of a group after every step that the version which wrote them was before, oldest step first.

    Raises PluginError, which names no value, where a step fails.
    """
    upcasts = tuple(upcasts)
    if not upcasts:
        return values
    written = Version(written_by)
    for upcast in sorted(upcasts, key=lambda u: Version(u.before)):
        if written < Version(upcast.before):
            values = _taken(upcast, values)
    return values


def _taken(upcast: Upcast, values: Stored) -> Stored:
    try:
        return dict(upcast.function(dict(values)))
    except Exception as error:  # Its text may hold a value.
        raise PluginError(
            f"The upcast of {upcast.group!r} before {upcast.before} failed ({type(error).__name__}): mend it."
        ) from None


def version_of(text: str, what: str) -> Version:
    """A version (PEP 440); raises PluginError that names whose it is."""
    try:
        return Version(text)
    except InvalidVersion:
        raise PluginError(f"{what} is {text!r}, which is no version: write one such as 1.2.") from None
