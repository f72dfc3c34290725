"""The gate: all servers answer alike, once wrappers are taken off that only some of them have."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

WRAPPERS = ("nodes", "code", "value")
"""A list of PostGraphile's, a code and a partial date of ours: objects of one field."""
GROUP = "register"
"""Our group, whose items the peers keep on the doctor."""


def plain(value: Any, opened: Callable[[str], str]) -> Any:
    """An answer as values alone; `opened` gives the database's id behind an opaque one."""
    if isinstance(value, list):
        return [plain(each, opened) for each in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1 and (name := next(iter(value))) in WRAPPERS:
        return plain(value[name], opened)
    flat = {**value, **value.get(GROUP, {})}
    flat.pop(GROUP, None)
    return {
        name: opened(each) if name == "id" else plain(each, opened)
        for name, each in flat.items()
        if name != "endCursor"
    }


def only(data: Mapping[str, Any]) -> Any:
    """What the one field of an operation holds, whatever it is called."""
    (value,) = data.values()
    return value


def as_uuid(id: str) -> str:
    """An id that a peer shows: the database's own."""
    return str(UUID(id))


def cursor_text(cursor: str) -> str:
    """A hand-written server's cursor, opened."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def difference(told: Mapping[str, Any]) -> str | None:
    """Which server differs from the first, and where first; None where all are alike."""
    (reference, expected), *others = told.items()
    for name, answer in others:
        if path := _first_difference(expected, answer, ""):
            return f"{name} differs from {reference} at {path}"
    return None


def _first_difference(expected: Any, answer: Any, path: str) -> str | None:
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        if expected.keys() != answer.keys():
            return f"{path or '.'} (fields {sorted(expected.keys() ^ answer.keys())})"
        pairs = [(f"{path}.{name}", expected[name], answer[name]) for name in expected]
    elif isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        pairs = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(expected, answer, strict=True))]
    else:
        return None if expected == answer else path or "."
    return next((found for pair in pairs if (found := _first_difference(pair[1], pair[2], pair[0]))), None)
