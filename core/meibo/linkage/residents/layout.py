"""The layout of exchange files as data: which items in which order, in what form, in which encoding.

The official layout is not published. What stands in `layout.tsv` beside this module has the 43 items of the reply
group in their official order; an administrator who has the official one replaces it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from meibo.errors import SettingsError

REQUEST_ITEMS = 17
"""The items that an inquiry has; a reply repeats them before its own."""
HEADING = ("item", "form", "most")


class Part(StrEnum):
    """Which way a file goes: an inquiry has the first 17 items, a reply all."""

    INQUIRY = "inquiry"
    REPLY = "reply"


class Form(StrEnum):
    """How a value is written in a file: dates as YYYYMMDD, 00 where month or day is not known; flags as 1 and 0."""

    CODE = "code"
    DATE = "date"
    DIGITS = "digits"
    FLAG = "flag"
    TEXT = "text"


FORMS: Mapping[Form, re.Pattern[str]] = {
    Form.CODE: re.compile("[0-9A-Za-z]+"),
    Form.DATE: re.compile("[0-9]{4}(?:0000|(?:0[1-9]|1[0-2])(?:0[0-9]|[12][0-9]|3[01]))"),
    Form.DIGITS: re.compile("[0-9]+"),
    Form.FLAG: re.compile("[01]"),
    Form.TEXT: re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One item of a line, and the characters that it may have at most."""

    item: str
    form: Form
    most: int

    def takes(self, text: str) -> bool:
        """Whether a text of a file is a value of this field; an empty one is none, which every field takes."""
        return not text or (len(text) <= self.most and FORMS[self.form].fullmatch(text) is not None)


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of a reply in their order, the first 17 of which make an inquiry, and the files' encoding."""

    name: str
    fields: tuple[Field, ...]
    encoding: str = "utf-8"

    def of(self, part: Part) -> tuple[Field, ...]:
        """The fields of a line."""
        return self.fields[:REQUEST_ITEMS] if part is Part.INQUIRY else self.fields


def read_layout(name: str, text: str, encoding: str = "utf-8") -> Layout:
    """A layout from its table, `item`, `form` and `most` apart by tabs; raises SettingsError for any other text."""
    try:
        codecs.lookup(encoding)
        head, *lines = (tuple(line.split("\t")) for line in text.splitlines() if line)
        fields = tuple(Field(item, Form(form), int(most)) for item, form, most in lines)
    except (ValueError, LookupError):
        raise _wrong() from None
    if head != HEADING or len(fields) <= REQUEST_ITEMS or len({each.item for each in fields}) != len(fields):
        raise _wrong()
    return Layout(name, fields, encoding)


def own_layout(encoding: str = "utf-8") -> Layout:
    """The layout that comes with meibo."""
    return read_layout("meibo-1", files(__package__).joinpath("layout.tsv").read_text("utf-8"), encoding)


def _wrong() -> SettingsError:
    return SettingsError(
        "The layout of resident-record files is no table of items, forms and lengths: mend it."
    )
