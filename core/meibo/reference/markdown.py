"""Markdown as the pages need it: one table, one mark that says where a page comes from."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence

MARK = "<!-- Made by `meibo docs`. Change the code, then run it again. -->"
"""The first line of every page that is made: what lacks it is written by hand and left alone."""


def page(title: str, *parts: str) -> str:
    """A page: mark, title, parts with an empty line between them."""
    return "\n\n".join([MARK, f"# {title}", *(part for part in parts if part)]) + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; "" where there are no rows."""
    lines = [_row(cells) for cells in rows]
    if not lines:
        return ""
    return "\n".join([_row(headers), "|" + "---|" * len(headers), *lines])


def code(text: object) -> str:
    """An identifier; "" stays ""."""
    return f"`{text}`" if text not in ("", None) else ""


def sentence(described: object) -> str:
    """The first paragraph of a docstring, on one line."""
    paragraph = (inspect.getdoc(described) or "").split("\n\n")[0]
    return " ".join(paragraph.split())


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Text that ends no cell and opens no HTML; within backticks `<` means itself."""
    text = text.replace("|", "\\|").replace("\n", " ")
    return text if "`" in text else text.replace("<", "&lt;")
