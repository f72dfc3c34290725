"""Reading a file row by row: CSV in any encoding and dialect that Python knows, or an Excel sheet, with a header line.

Nothing is read ahead: a table's rows come from the file each time that they are asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from meibo.errors import OperatorError
from meibo.importing.sheets import sheet_lines
from meibo.importing.styles import DateStyle

LARGEST_BYTES = 2 * 1024**3
LARGEST_FIELD = 100_000
SHEETS = (".xlsx", ".xlsm")
Line = tuple[int, Sequence[str]]
"""The line on which a row ends, and its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a file is written; a tab as delimiter is `\\t`."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    dates: DateStyle = DateStyle.ISO


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows below the header line, read anew by each who asks."""

    read: Callable[[], Iterator[Line]]

    def __iter__(self) -> Iterator[Line]:
        return islice(self.read(), 1, None)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headers and rows, each with its line."""

    headers: Sequence[str]
    rows: Iterable[Line]
    dates: DateStyle = DateStyle.ISO


def read_table(path: Path, dialect: Dialect | None = None) -> Table:
    """The table in a file; raises OperatorError for one that is none, here or, naming the line, where it is read on."""
    dialect = dialect or Dialect()
    if not path.is_file():
        raise OperatorError(f"There is no file {path.name}.")
    if path.stat().st_size > LARGEST_BYTES:
        raise OperatorError(f"{path.name} is larger than {LARGEST_BYTES} bytes: split it.")
    rows = Rows(lambda: sheet_lines(path) if path.suffix.lower() in SHEETS else _lines(path, dialect))
    headers = next(rows.read(), (1, []))[1]
    if not headers:
        raise OperatorError(f"{path.name} is empty: its first line names the columns.")
    return Table(headers, rows, dialect.dates)


def count_lines(path: Path) -> int:
    """About how many rows a CSV file has: its line feeds; 0 for a sheet, which does not tell."""
    if path.suffix.lower() in SHEETS:
        return 0
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _lines(path: Path, dialect: Dialect) -> Iterator[Line]:
    """Every row that is not empty. Line ends within a field become line feeds."""
    csv.field_size_limit(LARGEST_FIELD)
    encoding = "utf-8-sig" if dialect.encoding == "utf-8" else dialect.encoding
    with path.open(encoding=encoding, newline="") as file:
        reader = _reader(file, dialect)
        try:
            for fields in reader:
                if fields:
                    yield reader.line_num, _unix(fields)
        except csv.Error:
            raise OperatorError(
                f"{path.name}, line {reader.line_num}: not a row of CSV. Look at its quotes."
            ) from None
        except UnicodeError:
            raise OperatorError(_undecoded(path, dialect.encoding)) from None


def _reader(file: Iterable[str], dialect: Dialect) -> Any:
    try:
        return csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    except (TypeError, ValueError):
        raise OperatorError("A delimiter, and a quote, is one character, and not the same.") from None


def _unix(fields: list[str]) -> list[str]:
    if "\r" not in "".join(fields):
        return fields
    return [field.replace("\r\n", "\n").replace("\r", "\n") for field in fields]


def _undecoded(path: Path, encoding: str) -> str:
    """Which line is of another encoding. In none of those that a register gets does a line feed hide in a sign."""
    name = encoding.upper()
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return f"{path.name}, line {number}: not {name}. Save the file as CSV UTF-8."
    return f"{path.name}: not {name}. Save the file as CSV UTF-8."
