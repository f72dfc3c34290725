"""Reading the first sheet of an Excel file row by row; needs the extra `excel`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from meibo.errors import OperatorError


def sheet_lines(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """(row of the sheet, its cells as text) of each row that is not empty; raises OperatorError for no Excel file.

    All rows are as wide as the first: what Excel leaves out at a row's end is empty.
    """
    try:
        load_workbook = import_module("openpyxl").load_workbook
    except ImportError:
        raise OperatorError(
            f"{path.name} is an Excel file: install the extra (pip install 'meibo[excel]'), or save it as CSV UTF-8."
        ) from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception:  # A broken archive fails in as many ways as its parts have parsers.
        raise OperatorError(f"{path.name} is no Excel file that can be read: save it as CSV UTF-8.") from None
    try:
        width = 0
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            texts = [_text(cell) for cell in cells]
            used = max((place for place, text in enumerate(texts, 1) if text), default=0)
            width = width or used
            if used:
                yield line, (texts + [""] * width)[: max(used, width)]
    finally:
        book.close()


def _text(cell: object) -> str:
    """A cell as a CSV file would hold it: days in ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second or cell.microsecond):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
