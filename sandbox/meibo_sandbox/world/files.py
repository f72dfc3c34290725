"""A population as files: the people as a register holds them, and the truth of a period, which is kept from a check.

Equal seeds give equal bytes, whatever the number of processes. The people are a CSV file (RFC 4180, UTF-8); the truth
has one line of JSON for each person to whom something happened, or whose municipality refuses.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

import orjson

from meibo.errors import OperatorError
from meibo_sandbox.world.events import Event, happened
from meibo_sandbox.world.persons import Person
from meibo_sandbox.world.populations import Population, population

CHUNK = 10_000
"""People that a process makes at a time."""
COLUMNS = tuple(field.name for field in fields(Person))


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to before another."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Part:
    """The people from an index to before another, and the period of which the truth is told, if it is."""

    people: Population
    first: int
    last: int
    period: Period | None


def write(seed: int, size: int, output: Path, truth: Path | None, period: Period, processes: int = 0) -> None:
    """Write so many people, and what happens to them in a period; as many processes as processors for 0.

    The files are readable by their owner alone. Raises OperatorError where one cannot be made, or is there already.
    """
    people = population(seed, size)
    told = period if truth else None
    parts = (Part(people, first, min(first + CHUNK, size), told) for first in range(0, size, CHUNK))
    with ExitStack() as opened:
        files = [opened.enter_context(_new(path)) for path in (output, truth) if path]
        files[0].write(_lines([COLUMNS]))
        for texts in _made(parts, processes or os.cpu_count() or 1):
            for file, text in zip(files, texts, strict=False):
                file.write(text)


def _new(path: Path) -> BinaryIO:
    try:
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise OperatorError(f"{path.name} cannot be made ({error.strerror}): name a new file.") from None


def _made(parts: Iterable[Part], processes: int) -> Iterator[tuple[bytes, bytes]]:
    """The texts of the parts, in their order."""
    if processes == 1:
        yield from map(_texts, parts)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_texts, parts)


def _texts(part: Part) -> tuple[bytes, bytes]:
    """The lines of both files for a part of the people."""
    people = [part.people[index] for index in range(part.first, part.last)]
    held = _lines(map(_row, people))
    return held, _truths(part.people, people, part.period) if part.period else b""


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _row(person: Person) -> Iterator[object]:
    """The cells of a person: lists by blanks, missing characters as `item:position:name`."""
    for column in COLUMNS:
        value = getattr(person, column)
        yield " ".join(map(str, value)) if isinstance(value, tuple) else value


def _truths(population: Population, people: Iterable[Person], period: Period) -> bytes:
    lines = []
    for person in people:
        told = list(population.events(person.index, period.since, period.until))
        if told or person.refuses:
            lines.append(orjson.dumps(_truth(person, told), option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(lines)


def _truth(person: Person, told: list[Event]) -> dict[str, object]:
    """By the number that a register holds: what happened, and the person as of the period's end."""
    now = happened(person, told)
    return {
        "index": person.index,
        "individual_number": person.individual_number,
        "events": [{"kind": event.kind, "day": event.day} for event in told],
        "now": {**{column: getattr(now, column) for column in COLUMNS}, "refuses": now.refuses},
    }
