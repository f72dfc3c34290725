"""Exchange files as bytes, and back. Pure: nothing is looked up, opened or stored here.

    "1",layout,part,file,records        the head; `file` is the id under which the two sides speak of it
    "2",item,item,…                     a record, in the order of the layout
    "3",item,position,glyph             a character of the record above that the encoding lacks (外字)
    "9",records,glyphs                  the end

Lines end with CR LF, fields stand in quotes. A file is read whole or refused with one reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from meibo.errors import InvalidValue, MessageRefused
from meibo.linkage.residents.layout import FORMS, Field, Form, Layout, Part

MOST_BYTES = 8_388_608
"""Of a file as it is written; 1,000 records with every field filled are half of it."""
GETA = "〓"
"""Stands in a text where the encoding lacks the character."""
GLYPH = re.compile("MJ[0-9]{6}|U[+][0-9A-F]{4,6}")
"""A character of 文字情報基盤 by its name, or of Unicode by its number."""
END = "\r\n"


class FileReason(StrEnum):
    """Why a file was refused: a closed set, and a metric."""

    OVERSIZED = "OVERSIZED"
    UNREADABLE = "UNREADABLE"
    WRONG_ENCODING = "WRONG_ENCODING"
    TRUNCATED = "TRUNCATED"
    MALFORMED = "MALFORMED"
    MISADDRESSED = "MISADDRESSED"
    REORDERED = "REORDERED"
    DUPLICATE = "DUPLICATE"
    UNKNOWN_REQUEST = "UNKNOWN_REQUEST"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character that the text of an item could not hold, at a position from 0."""

    item: str
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """The values of a line by item, dates as EDTF, and the characters that they lack. It never prints them."""

    values: Mapping[str, str] = field(repr=False)
    glyphs: tuple[Glyph, ...] = field(default=(), repr=False)


def write(layout: Layout, part: Part, file: UUID, records: Iterable[Record]) -> bytes:
    """A file; raises InvalidValue, which repeats nothing, for a value that its field does not take."""
    lines: list[Sequence[object]] = []
    count = glyphs = 0
    for record in records:
        fields, own = _line(layout, part, record)
        lines += [("2", *fields), *(("3", g.item, g.position, g.name) for g in own)]
        count, glyphs = count + 1, glyphs + len(own)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=END)
    writer.writerows([("1", layout.name, part, file, count), *lines, ("9", count, glyphs)])
    return text.getvalue().encode(layout.encoding)


def read(layout: Layout, part: Part, file: UUID, raw: bytes) -> list[Record]:
    """The records of the file; raises MessageRefused with the first reason that applies."""
    head, *body, tail = _rows(_text(layout, raw))
    if len(head) != 5 or head[:3] != ["1", layout.name, part]:
        raise refused(FileReason.MALFORMED)
    if head[3] != str(file):
        raise refused(FileReason.MISADDRESSED)
    counted = [str(sum(row[0] == kind for row in body)) for kind in ("2", "3")]
    if tail != ["9", *counted] or head[4] != counted[0]:
        raise refused(FileReason.TRUNCATED)
    return list(_records(layout.of(part), body))


def refused(reason: FileReason) -> MessageRefused:
    """The refusal of a file."""
    return MessageRefused(reason)


def _line(layout: Layout, part: Part, record: Record) -> tuple[list[str], list[Glyph]]:
    """The fields of a record, and the glyphs that its texts lack in the file's encoding beside those they lacked."""
    texts = [_to_wire(each, record.values.get(each.item, "")) for each in layout.of(part)]
    if not all(map(Field.takes, layout.of(part), texts)):
        raise InvalidValue(
            "residents.value",
            "照会ファイルに書けない値があります。",
            "A value does not fit its field of the resident-record file.",
        )
    if _encodes(layout.encoding, "".join(texts)):
        return texts, [*record.glyphs]
    return _without_missing(layout, part, texts, record.glyphs)


def _without_missing(
    layout: Layout, part: Part, texts: Sequence[str], known: Iterable[Glyph]
) -> tuple[list[str], list[Glyph]]:
    """The fields with a sign for each character that the encoding lacks, which is a glyph then."""
    fields, glyphs = [], [*known]
    for each, text in zip(layout.of(part), texts, strict=True):
        missing = _missing(layout.encoding, text)
        glyphs += (Glyph(each.item, i, f"U+{ord(text[i]):04X}") for i in missing)
        fields.append("".join(GETA if i in missing else c for i, c in enumerate(text)))
    return fields, glyphs


def _text(layout: Layout, raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise refused(FileReason.OVERSIZED)
    try:
        text = raw.decode(layout.encoding)
    except ValueError:
        raise refused(FileReason.WRONG_ENCODING) from None
    if not text.endswith(END):
        raise refused(FileReason.TRUNCATED)
    return text.removesuffix(END)


def _rows(text: str) -> list[list[str]]:
    """The lines as fields; no field goes over a line's end, and the file has a beginning and an end."""
    lines = text.split(END)
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        raise refused(FileReason.MALFORMED) from None
    if len(rows) != len(lines) or not all(rows):
        raise refused(FileReason.MALFORMED)
    if len(rows) < 2 or rows[-1][0] != "9":
        raise refused(FileReason.TRUNCATED)
    return rows


def _records(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> Iterator[Record]:
    """The records of the lines, each with the glyphs that follow it."""
    values: dict[str, str] | None = None
    glyphs: list[Glyph] = []
    for row in rows:
        if row[0] == "3" and values is not None:
            glyphs.append(_glyph(row, values))
            continue
        if values is not None:
            yield Record(values, tuple(glyphs))
        values, glyphs = _values(fields, row), []
    if values is not None:
        yield Record(values, tuple(glyphs))


def _values(fields: Sequence[Field], row: Sequence[str]) -> dict[str, str]:
    kind, *texts = row
    if (
        kind != "2"
        or len(texts) != len(fields)
        or not all(f.takes(t) for f, t in zip(fields, texts, strict=True))
    ):
        raise refused(FileReason.MALFORMED)
    return {f.item: _from_wire(f, t) for f, t in zip(fields, texts, strict=True) if t}


def _glyph(row: Sequence[str], values: Mapping[str, str]) -> Glyph:
    """The glyph of a line, which stands where its text has the sign for it."""
    if len(row) != 4 or not FORMS[Form.DIGITS].fullmatch(row[2]) or not GLYPH.fullmatch(row[3]):
        raise refused(FileReason.MALFORMED)
    glyph = Glyph(row[1], int(row[2][:6]), row[3])
    if values.get(glyph.item, "")[glyph.position : glyph.position + 1] != GETA:
        raise refused(FileReason.MALFORMED)
    return glyph


def _to_wire(field: Field, value: str) -> str:
    """An EDTF date as eight digits; other values stay as they are."""
    return (
        value.replace("-", "").replace("XX", "00").ljust(8, "0")
        if value and field.form is Form.DATE
        else value
    )


def _from_wire(field: Field, text: str) -> str:
    if field.form is not Form.DATE:
        return text
    year, month, day = (part.strip("0") and part for part in (text[:4], text[4:6], text[6:]))
    return "-".join((year or "XXXX", month or "XX", day or "XX"))


def _missing(encoding: str, text: str) -> list[int]:
    """The positions of characters that an encoding lacks."""
    return [i for i, c in enumerate(text) if not _encodes(encoding, c)]


def _encodes(encoding: str, text: str) -> bool:
    """Whether an encoding has a text as it is: Shift JIS also takes some characters for others like them."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeEncodeError:
        return False
