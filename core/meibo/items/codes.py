"""Code lists: those that a plugin closes in its declaration, and those that the office keeps as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list: code -> (Japanese, English). Where `table` names a code table, its rows are the list."""

    name: str
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    table: str = ""
    open: bool = False
    """Whether codes outside `values` are taken too: for lists whose official values are not published."""

    def label(self, code: str, language: str) -> str | None:
        """The label in `ja` or `en`; None where the list does not know the code."""
        found = self.values.get(code)
        return None if found is None else found[0 if language == "ja" else 1]
