"""The import: every header it takes, and nothing left in register or vault where anything is wrong."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.access.tokens import command_principal
from meibo.audit.leaves import LeafKind, decode
from meibo.database.bulk import shape_of
from meibo.database.stores import Store
from meibo.errors import Forbidden, OperatorError, Refused
from meibo.host import load_host
from meibo.identity import NumberKind, VerifiedBy
from meibo.importing.files import Dialect, read_table
from meibo.importing.headers import Column, resolve
from meibo.importing.processes import at_once
from meibo.importing.service import Digest, Importer, ImportReport
from meibo.importing.staging import MOST_FILES, stage, staged_files, staging_folder
from meibo.importing.styles import DateStyle
from meibo.installation import Installation
from meibo.register import tables
from tests.core.register.doctors import SOUND, Doctors
from tests.doctors import doctor_rows
from tests.installed import principal

OPERATOR = command_principal("test", ["doctor"])
NUMBERS = ("123456789018", "111111111118", "123123123128")
DOCTOR = load_host()["doctor"]
Row = dict[str, str]


def row(number: str, individual: str = "", **changed: str) -> Row:
    return {**SOUND, "registration_number": number, "individual_number": individual, **changed}


def written(path: Path, rows: Sequence[Row], encoding: str = "utf-8", newline: str = "\n") -> Path:
    """A file of these rows."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(file.getvalue().encode(encoding))
    return path


Run = Callable[..., Any]


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    return Doctors(installation)


@pytest.fixture
def run(installation: Installation, tmp_path: Path) -> Run:
    """Import rows from a file."""

    async def importing(
        rows: Sequence[Row], caller: Principal = OPERATOR, basis: str = "register"
    ) -> ImportReport:
        table = read_table(written(tmp_path / "in.csv", rows))
        verified = VerifiedBy.RESIDENT_RECORD_NETWORK
        return await Importer(installation, caller, DOCTOR, basis, "101", verified).run(table)

    return importing


async def held(installation: Installation) -> dict[str, int]:
    """How many rows the register and the vault hold."""
    counts: dict[str, int] = {}
    for table in (
        tables.licence,
        tables.action,
        tables.licence_version,
        tables.licence_span,
        tables.search_key,
    ):
        async with installation.register.read([1]) as connection:
            counts[table.name] = len((await connection.execute(table.select())).all())
    for store, names in (
        (Store.LINKS, ("person", "licence_link")),
        (Store.NUMBERS, ("enrolment",)),
        (Store.KEYS, ("data_key", "lookup")),
    ):
        async with installation.databases[store].read() as connection:
            for name in names:
                counts[name] = int(await connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0)
    return counts


NOTHING = dict.fromkeys(
    [
        "licence",
        "action",
        "licence_version",
        "licence_span",
        "search_key",
        "person",
        "licence_link",
        "enrolment",
        "data_key",
        "lookup",
    ],
    0,
)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("family_name", Column("register", "family_name")),
        ("register.family_name", Column("register", "family_name")),
        ("医師18", Column("register", "family_name")),
        ("姓", Column("register", "family_name")),
        (" 姓 ", Column("register", "family_name")),
        ("individual_number", Column("numbers", "individual_number", NumberKind.INDIVIDUAL_NUMBER)),
        ("practice_report.remarks", Column("practice_report", "remarks")),
        ("備考", Column("practice_report", "remarks")),
    ],
)
def test_headers(header: str, column: Column) -> None:
    assert resolve(DOCTOR, [header]) == [column]


def test_every_settable_item_has_a_number_that_finds_it() -> None:
    numbers = [
        f"医師{n.number}"
        for n in DOCTOR.numbered
        if n.group in ("register", "practice_report", "reeducation")
    ]
    assert len(numbers) == 91
    found = resolve(DOCTOR, numbers)
    assert [(c.group, c.name) for c in found] == [(n.group, n.item.name) for n in DOCTOR.numbered[2:93]]


NO_ITEM = (
    "Column {} of the first line is no item of doctor: use identifiers, numbers such as 医師18, or labels of the"
    " official list."
)
DAYS = "practice_report.main_workplace_working_days, practice_report.secondary_workplace_working_days"


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (["姓", "山田4711"], NO_ITEM.format(2)),
        *(([header], NO_ITEM.format(1)) for header in ("医師1", "医師94", "医師018", "resident_code", "")),
        (["勤務状況（勤務日数）"], f"The column '勤務状況（勤務日数）' may be {DAYS}: use one of these."),
        (["姓", "family_name"], "The column 'family_name' is there twice: keep one."),
        (["姓", "医師18"], "The column '医師18' is there twice: keep one."),
    ],
)
def test_headers_that_name_no_item_or_two(headers: list[str], sentence: str) -> None:
    with pytest.raises(OperatorError) as refused:
        resolve(DOCTOR, headers)
    assert refused.value.en == sentence


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "in.csv is empty: its first line names the columns."),
        (b"\n\n", "in.csv is empty: its first line names the columns."),
        (
            "a,b\n1,2\n3,見本\n".encode("cp932"),
            "in.csv, line 3: not UTF-8. Save the file as CSV UTF-8.",
        ),
        (
            "a,b\n".encode("utf-16"),
            "in.csv, line 1: not UTF-8. Save the file as CSV UTF-8.",
        ),
        (b'a,b\n1,2\n3,"4711\n', "in.csv, line 3: not a row of CSV. Look at its quotes."),
        (b'a,b\n"4711"x,2\n', "in.csv, line 2: not a row of CSV. Look at its quotes."),
        (b"a\n" + b"4" * 100_001 + b"\n", "in.csv, line 2: not a row of CSV. Look at its quotes."),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, raw: bytes, sentence: str) -> None:
    tmp_path.joinpath("in.csv").write_bytes(raw)
    with pytest.raises(OperatorError) as refused:
        list(read_table(tmp_path / "in.csv").rows)
    assert refused.value.en == sentence
    assert "4711" not in repr(refused.value.__cause__)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"^There is no file in\.csv\.$"):
        read_table(tmp_path / "in.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_marks_line_ends_and_quotes(tmp_path: Path, encoding: str, newline: str) -> None:
    rows = [{"a": "一,二", "b": '"三"'}, {"a": "四\r\n五\r六", "b": ""}]
    table = read_table(written(tmp_path / "in.csv", rows, encoding, newline))
    assert table.headers == ["a", "b"]
    assert list(table.rows) == list(table.rows)
    found = list(table.rows)
    assert [fields for _, fields in found] == [["一,二", '"三"'], ["四\n五\n六", ""]]
    assert found[0][0] == 2


async def test_rows_are_entered_and_numbers_go_to_the_vault_alone(run: Run, doctors: Doctors) -> None:
    rows = [row("1", NUMBERS[0], memo="一\n二"), row("2", NUMBERS[1], family_name="別人"), row("3")]
    assert await run(rows) == ImportReport(3)
    counts = await held(doctors.installation)
    assert counts == {
        "licence": 3,
        "action": 3,
        "licence_version": 3,
        "licence_span": 3,
        "search_key": counts["search_key"],
        "person": 3,
        "licence_link": 3,
        "enrolment": 2,
        "data_key": 2,
        "lookup": 2,
    }
    reader = doctors.reader()
    found = await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, NUMBERS[1])
    assert found is not None
    assert await doctors.name(found) == "別人"
    first = await reader.find_id(number=("doctor", "1"))
    assert first is not None
    assert (await doctors.register(await doctors.head(first)))["memo"] == "一\n二"
    assert not any(NUMBERS[0] in repr(row) for row in await doctors.rows(tables.action))


async def test_one_manifest_tells_of_the_file(run: Run, installation: Installation, tmp_path: Path) -> None:
    await run([row("1"), row("2")])
    table = read_table(tmp_path / "in.csv")
    digest = Digest(resolve(installation.host["doctor"], table.headers), table.headers)
    assert len(list(digest.told(table.rows))) == 2
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
        leaves = [decode(body).leaf for body in bodies]
    [manifest] = [leaf for leaf in leaves if leaf.kind is LeafKind.IMPORT]
    assert (manifest.count, manifest.reference, manifest.account) == (2, str(digest), "operator")


async def test_a_doctor_of_the_demo_is_whole(run: Run, doctors: Doctors) -> None:
    rows = list(doctor_rows(20))
    assert await run(rows) == ImportReport(20)
    assert (await held(doctors.installation))["licence"] == 20


P = "機密4711"


@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        pytest.param(
            [row("1"), row("2", birth_date=P)], [(3, "医師26 register.birth_date")], id="not understood"
        ),
        pytest.param(
            [row("1", family_name=""), row("2")], [(2, "医師18 register.family_name")], id="missing"
        ),
        pytest.param(
            [row("1"), row("2", sex_code="7")], [(3, "医師27 register.sex_code")], id="unknown code"
        ),
        pytest.param(
            [row("1"), row("2", birth_date="2010-01-01")],
            [(3, "医師8 register.registration_date")],
            id="against a rule",
        ),
        pytest.param(
            [row("1"), row("01")], [(3, "医師4 register.registration_number")], id="twice in the file"
        ),
        pytest.param(
            [row("1", NUMBERS[0]), row("2", NUMBERS[0])],
            [(3, "医師232 numbers.individual_number")],
            id="number twice in the file",
        ),
        pytest.param(
            [row("1"), row("2", "123456789012")], [(3, "医師232 numbers.individual_number")], id="check digit"
        ),
        pytest.param(
            [row("1"), row("2", given_name="a\x01" + P)],
            [(3, "医師19 register.given_name")],
            id="control character",
        ),
        pytest.param(
            [row("1", sex_code="", family_name=""), row("2", birth_date=P)],
            [
                (2, "医師18 register.family_name"),
                (2, "医師27 register.sex_code"),
                (3, "医師26 register.birth_date"),
            ],
            id="several",
        ),
    ],
)
async def test_one_bad_row_keeps_every_row_out(
    run: Run, installation: Installation, rows: list[Row], bad: list[tuple[int, str]]
) -> None:
    report = await run(rows)
    told = [(b.line, b.item) for b in report.bad]
    assert (report.entered, told) == (0, bad)
    assert P not in repr(report)
    assert NUMBERS[0] not in repr(report)
    assert await held(installation) == NOTHING


async def test_a_row_of_another_length(installation: Installation, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", [row("1")])
    path.write_text(path.read_text("utf-8") + "1,2\n", "utf-8")
    importer = Importer(installation, OPERATOR, DOCTOR, "register", "101", VerifiedBy.MY_NUMBER_CARD)
    report = await importer.run(read_table(path))
    assert [(b.line, b.reason) for b in report.bad] == [(3, f"2 fields where the header has {len(row('1'))}")]
    assert await held(installation) == NOTHING


LICENSED = (
    "Whose number this is has a licence of this profession already. After an interrupted import, run"
    " `meibo reconcile` first."
)


async def test_the_same_file_again_is_refused(run: Run, installation: Installation) -> None:
    rows = [row("1", NUMBERS[0]), row("2")]
    await run(rows)
    before = await held(installation)
    report = await run(rows)
    number, individual = "医師4 register.registration_number", "医師232 numbers.individual_number"
    known = "The register has this number already."
    assert [(b.line, b.item, b.reason) for b in report.bad] == [
        (2, number, known),
        (2, individual, LICENSED),
        (3, number, known),
    ]
    assert (report.entered, await held(installation)) == (0, before)


async def test_a_number_that_is_in_the_vault_keeps_every_row_out(run: Run, doctors: Doctors) -> None:
    await doctors.enter("500001", NUMBERS[0])
    before = await held(doctors.installation)
    report = await run([row("1", NUMBERS[1]), row("2", NUMBERS[0])])
    assert [(b.line, b.item, b.reason) for b in report.bad] == [
        (3, "医師232 numbers.individual_number", LICENSED)
    ]
    assert NUMBERS[0] not in repr(report)
    assert await held(doctors.installation) == before
    assert await run([row("1", NUMBERS[1])]) == ImportReport(1)


async def test_a_database_that_fails_in_between_keeps_every_row_out(
    run: Run, installation: Installation
) -> None:
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO search_key"):
            raise RuntimeError("The disk is full.")

    engine = installation.register._writing.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        await run([row("1", NUMBERS[0]), row("2")])
    event.remove(engine, "before_cursor_execute", fail)
    counts = await held(installation)
    assert {n: c for n, c in counts.items() if n != "data_key"} == {n: 0 for n in NOTHING if n != "data_key"}
    assert await run([row("1", NUMBERS[0]), row("2")]) == ImportReport(2)


@pytest.mark.parametrize(
    "caller",
    [
        principal(Role.OFFICER),
        principal(Role.ADMINISTRATOR, {"nurse"}),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.LICENCE_REGISTER})),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.NUMBER_ENROL})),
    ],
)
async def test_who_may_not_import(run: Run, installation: Installation, caller: Principal) -> None:
    with pytest.raises(Forbidden):
        await run([row("1", NUMBERS[0])], caller)
    assert await held(installation) == NOTHING


async def test_an_unknown_basis(run: Run, installation: Installation) -> None:
    with pytest.raises(OperatorError, match="'nothing' is no legal basis of doctor"):
        await run([row("1")], basis="nothing")
    assert await held(installation) == NOTHING


async def test_a_dry_run_checks_every_row_and_enters_none(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    await run([row("1", NUMBERS[0])])
    before = await held(installation)
    importer = Importer(
        installation, OPERATOR, DOCTOR, "register", "101", VerifiedBy.PAPER_COPY, dry_run=True
    )
    sound = read_table(written(tmp_path / "sound.csv", [row("2", NUMBERS[1]), row("3")]))
    assert await importer.run(sound) == ImportReport(2)
    bad = read_table(written(tmp_path / "bad.csv", [row("1", NUMBERS[1]), row("3", NUMBERS[0])]))
    assert [(b.line, b.item) for b in (await importer.run(bad)).bad] == [
        (2, "医師4 register.registration_number"),
        (3, "医師232 numbers.individual_number"),
    ]
    assert await held(installation) == before
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
        leaves = [decode(body).leaf for body in bodies]
    assert [(leaf.kind, leaf.operation) for leaf in leaves][-2:] == [(LeafKind.INTENT, "import.dry_run")] * 2


async def test_days_of_another_style(run: Run, doctors: Doctors, tmp_path: Path) -> None:
    rows = [row("1", birth_date="H2.1.15", registration_date="平成28年5月2日", received_date="H28.4.8",
                national_exam_pass_date="H28.3.18")]  # fmt: skip
    table = read_table(
        written(tmp_path / "era.csv", rows, "cp932"), Dialect(encoding="cp932", dates=DateStyle.ERA)
    )
    importer = Importer(doctors.installation, OPERATOR, DOCTOR, "register", "101", VerifiedBy.PAPER_COPY)
    assert await importer.run(table) == ImportReport(1)
    id = await doctors.reader().find_id(number=("doctor", "1"))
    assert id is not None
    register = await doctors.register(await doctors.head(id))
    assert (str(register["registration_date"]), register["birth_date"].value) == ("2016-05-02", "1990-01-15")


async def test_somebody_who_is_faster_wins(run: Run, installation: Installation) -> None:
    """The same register number comes in after it was looked for; nothing of the slower import stays anywhere."""
    look = installation.identity.clashes

    async def meanwhile(*given: Any) -> Any:
        object.__setattr__(installation.identity, "clashes", look)
        await run([row("2")])
        return await look(*given)

    object.__setattr__(installation.identity, "clashes", meanwhile)
    with pytest.raises(Refused, match=r"item\.unique"):
        await run([row("1", NUMBERS[0]), row("2", NUMBERS[1])])
    counts = await held(installation)
    assert [counts[name] for name in ("licence", "licence_link", "enrolment", "lookup")] == [1, 1, 0, 0]
    assert not [name for name in os.listdir(installation.settings.data) if name.startswith("import-")]


def test_no_more_processes_stage_rows_than_sqlite_takes_over_at_once(tmp_path: Path) -> None:
    assert (at_once(1, tmp_path), at_once(64, tmp_path), at_once(64, None)) == (1, 8, 64)
    with closing(sqlite3.connect(":memory:")) as register:
        assert register.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED) >= MOST_FILES


def test_a_process_stages_all_its_chunks_in_one_file(tmp_path: Path) -> None:
    of_holder = {"scope": 1, "kind": "name", "licence_id": UUID(int=7), "key_version": 1}
    for chunk in (b"a", b"b"):
        rows = shape_of(tables.search_key, "sqlite").ready([{**of_holder, "hash": chunk}])
        stage(tmp_path, [tables.licence, tables.search_key], {"search_key": rows})
    [path] = staged_files(tmp_path)
    with closing(sqlite3.connect(path)) as staged:
        assert staged.execute("SELECT * FROM search_key").fetchall() == [
            (1, "name", b"a", UUID(int=7).hex, 1),
            (1, "name", b"b", UUID(int=7).hex, 1),
        ]
        assert staged.execute("SELECT count(*) FROM licence").fetchone() == (0,)


def test_what_a_dead_import_staged_goes_with_the_next(tmp_path: Path) -> None:
    dead = tmp_path / "import-dead"
    dead.mkdir()
    dead.joinpath("staged.db").write_bytes(b"rows")
    with staging_folder(tmp_path) as alive:
        assert not dead.exists()
        with staging_folder(tmp_path) as other:
            assert {alive, other} == set(tmp_path.iterdir())
        assert [alive] == list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())
