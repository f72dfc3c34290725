"""When two answers are the same: data byte for byte, errors by place and code, and what the audit log is told.

Where a null runs up from an error to a place above, graphql-core gives up whatever else stands below that place: which
of several errors there it tells, and what it has looked at by then, hangs on time. There either error will do, and the
log must hold at least whom the answer shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tests.differential.answers import Answer

Errors = Counter[tuple[str, str]]


def differences(plain: Answer, compiled: Answer, people: Mapping[str, tuple[str, str]]) -> list[str]:
    """What differs, by name. `people` are (profession, pseudonym) by every text that tells who it is."""
    found = ["data"] if plain.data != compiled.data else []
    data = orjson.loads(plain.data or b"null")
    ours, theirs = settled(compiled.errors, data), settled(plain.errors, data)
    found += ["errors"] if ours != theirs else []
    if any(code == ANY for _, code in theirs):
        shown = {who for text, who in people.items() if text.encode() in compiled.data}
        return [*found, *(["whom the log misses"] if shown - compiled.subjects else [])]
    for name in ("subjects", "terms", "refusals"):
        found += [name] if getattr(plain, name) != getattr(compiled, name) else []
    return found


ANY = "*"
"""Stands for the code of an error that made something above it null."""


def settled(errors: Errors, data: Any) -> Errors:
    """The errors by the place that is null because of them; each place above an error once."""
    told: Errors = Counter()
    for (path, code), count in errors.items():
        place = nulled(path.split("."), data) if path else path
        if place == path:
            told[place, code] += count
        else:
            told[place, ANY] = 1
    return told


def nulled(path: Iterable[str], data: Any) -> str:
    """The part of a path that leads to null."""
    walked: list[str] = []
    for part in path:
        if data is None:
            break
        walked.append(part)
        data = data[int(part)] if isinstance(data, list) else data.get(part)
    return ".".join(walked)
