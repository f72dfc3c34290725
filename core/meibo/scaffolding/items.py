"""Reading a list of items: CSV in UTF-8 or CP932, or the first sheet of an Excel file."""

from __future__ import annotations

import csv
import io
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from meibo.errors import OperatorError
from meibo.items.kinds import KINDS
from meibo.scaffolding.dictionary import dictionary

COLUMNS = {
    "number": ("番号", "項番", "no", "no."),
    "group": ("グループ", "区分", "大項目", "情報区分"),
    "label": ("項目名", "項目", "名称", "ラベル"),
    "kind": ("型", "種別", "種類", "データ型"),
    "identifier": ("識別子",),
    "label_en": ("英語名", "項目名（英語）", "英名"),
    "max_length": ("桁数", "最大長", "文字数"),
    "personal": ("個人情報",),
    "code_list": ("コード表", "コード"),
    "repeats": ("繰返し", "繰り返し", "複数"),
    "group_en": ("グループ（英語）", "大項目（英語）"),
}
"""The columns, and the Japanese headings by which they go too. The first four are compulsory."""
COMPULSORY = ("number", "group", "label", "kind")
KIND_NAMES = {
    "文字": "text", "文字列": "text", "カナ": "kana", "フリガナ": "kana", "整数": "integer", "数値": "integer",
    "日付": "date", "年月日": "date", "年月": "year_month", "日時": "datetime", "元号": "era", "コード": "code",
    "フラグ": "flag", "有無": "flag", "電話番号": "phone", "メールアドレス": "email", "郵便番号": "postal_code",
    "個人番号": "individual_number", "機関別符号": "institution_code",
}  # fmt: skip
"""Japanese names of kinds."""
KNOWN_KINDS = frozenset(kind.name for kind in KINDS)
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
YES = frozenset({"1", "yes", "true", "○", "はい", "y"})
NO = frozenset({"", "0", "no", "false", "×", "いいえ", "n", "-"})
LARGEST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list, and the line of the file on which it stands."""

    line: int
    number: int
    group: str
    label: str
    kind: str
    identifier: str
    label_en: str
    max_length: int | None
    personal: bool
    code_list: str
    repeats: bool
    group_en: str


def read_items(path: Path) -> list[Line]:
    """The items of a file, in order. Raises OperatorError naming line and column, and how to mend it."""
    rows = list(_rows(path))
    if not rows:
        raise OperatorError(f"{path.name} is empty: its first line names the columns.")
    columns = _columns(path.name, rows[0][1])
    lines = [_line(path.name, line, dict(zip(columns, fields, strict=False))) for line, fields in rows[1:]]
    if not lines:
        raise OperatorError(f"{path.name} lists no items: write one on each line below the headings.")
    _check_numbers(path.name, lines)
    return _named(path.name, lines)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    if not path.is_file():
        raise OperatorError(f"There is no file {path}.")
    if path.stat().st_size > LARGEST_BYTES:
        raise OperatorError(f"{path.name} is larger than {LARGEST_BYTES} bytes: is it a list of items?")
    rows = _sheet(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    for line, fields in rows:
        if any(fields):
            yield line, fields


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
    else:
        raise OperatorError(f"{path.name}, line {line}: neither UTF-8 nor CP932. Save the file as CSV UTF-8.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for fields in reader:
            yield reader.line_num, [field.strip() for field in fields]
    except csv.Error:
        raise OperatorError(
            f"{path.name}, line {reader.line_num}: not a row of CSV. Look at its quotes."
        ) from None


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        load_workbook = import_module("openpyxl").load_workbook
    except ImportError:
        raise OperatorError(
            f"{path.name} is an Excel file: install the extra (pip install 'meibo[excel]'), or save it as CSV UTF-8."
        ) from None
    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            rows = [
                [_cell(cell) for cell in cells] for cells in book.worksheets[0].iter_rows(values_only=True)
            ]
    except Exception as error:  # A broken file makes the library raise whatever it stumbles over.
        raise OperatorError(
            f"{path.name} is no Excel file that can be read: save it as CSV UTF-8."
        ) from error
    for line, row in enumerate(rows, 1):
        while row and not row[-1]:  # Columns that are formatted beyond the headings hold nothing.
            row.pop()
        yield line, row


def _cell(value: object) -> str:
    """A cell as a CSV file would have it: Excel keeps whole numbers as it likes, and yes as true."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _columns(name: str, headings: Sequence[str]) -> list[str]:
    known = {alias: column for column, aliases in COLUMNS.items() for alias in (column, *aliases)}
    columns = [known.get(heading.strip().lower(), "") for heading in headings]
    for place, (column, heading) in enumerate(zip(columns, headings, strict=True), 1):
        if not column:
            raise OperatorError(
                f"{name}, line 1, column {place}: {heading!r} is no heading. Use {', '.join(COLUMNS)}."
            )
        if column in columns[: place - 1]:
            raise OperatorError(f"{name}, line 1, column {place}: {heading!r} is there twice. Keep one.")
    missing = [column for column in COMPULSORY if column not in columns]
    if missing:
        raise OperatorError(
            f"{name}, line 1: there is no column {missing[0]!r} ({COLUMNS[missing[0]][0]}). Add it."
        )
    return columns


def _line(name: str, line: int, fields: Mapping[str, str]) -> Line:
    def wrong(column: str, mend: str) -> OperatorError:
        return OperatorError(f"{name}, line {line}, column {column!r}: {mend}")

    def whole(column: str) -> int | None:
        text = fields.get(column, "")
        if text and not text.isdecimal():
            raise wrong(column, "write a whole number.")
        return int(text) if text else None

    def flag(column: str) -> bool:
        text = fields.get(column, "").lower()
        if text not in YES | NO:
            raise wrong(column, "write 1 or 0.")
        return text in YES

    number = whole("number")
    if number is None:
        raise wrong("number", "every item has a number.")
    if not fields.get("label"):
        raise wrong("label", "every item has a label.")
    kind = KIND_NAMES.get(fields.get("kind", ""), fields.get("kind", ""))
    if kind not in KNOWN_KINDS:
        raise wrong("kind", f"{kind!r} is no kind. Use one of {', '.join(sorted(KNOWN_KINDS))}.")
    identifier = fields.get("identifier", "")
    if identifier and (not IDENTIFIER.match(identifier) or keyword.iskeyword(identifier)):
        raise wrong("identifier", f"{identifier!r} is no identifier. Write it in lower_snake_case.")
    return Line(
        line, number, fields.get("group", ""), fields["label"], kind, identifier, fields.get("label_en", ""),
        whole("max_length"), flag("personal"), fields.get("code_list", ""), flag("repeats"),
        fields.get("group_en", ""),
    )  # fmt: skip


def _check_numbers(name: str, lines: Sequence[Line]) -> None:
    """Numbers go up by one, from 1 or from 3: core gives items 1 and 2 of every list itself."""
    for before, line in zip((None, *lines), lines, strict=False):
        expected = line.number if before is None and line.number in (1, 3) else before and before.number + 1
        if line.number != expected:
            wanted = expected or "1 (or 3, since core gives items 1 and 2)"
            raise OperatorError(
                f"{name}, line {line.line}, column 'number': {line.number} stands where {wanted} is due: mend it."
            )


def _named(name: str, lines: Sequence[Line]) -> list[Line]:
    """The lines with identifiers and English labels proposed where they are left out, else TODO."""

    named: list[Line] = []
    taken: dict[tuple[str, str], int] = {}
    for line in lines:
        proposal = dictionary().get(line.label)
        proposed = proposal.identifier if proposal else ""
        if not line.identifier and (line.group, proposed) in taken:
            proposed = ""
        identifier = line.identifier or proposed or f"TODO_{line.number}"
        english = line.label_en or (proposal.en if proposal else f"TODO {line.number}")
        if (line.group, identifier) in taken:
            raise OperatorError(
                f"{name}, line {line.line}, column 'identifier': {identifier!r} stands on line"
                f" {taken[line.group, identifier]} of this group too. Choose another."
            )
        taken[line.group, identifier] = line.line
        named.append(replace(line, identifier=identifier, label_en=english))
    return named
