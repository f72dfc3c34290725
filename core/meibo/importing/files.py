"""Reading a CSV file: UTF-8 with or without a mark, comma-separated, one header line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from meibo.errors import OperatorError

LARGEST_BYTES = 2 * 1024**3
LARGEST_FIELD = 100_000


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headers and rows, each with its line."""

    headers: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def read_table(path: Path) -> Table:
    """The whole file; raises OperatorError, naming the line, for one that is no CSV in UTF-8."""
    if not path.is_file():
        raise OperatorError(f"There is no file {path.name}.")
    if path.stat().st_size > LARGEST_BYTES:
        raise OperatorError(f"{path.name} is larger than {LARGEST_BYTES} bytes: split it.")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise OperatorError(f"{path.name}, line {line}: not UTF-8. Save the file as CSV UTF-8.") from None
    lines = _lines(path.name, text)
    headers = next(lines, (1, []))[1]
    if not headers:
        raise OperatorError(f"{path.name} is empty: its first line names the columns.")
    return Table(headers, list(lines))


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which a row ends, its fields). Line ends within a field become line feeds."""
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for fields in reader:
            if fields:
                yield reader.line_num, [f.replace("\r\n", "\n").replace("\r", "\n") for f in fields]
    except csv.Error:
        raise OperatorError(
            f"{name}, line {reader.line_num}: not a row of CSV. Look at its quotes."
        ) from None
