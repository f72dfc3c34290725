"""What an item can be. A kind reads values that come in, stores them, and brings them back.

`parse` takes what the API or a file hands in (text, number, boolean, list) and raises InvalidValue for anything
else; `dump` and `load` carry a value into a sealed blob (JSON) and back; `column` is its type where it is clear.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from meibo.errors import InvalidValue
from meibo.values import names

if TYPE_CHECKING:
    from meibo.items.declaration import Item

DEFAULT_LENGTH = 200


class Storage(StrEnum):
    """Where a value lies: clear is the exception that a declaration justifies; numbers lie in the vault alone."""

    CLEAR = "clear"
    SEALED = "sealed"
    VAULT = "vault"
    DERIVED = "derived"


class Kind:
    """Text, and what all kinds share."""

    name = "text"
    type: Any = str
    columnar = True
    """Whether a column can hold a value, so that an item may be clear."""
    verbatim = False
    """Whether a value says more than its column: the whole then lies in the sealed blob too."""
    most: int | None = DEFAULT_LENGTH
    """Characters of a value whose item sets no limit of its own; None where the form of a value bounds it."""

    def longest(self, item: Item) -> int | None:
        """Characters (of an integer: digits) that a value of the item may have; None where its form bounds it."""
        return self.most and (item.max_length or self.most)

    def parse(self, raw: object, item: Item) -> Any:
        """The value; raises InvalidValue, which never repeats it."""
        text = as_text(raw)
        names.validate_text(text, item.max_length or DEFAULT_LENGTH, multiline=item.multiline)
        return text

    def dump(self, value: Any) -> Any:
        """A JSON value."""
        return value

    def load(self, stored: Any) -> Any:
        """The value from its JSON."""
        return stored

    def column(self, item: Item) -> TypeEngine[Any]:
        """The column's type where the item is clear."""
        return String(item.max_length or DEFAULT_LENGTH)

    def in_column(self, value: Any) -> Any:
        """What the column holds of a value, or of none."""
        return value


def as_text(raw: object) -> str:
    """`raw` if it is text; raises InvalidValue."""
    if not isinstance(raw, str):
        raise InvalidValue("text.form", "文字列で入力してください。", "Give text.")
    return raw


def too_long(most: int) -> InvalidValue:
    """The refusal of a value that is longer than its item allows."""
    return InvalidValue(
        "text.too_long", f"{most}文字以内で入力してください。", f"Give at most {most} characters."
    )
