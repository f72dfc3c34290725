"""Exchange files: what is written is read back, and each defect is refused for its own reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meibo.errors import InvalidValue, MessageRefused, SettingsError
from meibo.host import Host
from meibo.linkage.residents import codec
from meibo.linkage.residents.codec import FileReason, Glyph, Record, read, write
from meibo.linkage.residents.layout import REQUEST_ITEMS, Field, Form, Part, own_layout, read_layout

LAYOUT = own_layout()
FILE, OTHER = (UUID(f"00000000-0000-4000-8000-00000000000{n}") for n in "12")
ASKED = Record({"request_record_number": "1", "subject_full_name_kanji": "見本　太郎"})
FOUND = Record(
    {
        "request_record_number": "1",
        "include_removed_residents": "1",
        "subject_birth_date": "1950-XX-XX",
        "full_name_kanji": '髙﨑"神"',
        "movement_date": "2026-11-25",
        "result_record_count": "1",
    }
)
FILLED = {
    Form.CODE: "01",
    Form.DATE: "2026-11-26",
    Form.DIGITS: "12",
    Form.FLAG: "0",
    Form.TEXT: "漢字",
}


def test_the_layout_has_the_items_of_the_reply_group_in_their_order(host: Host) -> None:
    assert [each.item for each in LAYOUT.fields] == list(host["doctor"].groups["resident_record"].items)
    assert len(LAYOUT.of(Part.REPLY)) == 43
    assert LAYOUT.of(Part.INQUIRY)[-1].item == "request_reserved"
    assert len(LAYOUT.of(Part.INQUIRY)) == REQUEST_ITEMS


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("", "utf-8"),
        ("item\tform\tmost\n", "utf-8"),
        ("item\tform\tmost\n" + "a\ttext\t1\n" * 20, "utf-8"),
        ("item\tform\tmost\n" + "".join(f"a{n}\tnumber\t1\n" for n in range(20)), "utf-8"),
        ("".join(f"a{n}\ttext\t1\n" for n in range(20)), "utf-8"),
        ("item\tform\tmost\n" + "".join(f"a{n}\ttext\t1\n" for n in range(20)), "no-encoding"),
    ],
)
def test_what_is_no_layout_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(SettingsError):
        read_layout("x", text, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_every_item_is_written_and_read_back(encoding: str) -> None:
    layout = own_layout(encoding)
    record = Record({each.item: FILLED[each.form] for each in layout.fields})
    records = [record, Record({}), record]
    assert read(layout, Part.REPLY, FILE, write(layout, Part.REPLY, FILE, records)) == records


def test_a_file_is_what_its_page_says() -> None:
    assert write(LAYOUT, Part.INQUIRY, FILE, [ASKED]).decode().split("\r\n") == [
        f'"1","meibo-1","inquiry","{FILE}","1"',
        '"2","1",' + ",".join(['""'] * 8) + ',"見本　太郎",' + ",".join(['""'] * 7),
        '"9","1","0"',
        "",
    ]


def test_a_character_that_the_encoding_lacks_goes_beside() -> None:
    layout = own_layout("cp932")
    asked = Record({"subject_full_name_kanji": "𠮷田神"})
    [came] = read(layout, Part.INQUIRY, FILE, write(layout, Part.INQUIRY, FILE, [asked]))
    assert came.values == {"subject_full_name_kanji": "〓田神"}
    assert came.glyphs == (Glyph("subject_full_name_kanji", 0, "U+20BB7"),)


def test_glyphs_are_read_back() -> None:
    gaiji = (Glyph("full_name_kanji", 1, "MJ012345"), Glyph("address", 0, "MJ000001"))
    record = Record({"full_name_kanji": "見〓", "address": "〓町"}, gaiji)
    assert read(LAYOUT, Part.REPLY, FILE, write(LAYOUT, Part.REPLY, FILE, [record, ASKED])) == [record, ASKED]


def test_a_printed_record_shows_nothing() -> None:
    assert repr(ASKED) == "Record()"


@pytest.mark.parametrize(
    "values",
    [
        {"subject_full_name_kanji": "見本\r\n"},
        {"subject_full_name_kanji": "見" * 101},
        {"subject_birth_date": "昭和25年"},
        {"subject_individual_number": "123x"},
        {"include_removed_residents": "yes"},
    ],
)
def test_a_value_that_does_not_fit_is_not_written(values: dict[str, str]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        write(LAYOUT, Part.INQUIRY, FILE, [Record(values)])
    assert refusal.value.rule == "residents.value"
    assert not any(text in str(refusal.value) for text in values.values())


def swapped(raw: bytes) -> bytes:
    head, first, *rest = raw.split(b"\r\n")
    return b"\r\n".join([first, head, *rest])


DEFECTS: dict[str, tuple[Callable[[bytes], bytes], FileReason]] = {
    "empty": (lambda raw: b"", FileReason.TRUNCATED),
    "cut in a line": (lambda raw: raw[:-20], FileReason.TRUNCATED),
    "without its end": (lambda raw: raw.rpartition(b'"9"')[0], FileReason.TRUNCATED),
    "without a record": (
        lambda raw: b"\r\n".join([*raw.split(b"\r\n")[:1], *raw.split(b"\r\n")[2:]]),
        FileReason.TRUNCATED,
    ),
    "with a record twice": (
        lambda raw: b"\r\n".join([*raw.split(b"\r\n")[:2], *raw.split(b"\r\n")[1:]]),
        FileReason.TRUNCATED,
    ),
    "counts too many": (lambda raw: raw.replace(b'"9","1"', b'"9","2"'), FileReason.TRUNCATED),
    "more after its end": (lambda raw: raw + b'"2"\r\n', FileReason.TRUNCATED),
    "Shift JIS": (lambda raw: raw.decode().encode("cp932"), FileReason.WRONG_ENCODING),
    "half a character": (
        lambda raw: raw.replace("﨑".encode(), "﨑".encode()[:2]),
        FileReason.WRONG_ENCODING,
    ),
    "a null": (lambda raw: raw.replace("﨑".encode(), b"\0"), FileReason.MALFORMED),
    "an escape": (lambda raw: raw.replace("﨑".encode(), b"\x1b[2J"), FileReason.MALFORMED),
    "a line separator": (lambda raw: raw.replace("﨑".encode(), "\u2028".encode()), FileReason.MALFORMED),
    "a bare line feed": (lambda raw: raw.replace("﨑".encode(), b"\n"), FileReason.MALFORMED),
    "a quote left open": (lambda raw: raw.replace(b'"2","1"', b'"2","1'), FileReason.MALFORMED),
    "words in a number": (lambda raw: raw.replace(b'"2","1"', b'"2","one"'), FileReason.MALFORMED),
    "full-width digits": (lambda raw: raw.replace(b'"2","1"', '"2","１"'.encode()), FileReason.MALFORMED),
    "an impossible month": (lambda raw: raw.replace(b"20261125", b"20261325"), FileReason.MALFORMED),
    "a field too many": (lambda raw: raw.replace(b'"2","1"', b'"2","1",""'), FileReason.MALFORMED),
    "another kind of line": (lambda raw: raw.replace(b'"2","1"', b'"4","1"'), FileReason.TRUNCATED),
    "an empty line": (lambda raw: raw.replace(b"\r\n", b"\r\n\r\n", 1), FileReason.MALFORMED),
    "the head second": (swapped, FileReason.MALFORMED),
    "a byte order mark": (lambda raw: b"\xef\xbb\xbf" + raw, FileReason.MALFORMED),
    "an inquiry": (lambda raw: raw.replace(b'"reply"', b'"inquiry"'), FileReason.MALFORMED),
    "another layout": (lambda raw: raw.replace(b"meibo-1", b"meibo-2"), FileReason.MALFORMED),
    "another file": (
        lambda raw: raw.replace(str(FILE).encode(), str(OTHER).encode()),
        FileReason.MISADDRESSED,
    ),
    "oversized": (lambda raw: raw + b" " * codec.MOST_BYTES, FileReason.OVERSIZED),
}


@pytest.mark.parametrize(("spoil", "reason"), DEFECTS.values(), ids=DEFECTS)
def test_each_defect_is_refused_for_its_reason(spoil: Callable[[bytes], bytes], reason: FileReason) -> None:
    raw = write(LAYOUT, Part.REPLY, FILE, [FOUND])
    assert read(LAYOUT, Part.REPLY, FILE, raw) == [FOUND]
    with pytest.raises(MessageRefused) as refusal:
        read(LAYOUT, Part.REPLY, FILE, spoil(raw))
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "glyph",
    [
        Glyph("full_name_kanji", 0, "MJ000001"),
        Glyph("full_name_kanji", 9, "MJ000001"),
        Glyph("no_such_item", 1, "MJ000001"),
        Glyph("full_name_kanji", 1, "../../etc"),
    ],
)
def test_a_glyph_that_stands_nowhere_is_refused(glyph: Glyph) -> None:
    record = Record({"full_name_kanji": "見〓"}, (glyph,))
    with pytest.raises(MessageRefused) as refusal:
        read(LAYOUT, Part.REPLY, FILE, write(LAYOUT, Part.REPLY, FILE, [record]))
    assert refusal.value.reason == FileReason.MALFORMED


def texts(field: Field) -> st.SearchStrategy[str]:
    if field.form is not Form.TEXT:
        return st.sampled_from(["", FILLED[field.form]])
    return st.text(max_size=min(field.most, 8)).filter(field.takes)


@settings(max_examples=40)
@given(
    st.lists(st.fixed_dictionaries({each.item: texts(each) for each in LAYOUT.of(Part.INQUIRY)}), max_size=4),
    st.sampled_from(["utf-8", "utf-16", "cp932"]),
)
def test_any_text_comes_back_or_is_a_glyph(lines: list[dict[str, str]], encoding: str) -> None:
    layout = replace(LAYOUT, encoding=encoding)
    came = read(layout, Part.INQUIRY, FILE, write(layout, Part.INQUIRY, FILE, map(Record, lines)))
    assert [_whole(record) for record in came] == [{n: t for n, t in line.items() if t} for line in lines]


def _whole(record: Record) -> dict[str, str]:
    """The values with each glyph in its place."""
    values = {item: list(text) for item, text in record.values.items()}
    for glyph in record.glyphs:
        values[glyph.item][glyph.position] = chr(int(glyph.name[2:], 16))
    return {item: "".join(text) for item, text in values.items()}


@given(st.binary(max_size=300))
def test_noise_is_refused(raw: bytes) -> None:
    with pytest.raises(MessageRefused):
        read(LAYOUT, Part.REPLY, FILE, raw)
