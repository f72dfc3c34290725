"""Files of other systems: encodings, delimiters, quotes, ways to write days, and sheets."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from meibo.errors import OperatorError
from meibo.importing.files import Dialect, count_lines, read_table
from meibo.importing.styles import DateStyle, iso_day


@pytest.mark.parametrize(
    ("raw", "dialect"),
    [
        ("姓,名\r\n髙橋,花子\r\n".encode("cp932"), Dialect(encoding="cp932")),
        ("姓\t名\n髙橋\t花子\n".encode(), Dialect(delimiter="\t")),
        ("姓;名\n'髙橋';花子\n".encode(), Dialect(delimiter=";", quote="'")),
        ("\ufeff姓,名\n髙橋,花子\n".encode(), Dialect()),
        ("姓,名\n髙橋,花子\n".encode("utf-16"), Dialect(encoding="utf-16")),
    ],
)
def test_dialects(tmp_path: Path, raw: bytes, dialect: Dialect) -> None:
    tmp_path.joinpath("in.csv").write_bytes(raw)
    table = read_table(tmp_path / "in.csv", dialect)
    assert (table.headers, list(table.rows)) == (["姓", "名"], [(2, ["髙橋", "花子"])])


def test_a_row_of_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("姓\n見本\n".encode("cp932") * 5_000 + "髙\n".encode())
    rows = iter(read_table(path, Dialect(encoding="cp932")).rows)
    with pytest.raises(OperatorError) as refused:
        list(rows)
    assert refused.value.en == "in.csv, line 10001: not CP932. Save the file as CSV UTF-8."


def test_a_delimiter_is_one_character(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("a,b\n", "utf-8")
    with pytest.raises(OperatorError) as refused:
        read_table(path, Dialect(delimiter=",,"))
    assert refused.value.en == "A delimiter, and a quote, is one character, and not the same."


@pytest.mark.parametrize(
    ("style", "text", "day"),
    [
        (DateStyle.ISO, "2024-04-10", "2024-04-10"),
        (DateStyle.SLASH, "2024/4/1", "2024-04-01"),
        (DateStyle.SLASH, "2024年4月10日", "2024-04-10"),
        (DateStyle.SLASH, "2024.04.10", "2024-04-10"),
        (DateStyle.COMPACT, "20240410", "2024-04-10"),
        (DateStyle.ERA, "R6.4.10", "2024-04-10"),
        (DateStyle.ERA, "s64.1.7", "1989-01-07"),
        (DateStyle.ERA, "令和元年5月1日", "2019-05-01"),
        (DateStyle.ERA, "平成1-1-8", "1989-01-08"),
    ],
)
def test_days_as_vendors_write_them(style: DateStyle, text: str, day: str) -> None:
    assert iso_day(style, text) == day


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (DateStyle.SLASH, "2024/2/30"),
        (DateStyle.SLASH, "4/1/2024"),
        (DateStyle.COMPACT, "2024-04-10"),
        (DateStyle.COMPACT, "20241301"),
        (DateStyle.ERA, "R1.4.30"),
        (DateStyle.ERA, "X6.4.10"),
        (DateStyle.ERA, ""),
    ],
)
def test_what_is_no_such_day_is_left_for_the_item_to_refuse(style: DateStyle, text: str) -> None:
    assert iso_day(style, text) == text


def sheet(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_a_sheet_is_read_as_the_same_csv_would_be(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "in.xlsx",
        ["姓", "番号", "生年月日", "届出", "備考", None],
        ["髙橋", 900001, datetime(1990, 1, 15), True, None],
        [None, None, None, None, None],
        ["見本", 2.5, date(1990, 1, 16), False, "一\n二", "七"],
    )
    table = read_table(path)
    assert table.headers == ["姓", "番号", "生年月日", "届出", "備考"]
    assert list(table.rows) == [
        (2, ["髙橋", "900001", "1990-01-15", "1", ""]),
        (4, ["見本", "2.5", "1990-01-16", "0", "一\n二", "七"]),
    ]
    assert count_lines(path) == 0


@pytest.mark.parametrize("kind", ["text", "zip"])
def test_what_is_no_sheet(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "in.xlsx"
    if kind == "text":
        path.write_text("姓,名\n", "utf-8")
    else:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("x", "y")
    with pytest.raises(OperatorError) as refused:
        read_table(path)
    assert refused.value.en == "in.xlsx is no Excel file that can be read: save it as CSV UTF-8."
