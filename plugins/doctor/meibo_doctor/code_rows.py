"""Rows for the code tables of a new installation."""

from collections.abc import Iterable, Mapping

CodeRows = Mapping[str, Iterable[Mapping[str, object]]]


def code_rows() -> CodeRows:
    """Table key -> rows by item identifier, as the API or a file hands them in."""
    return {}
