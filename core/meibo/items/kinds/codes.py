"""Office codes, one or many."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NewType

from meibo.errors import InvalidValue
from meibo.items.kinds.base import Kind, as_text, too_long

if TYPE_CHECKING:
    from meibo.items.declaration import Item

Code = NewType("Code", str)
"""An office code; its label is data."""

CODE = re.compile(r"[0-9A-Za-z._-]{1,32}\Z")
CODE_LENGTH = 32


class CodeKind(Kind):
    """An office code: a string in, `Code` out."""

    name = "code"
    type: Any = Code
    most = CODE_LENGTH

    def parse(self, raw: object, item: Item) -> Code:
        text = as_text(raw)
        if not CODE.match(text) or len(text) > (item.max_length or CODE_LENGTH):
            raise InvalidValue(
                "code.form",
                "コードの形式が正しくありません。",
                "Give a code of letters and digits from its list.",
            )
        return Code(text)


class CodesKind(CodeKind):
    """A list of codes, in the order given, without repeats; in a file parted by `;`."""

    name, type = "codes", tuple[Code, ...]
    columnar = False

    def longest(self, item: Item) -> int:
        """Characters of each code."""
        return CODE_LENGTH

    def parse(self, raw: object, item: Item) -> tuple[Code, ...]:  # type: ignore[override]
        parts = [p for p in raw.split(";") if p] if isinstance(raw, str) else raw
        if not isinstance(parts, list | tuple):
            raise InvalidValue("codes.form", "コードの一覧で入力してください。", "Give a list of codes.")
        if len(parts) > 100:
            raise too_long(100)
        single = replace(item, max_length=None)
        return tuple(dict.fromkeys(super(CodesKind, self).parse(part, single) for part in parts))

    def dump(self, value: tuple[Code, ...]) -> list[str]:
        return list(value)

    def load(self, stored: list[str]) -> tuple[Code, ...]:
        return tuple(Code(s) for s in stored)
