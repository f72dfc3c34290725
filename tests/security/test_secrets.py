"""No planted name, address, telephone, birth date, memo, reason or number lies readable in any file of any store.

The files are searched raw, logs included, in every encoding that a database or a dump may use. The searcher is
shown to work: what lies in the clear on purpose is found, and so is a planted value once it is put in the clear.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import make_url, text

from meibo.access.permissions import Permission, Role
from meibo.database.stores import Database, Store
from meibo.errors import MeiboError
from meibo.identity import NumberKind, VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer
from meibo.installation import Installation
from meibo.register.fold import Verb
from meibo.register.search import SearchKind
from meibo.registry.requests import ActRequest
from meibo.values import names
from meibo.values.pseudonyms import LicencePseudonym
from tests.installed import principal
from tests.postgres import PostgresDatabase

OFFICER = principal(
    Role.OFFICER, plus=frozenset({Permission.IMPORT_RUN, Permission.NUMBER_REVEAL, Permission.REPLY_WRITE})
)
REGISTERED = {
    "family_name": "纐纈橋",
    "given_name": "靄々子",
    "family_name_kana": "コウケツバシ",
    "given_name_kana": "モヤモヤコ",
    "birth_date": "1937-11-23",
    "former_family_name": "躑躅ヶ嶽",
    "former_family_name_kana": "ツツジガタケ",
    "remarks_1": "備考の椨木峠",
    "memo": "覚書の鰐渕岬",
}
REPORTED = {
    "address": "東京都千代田区霞が関九丁目97-8",
    "phone_number": "090-9753-1864",
    "email_address": "moyamoya.kouketsu@planted.example.jp",
    "main_workplace_name": "躊躇橋診療所",
}
IMPORTED = {
    "family_name": "鸙野原",
    "given_name": "鷽太郎",
    "family_name_kana": "ヒバリノハラ",
    "given_name_kana": "ウソタロウ",
    "birth_date": "1941-09-27",
    "memo": "取込の鶺鴒池",
    "address": "北海道札幌市中央区北九十七条西八十六丁目",
    "phone_number": "080-8642-9753",
    "email_address": "usota.hibarino@planted.example.jp",
    "individual_number": "111111111118",
}
NUMBERS = {"registered": "123456789018", "enrolled": "987654321093"}
WORDS = {
    "corrected": "訂正後の蠟梅院",
    "correction": "婚姻により蠟梅院へ",
    "delay": "遅延は鬱蒼による",
    "suspension": "停止の薔薇十字",
    "order": "医政発第9753号の86",
    "office": "処分庁8642",
    "strike_off": "抹消の翡翠宮",
}
REPLIED = {
    "subject_identification": "照会鍵-鵲橋-97531",
    "full_name_kanji": "蠟梅院靄々子",
    "full_name_kana": "ロウバイインモヤモヤコ",
    "birth_date": "1937-11-24",
    "address": "沖縄県那覇市鼈甲町八十六番地",
    "individual_number": "999999999996",
    "subject_individual_number": "123123123128",
}
SECRETS = {
    **{f"replied.{name}": value for name, value in REPLIED.items()},
    **{f"registered.{name}": value for name, value in (REGISTERED | REPORTED).items()},
    **{f"imported.{name}": value for name, value in IMPORTED.items()},
    **{f"number.{name}": value for name, value in NUMBERS.items()},
    **{f"words.{name}": value for name, value in WORDS.items()},
}
CLEAR = {"registration_number": "864297", "registration_date": "1963-08-17"}
"""What lies in the clear, as its declaration says."""


def encoded(value: str) -> dict[str, bytes]:
    """Every form in which a value may lie in a file."""
    escaped = json.dumps(value)[1:-1].encode()
    forms = {"json": escaped, "JSON": escaped.replace(b"\\u", b"\\U").upper()}
    for charset in ("utf-8", "utf-16-le", "utf-16-be", "cp932"):
        try:
            raw = value.encode(charset)
        except UnicodeEncodeError:
            continue  # CP932 has no such character: it cannot lie in a file.
        forms |= {
            charset: raw,
            f"{charset} hex": raw.hex().encode(),
            f"{charset} HEX": raw.hex().upper().encode(),
        }
        forms |= {f"{charset} base64+{lead}": _base64(raw, lead) for lead in range(3)}
    return forms


def _base64(raw: bytes, lead: int) -> bytes:
    """The digits of base64 that the value alone decides, where it begins `lead` bytes after a group of three."""
    whole = base64.b64encode(b"\0" * lead + raw)
    return whole[(0, 2, 3)[lead] : (8 * (lead + len(raw)) // 6)]


NEEDLES = {
    f"{name} as {form}": needle for name, value in SECRETS.items() for form, needle in encoded(value).items()
}


def found(needles: Mapping[str, bytes], files: Mapping[str, bytes]) -> set[str]:
    """Which needles lie in which files."""
    return {
        f"{name} in {file}"
        for name, needle in needles.items()
        for file, raw in files.items()
        if needle in raw
    }


@dataclass(frozen=True, slots=True)
class Sqlite:
    """The raw files of an installation's five stores, with their logs."""

    folder: Path

    async def mark(self) -> None:
        """Nothing to note: the files are the test's own."""

    async def files(self, *, flushed: bool) -> dict[str, bytes]:
        """Everything below the installation's folder but the keys; `flushed` after a checkpoint."""
        if flushed:
            for store in Store:
                database = Database(f"sqlite+aiosqlite:///{self.folder / store}.db")
                async with database.read() as connection:
                    raw = (await connection.get_raw_connection()).driver_connection
                    assert raw is not None
                    async with raw.execute("PRAGMA wal_checkpoint(FULL)") as cursor:
                        await cursor.fetchall()
                await database.close()
        return {path.name: path.read_bytes() for path in self.folder.glob("*.db*")}

    def kinds(self, *, flushed: bool) -> tuple[str, ...]:
        """Parts of the names of the files that hold what was just written."""
        return ("register.db",) if flushed else ("register.db-wal",)


@dataclass(slots=True)
class Postgres:
    """The raw files of one database in a throw-away cluster, its write-ahead log, and a dump of every table.

    A server that was given may lie on another machine: there the dump alone is searched.
    """

    place: PostgresDatabase
    start: str = ""
    since: float = 0

    async def mark(self) -> None:
        """Note where the write-ahead log stands, and let no table compress its values."""
        connection = await self._connect()
        try:
            for table, column in await connection.fetch(
                "SELECT c.oid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attstorage IN ('x', 'm')"
                " AND attnum > 0 AND NOT attisdropped"
            ):
                await connection.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STORAGE EXTERNAL')
            await connection.execute("CHECKPOINT")
            await connection.execute("SELECT pg_switch_wal()")
            self.start = await connection.fetchval("SELECT pg_walfile_name(pg_current_wal_lsn())")
            self.since = time.time() - 1
        finally:
            await connection.close()

    async def files(self, *, flushed: bool) -> dict[str, bytes]:
        """Dump, data files and log; `flushed` after a checkpoint."""
        connection = await self._connect()
        try:
            if flushed:
                await connection.execute("CHECKPOINT")
            files = {name: raw async for name, raw in _dump(connection)}
            data = Path(await connection.fetchval("SHOW data_directory"))
            oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
            end = await connection.fetchval("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        finally:
            await connection.close()
        return files | (self._raw(data, oid, end) if self.on_this_machine else {})

    def _raw(self, data: Path, oid: int, end: str) -> dict[str, bytes]:
        """The database's data files, the write-ahead log and the server's log, without trailing zeros."""
        folders = (data / "base" / str(oid), data / "pg_wal")
        paths = [data.parent / "log", *(path for folder in folders for path in folder.iterdir())]
        return {
            str(path.relative_to(data.parent)): path.read_bytes().rstrip(b"\0")
            for path in paths
            if path.is_file() and self._concerns(path, end)
        }

    def kinds(self, *, flushed: bool) -> tuple[str, ...]:
        """Parts of the names of the files that hold what was just written."""
        raw = ("base/", "pg_wal/") if flushed else ("pg_wal/",)
        return ("planted.copy", *(raw if self.on_this_machine else ()))

    @property
    def on_this_machine(self) -> bool:
        """Whether the server is one of ours."""
        return "meibo-postgres-" in str(make_url(self.place.admin_url).query.get("host", ""))

    def _concerns(self, path: Path, end: str) -> bool:
        """Whether a file was written to since the mark."""
        if path.parent.name == "pg_wal":
            return self.start <= path.name <= end
        return path.stat().st_mtime >= self.since

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        url = make_url(self.place.admin_url).set(drivername="postgresql")
        return await asyncpg.connect(url.render_as_string(hide_password=False))


async def _dump(connection: asyncpg.Connection[asyncpg.Record]) -> AsyncIterator[tuple[str, bytes]]:
    """Every table as `pg_dump` writes it: COPY, as text."""
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        output = io.BytesIO()
        await connection.copy_from_table(table, output=output, schema_name="public")
        yield f"{table}.copy", output.getvalue()


Files = Sqlite | Postgres


@pytest.fixture
def stored(store: PostgresDatabase | None, installation: Installation) -> Files:
    """The files of the installation."""
    return Sqlite(Path(installation.settings.data)) if store is None else Postgres(store)


async def live(installation: Installation, folder: Path) -> None:
    """A doctor entered by the office, corrected, given another number, suspended, struck off, looked for, revealed,
    with a reply of the resident-record network; and one entered from a file."""
    office = installation.office
    made = await office.register(OFFICER, "doctor", registration())
    licence = made.licence
    assert licence is not None
    with pytest.raises(MeiboError):
        await office.register(OFFICER, "doctor", registration("again"))
    await office.act(OFFICER, Verb.CORRECT, await _act(installation, licence, Verb.CORRECT, "2001-04-03"))
    await office.act(OFFICER, Verb.SUSPEND, await _act(installation, licence, Verb.SUSPEND, "2002-05-04"))
    await office.act(
        OFFICER, Verb.STRIKE_OFF, await _act(installation, licence, Verb.STRIKE_OFF, "2004-06-05")
    )
    reader = installation.reader(OFFICER, "planted")
    for kind, term in (
        (SearchKind.FULL, names.name_key(WORDS["corrected"] + REGISTERED["given_name"])),
        (SearchKind.KANA_PREFIX, names.kana_key(REGISTERED["family_name_kana"])[:8]),
        (SearchKind.BIRTH_DATE, REGISTERED["birth_date"]),
    ):
        reader.name_hash("doctor", kind, term)
    [head] = await reader.heads([licence])
    assert head is not None
    [register] = await reader.groups("register", [head])
    assert register.values["family_name"] == WORDS["corrected"]
    identity, pseudonym = installation.identity, LicencePseudonym(head.pseudonym)
    await identity.enrol_for(
        OFFICER, profession="doctor", file="medical", pseudonym=pseudonym, verified_by=VerifiedBy.PAPER_COPY,
        numbers={NumberKind.INDIVIDUAL_NUMBER: NUMBERS["enrolled"]}, operation="enrol_number",
    )  # fmt: skip
    revealed = await identity.reveal(
        OFFICER, profession="doctor", file="medical", pseudonym=pseudonym, kind=NumberKind.INDIVIDUAL_NUMBER,
        purpose="照会", legal_basis="number_use",
    )  # fmt: skip
    assert revealed == NUMBERS["enrolled"]
    assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, NUMBERS["enrolled"]) == licence
    await reader.log.write()
    doctor = installation.host["doctor"]
    await installation.replies.file(OFFICER, doctor, licence, "resident_record", REPLIED)
    await _import(installation, folder)
    await installation.sequencer.run_once()


def registration(key: str = "planted") -> ActRequest:
    """The request to enter the planted doctor."""
    rest = {"sex_code": "2", "domicile_code": "13", "national_exam_pass_date": "1963-04-02"}
    return ActRequest(
        idempotency_key=key, effective_date=date.fromisoformat(CLEAR["registration_date"]), reason="101",
        legal_basis="register", values={"register": REGISTERED | CLEAR | rest, "practice_report": REPORTED},
        numbers={NumberKind.INDIVIDUAL_NUMBER: NUMBERS["registered"]}, verified_by=VerifiedBy.MY_NUMBER_CARD,
    )  # fmt: skip


async def _act(installation: Installation, licence: UUID, verb: Verb, day: str) -> ActRequest:
    [head] = await installation.reader(OFFICER, "planted").heads([licence])
    assert head is not None
    suspends, corrects = verb is Verb.SUSPEND, verb is Verb.CORRECT
    words = {Verb.CORRECT: "correction", Verb.SUSPEND: "suspension", Verb.STRIKE_OFF: "strike_off"}
    return ActRequest(
        idempotency_key=verb, licence=licence, expected_version=head.version, effective_date=date.fromisoformat(day),
        reason={Verb.CORRECT: "201", Verb.SUSPEND: "703", Verb.STRIKE_OFF: "401"}[verb], legal_basis=verb,
        reason_text=WORDS[words[verb]], delay_reason=WORDS["delay"] if corrects else "",
        values={"register": {"family_name": WORDS["corrected"]}} if corrects else {},
        kind="02" if suspends else "", order_number=WORDS["order"] if suspends else "",
        office_name=WORDS["office"] if suspends else "", end_date=date(2002, 6, 4) if suspends else None,
    )  # fmt: skip


async def _import(installation: Installation, folder: Path) -> None:
    """The file itself lies outside the installation's folder."""
    row = IMPORTED | {
        "registration_number": "975311", "registration_date": "1967-05-08", "sex_code": "1", "domicile_code": "01",
        "national_exam_pass_date": "1967-04-02",
    }  # fmt: skip
    path = folder / "planted.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    report = await Importer(
        installation, OFFICER, installation.host["doctor"], "register", "101", VerifiedBy.PAPER_COPY
    ).run(read_table(path))
    assert (report.entered, report.bad) == (1, ())


async def test_no_planted_value_lies_in_any_file_or_log(
    installation: Installation, stored: Files, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Even the logs of the database drivers, which repeat every statement with its values."""
    for logger in ("", "aiosqlite", "sqlalchemy"):
        caplog.set_level(logging.DEBUG, logger)
    await stored.mark()
    await live(installation, tmp_path)
    log = {"log": "\n".join(caplog.messages).encode()}
    assert found(NEEDLES, log) == set()
    assert found({"number": CLEAR["registration_number"].encode()}, log) == {"number in log"}
    for flushed in (False, True):
        files = await stored.files(flushed=flushed)
        assert found(NEEDLES, files) == set()
        assert {
            name for name, value in CLEAR.items() if any(value.encode() in f for f in files.values())
        } == set(CLEAR)


async def test_a_value_in_the_clear_would_be_found(
    installation: Installation, stored: Files, store: PostgresDatabase | None
) -> None:
    """The control: the same values in a table that seals nothing."""
    await stored.mark()
    register = Database(store.admin_url) if store else installation.register
    await _execute(register, "CREATE TABLE planted (value TEXT)")
    try:
        for value in (*SECRETS.values(), *SECRETS.values()):  # One may lie across two pages of the log.
            await _execute(register, "INSERT INTO planted VALUES (:value)", value=value)
        needles = {name: value.encode() for name, value in SECRETS.items()}
        for flushed in (False, True):
            files = await stored.files(flushed=flushed)
            for kind in stored.kinds(flushed=flushed):
                seen = found(needles, {kind: b"".join(raw for name, raw in files.items() if kind in name)})
                assert seen == {f"{name} in {kind}" for name in SECRETS}
    finally:
        await _execute(register, "DROP TABLE planted")
        if store:
            await register.close()


async def _execute(database: Database, statement: str, **values: str) -> None:
    async with database.write() as work:
        await work.connection.execute(text(statement), values)
        await work.commit()


@pytest.mark.parametrize(
    "write",
    [
        lambda value: f"姓={value}。".encode(),
        lambda value: value.encode("utf-16"),
        lambda value: value.encode("utf-16-be"),
        lambda value: f"氏名　{value}".encode("cp932"),
        lambda value: json.dumps({"name": value}).encode(),
        lambda value: json.dumps({"name": value}).upper().encode(),
        lambda value: base64.b64encode(value.encode()),
        lambda value: base64.b64encode(f"1{value}23".encode()),
        lambda value: base64.b64encode(f"12{value}3".encode()),
        lambda value: f"\\x{value.encode().hex()}".encode(),
        lambda value: value.encode("utf-16-le").hex().upper().encode(),
        lambda value: value.encode("cp932").hex().encode(),
    ],
)
@pytest.mark.parametrize("value", ["纐纈橋", "東京都千代田区霞が関九丁目97-8", "123456789018"])
def test_the_searcher_knows_every_encoding(value: str, write: Callable[[str], bytes]) -> None:
    assert any(needle in write(value) for needle in encoded(value).values())
    assert not any(needle in write("別の値 90210") for needle in encoded(value).values())
