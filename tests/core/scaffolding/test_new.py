"""Lists of items: what is read, what is refused, and what is written from them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from meibo.cli import cli
from meibo.distributions import plugin_at
from meibo.errors import OperatorError
from meibo.host import load_host
from meibo.items.declaration import Cardinality
from meibo.scaffolding.groups import OwnGroup, SharedGroup, arrange
from meibo.scaffolding.items import read_items
from meibo.scaffolding.writing import Names, files, write
from tests.docs.pages import ROOT

LIST = ROOT / "docs/tutorial/add-a-licence/items.csv"
HEAD = "number,group,label,kind\n"
NAMES = Names("vet", "獣医師", "Veterinarian", "獣医師名簿", "Register", "獣医師法", "6条", "1949-10-01")


def listed(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "items.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings_and_japanese_headings(tmp_path: Path, encoding: str) -> None:
    path = listed(tmp_path, "番号,グループ,項目名,型,桁数\n3,名簿情報,登録番号,文字,12\n", encoding)
    [line] = read_items(path)
    assert (line.number, line.group, line.kind, line.max_length) == (3, "名簿情報", "text", 12)
    assert (line.identifier, line.label_en) == ("registration_number", "Registration number")


def as_excel(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """An Excel file whose first sheet has these rows, and a second one with something else."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    book.create_sheet("覚え書き").append(["この一覧は見本です。"])
    book.save(path)
    book.close()
    return path


def tutorial_rows() -> list[list[str]]:
    """The tutorial's list as rows of text."""
    return list(csv.reader(LIST.read_text("utf-8").splitlines()))


def test_three_formats_are_one_list(tmp_path: Path) -> None:
    expected = read_items(LIST)
    assert len(expected) == 40
    assert read_items(listed(tmp_path, LIST.read_text("utf-8"), "cp932")) == expected
    head, *body = tutorial_rows()
    typed = [[int(cell) if cell.isdecimal() else cell or None for cell in row] for row in body]
    assert read_items(as_excel(tmp_path / "items.xlsx", [head, *typed])) == expected


def test_cells_as_excel_keeps_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["番号", "グループ", "項目名", "型", "桁数", "個人情報", None, None],
        [3.0, "名簿", "　登録番号 ", "文字", 12.0, True, None, ""],
        [],
        [4, "名簿", "備考", "文字", None, False, None, " "],
    ]
    number, remarks = read_items(as_excel(tmp_path / "items.XLSX", rows))
    assert (number.line, number.number, number.label, number.max_length, number.personal) == (
        2, 3, "登録番号", 12, True,
    )  # fmt: skip
    assert (remarks.line, remarks.number, remarks.max_length, remarks.personal) == (4, 4, None, False)


def test_a_fault_in_excel_is_told_with_its_line(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD.strip().split(","), [3, "a", "b", "text"], [3.5, "a", "c", "text"]]
    with pytest.raises(OperatorError) as refused:
        read_items(as_excel(tmp_path / "items.xlsx", rows))
    assert refused.value.en == "items.xlsx, line 3, column 'number': write a whole number."


UNREADABLE = "items.xlsx is no Excel file that can be read: save it as CSV UTF-8."


def test_what_is_no_excel_file(tmp_path: Path) -> None:
    whole = as_excel(tmp_path / "whole.xlsx", tutorial_rows()).read_bytes()
    path = tmp_path / "items.xlsx"
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("readme.txt", "no workbook")
    for broken in (b"", HEAD.encode(), whole[: len(whole) // 2], (tmp_path / "other.zip").read_bytes()):
        path.write_bytes(broken)
        with pytest.raises(OperatorError) as refused:
            read_items(path)
        assert refused.value.en == UNREADABLE


def test_an_excel_file_without_the_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_excel(tmp_path / "items.xlsx", tutorial_rows())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(OperatorError) as refused:
        read_items(path)
    assert refused.value.en == (
        "items.xlsx is an Excel file: install the extra (pip install 'meibo[excel]'), or save it as CSV UTF-8."
    )


@pytest.mark.slow
def test_the_command_writes_the_same_distribution_from_each(tmp_path: Path) -> None:
    lists = {
        "utf-8": LIST,
        "cp932": listed(tmp_path, LIST.read_text("utf-8"), "cp932"),
        "excel": as_excel(tmp_path / "items.xlsx", tutorial_rows()),
    }
    written: dict[str, dict[str, bytes]] = {}
    for name, path in lists.items():
        root = tmp_path / name / "meibo-vet"
        given = ["--items", str(path), "--into", str(root), "--name-ja", "獣医師", "--law", "獣医師法"]
        done = CliRunner().invoke(cli, ["plugin", "new", "vet", *given, "--article", "6条"])
        assert (done.exit_code, done.output.splitlines()[0]) == (0, f"Wrote 40 items below {root}.")
        written[name] = {
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in root.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts and file.parent.name != "migrations"
        }
    assert written["utf-8"]["meibo_vet/items.py"]
    assert written["cp932"] == written["excel"] == written["utf-8"]


def test_what_no_list_knows_is_to_do(tmp_path: Path) -> None:
    [line] = read_items(listed(tmp_path, f"{HEAD}3,名簿,犬種の数,integer\n"))
    assert (line.identifier, line.label_en) == ("TODO_3", "TODO 3")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "items.csv is empty: its first line names the columns."),
        (HEAD, "items.csv lists no items: write one on each line below the headings."),
        ("number,group,label\n", "items.csv, line 1: there is no column 'kind' (型). Add it."),
        (f"{HEAD}3,a,b,rune\n", "items.csv, line 2, column 'kind': 'rune' is no kind. Use one of "),
        (
            f"{HEAD}3,a,b,text\n3,a,c,text\n",
            "items.csv, line 3, column 'number': 3 stands where 4 is due: mend it.",
        ),
        (
            f"{HEAD}3,a,b,text\n5,a,c,text\n",
            "items.csv, line 3, column 'number': 5 stands where 4 is due: mend it.",
        ),
        (f"{HEAD}2,a,b,text\n", "items.csv, line 2, column 'number': 2 stands where 1 (or 3, "),
        (f"{HEAD}3,a,,text\n", "items.csv, line 2, column 'label': every item has a label."),
        (f'{HEAD}3,a,"b,text\n', "items.csv, line 2: not a row of CSV. Look at its quotes."),
        (
            "number,group,label,kind,identifier\n3,a,b,text,class\n",
            "items.csv, line 2, column 'identifier': 'class' is no identifier. Write it in lower_snake_case.",
        ),
        (
            "number,group,label,kind,identifier\n3,a,b,text,x\n4,a,c,text,x\n",
            "items.csv, line 3, column 'identifier': 'x' stands on line 2 of this group too. Choose another.",
        ),
    ],
)
def test_a_bad_list_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(OperatorError) as refused:
        read_items(listed(tmp_path, text))
    assert refused.value.en.startswith(sentence)


def test_neither_encoding(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(HEAD.encode() + b"3,a,\x81 \xa0,text\n")
    with pytest.raises(
        OperatorError, match=r"^items\.csv, line 2: neither UTF-8 nor CP932\. Save the file as"
    ):
        read_items(path)


def test_shared_groups_are_recognised_and_repeats_are_lists() -> None:
    groups = arrange("veterinarian", LIST.name, read_items(LIST))
    shared = [group.group.__name__ for group in groups if isinstance(group, SharedGroup)]
    assert shared == ["FamilyRegister", "Numbers"]
    own = [(group.class_name, group.repeats) for group in groups if isinstance(group, OwnGroup)]
    assert own == [
        ("VeterinarianRegister", False),
        ("VeterinarianPracticeReport", False),
        ("VeterinarianCourse", True),
    ]


def test_a_number_outside_its_group_is_refused(tmp_path: Path) -> None:
    lines = read_items(listed(tmp_path, f"{HEAD}3,a,個人番号,individual_number\n"))
    with pytest.raises(OperatorError, match=r"^items\.csv, line 2, column 'kind': numbers stand in a group"):
        arrange("vet", "items.csv", lines)


def test_a_list_without_a_register_number_is_refused(tmp_path: Path) -> None:
    lines = read_items(listed(tmp_path, f"{HEAD}3,a,姓,text\n"))
    with pytest.raises(
        OperatorError, match=r"no group has both a registration_number and a registration_date"
    ):
        files(NAMES, arrange("vet", "items.csv", lines), "items.csv")


def test_what_is_written_is_the_list(tmp_path: Path) -> None:
    lines = read_items(LIST)
    made = files(NAMES, arrange("vet", LIST.name, lines), LIST.name)
    write(made, tmp_path / "vet")
    profession = load_host([plugin_at(tmp_path / "vet")], only=())["vet"]
    assert [(n.number, n.heading, n.item.label) for n in profession.numbered[2:]] == [
        (line.number, line.group, line.label) for line in lines
    ]
    assert [n.item.name for n in profession.numbered[2:]] == [line.identifier for line in lines]
    assert profession.groups["course"].cardinality is Cardinality.LIST
    with pytest.raises(OperatorError, match="exists already"):
        write(made, tmp_path / "vet")
