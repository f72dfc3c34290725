"""Recording: durable before it returns, many callers in few commits, and nothing shown where it fails."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from meibo.audit.leaves import decode
from meibo.audit.log import AuditLog
from meibo.crypto.keys import FileKeys
from meibo.database.direct.sqlite import SQLiteDirect
from meibo.database.stores import COMMITTED, Database
from meibo.errors import AuditUnavailable
from tests.core.audit.conftest import AuditStore, on_postgres, on_sqlite, reading

ROOT = Path(__file__).parents[3]


async def bodies(database: Database) -> list[bytes]:
    async with database.read() as connection:
        return list(await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number")))


async def run(database: Database, statement: str) -> None:
    async with database.write() as work:
        await work.connection.execute(text(statement))
        await work.commit()


async def test_leaf_is_there_when_record_returns(audit_database: Database, log: AuditLog) -> None:
    await log.record(reading("D-1"))

    assert [decode(body).leaf for body in await bodies(audit_database)] == [reading("D-1")]


async def test_nothing_recorded_is_nothing_written(audit_database: Database, log: AuditLog) -> None:
    await log.record()

    assert await bodies(audit_database) == []


async def test_two_professions_of_one_request_share_no_id(audit_database: Database, log: AuditLog) -> None:
    await log.record(reading("D-1", profession="doctor"), reading("N-1", profession="nurse"))

    doctor, nurse = [decode(body) for body in await bodies(audit_database)]
    assert (doctor.leaf.profession, nurse.leaf.profession) == ("doctor", "nurse")
    assert doctor.id != nurse.id


async def test_concurrent_callers_share_commits(audit_database: Database, log: AuditLog) -> None:
    commits: list[str] = []
    audit_database.heard.append(commits.append)

    await asyncio.gather(*(log.record(reading(f"D-{number}")) for number in range(100)))

    assert len(await bodies(audit_database)) == 100
    assert 1 <= commits.count(COMMITTED) <= 3


async def test_callers_while_a_commit_runs_wait_for_the_next(audit_database: Database, log: AuditLog) -> None:
    commits: list[str] = []
    audit_database.heard.append(commits.append)

    async def later(number: int) -> None:
        await asyncio.sleep(number / 2000)
        await log.record(reading(f"D-{number}"))

    await asyncio.gather(*map(later, range(100)))

    assert len(await bodies(audit_database)) == 100
    assert commits.count(COMMITTED) < 100


async def test_a_caller_that_gives_up_harms_no_other(audit_database: Database, log: AuditLog) -> None:
    callers = [asyncio.create_task(log.record(reading(f"D-{number}"))) for number in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    done = await asyncio.gather(*callers, return_exceptions=True)

    assert isinstance(done[0], asyncio.CancelledError)
    assert done[1:] == [None, None]
    await log.record(reading("D-9"))
    assert len(await bodies(audit_database)) == 4


async def test_a_leaf_that_cannot_be_written_is_unavailable(audit_database: Database, log: AuditLog) -> None:
    with pytest.raises(AuditUnavailable):
        await log.record(reading(account="\ud800"))

    assert await bodies(audit_database) == []


async def test_missing_table_is_unavailable_until_it_is_back(audit_store: AuditStore, log: AuditLog) -> None:
    await audit_store.tamper("ALTER TABLE audit_unplaced RENAME TO away")
    refused = await asyncio.gather(*(log.record(reading("D-1")) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in refused] == [AuditUnavailable] * 3
    assert len({id(each) for each in refused}) == 3
    assert await bodies(audit_store.database) == []

    await audit_store.tamper("ALTER TABLE away RENAME TO audit_unplaced")
    await log.record(reading("D-2"))
    assert [decode(body).leaf.subjects for body in await bodies(audit_store.database)] == [("D-2",)]


async def test_the_servers_role_cannot_change_leaves(audit_store: AuditStore, log: AuditLog) -> None:
    await log.record(reading("D-1"))
    before = await bodies(audit_store.database)

    for statement in ("UPDATE audit_leaf SET body = ''", "DELETE FROM audit_leaf"):
        for database in (audit_store.database, audit_store.owner):
            with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
                await run(database, statement)
    assert await bodies(audit_store.database) == before


async def test_lost_server_is_unavailable(keys: FileKeys) -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(AuditUnavailable):
        await AuditLog(database, keys).record(reading("D-1"))
    await database.close()


async def test_lost_disk_is_unavailable(tmp_path: Path, keys: FileKeys) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/gone/audit.db")
    with pytest.raises(AuditUnavailable):
        await AuditLog(database, keys).record(reading("D-1"))
    await database.close()


@on_postgres
async def test_a_connection_that_dies_while_writing_is_unavailable(
    audit_store: AuditStore, log: AuditLog
) -> None:
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
        " WHERE NOT granted AND relation = 'audit_leaf'::regclass"
    )
    async with audit_store.owner.write() as work:
        await work.connection.execute(text("LOCK TABLE audit_leaf"))
        writing = asyncio.create_task(log.record(reading("D-1")))
        while not await audit_store.scalar(kill):
            pass
        with pytest.raises(AuditUnavailable):
            await writing
    assert await bodies(audit_store.database) == []
    await log.record(reading("D-2"))
    assert len(await bodies(audit_store.database)) == 1


KILLED = """
import asyncio, sys
from pathlib import Path
from meibo.audit.log import AuditLog
from meibo.crypto.keys import FileKeys
from meibo.database.direct.sqlite import SQLiteDirect
from meibo.database.stores import COMMITTED, Database
from tests.core.audit.conftest import reading

async def main():
    log = AuditLog(Database("sqlite+aiosqlite:///" + sys.argv[1]), FileKeys(Path(sys.argv[2])))
    async def client(name):
        for number in range(100_000):
            await log.record(reading(f"{name}-{number}"))
            print(f"{name}-{number}", flush=True)
    await asyncio.gather(*map(client, "abc"))

asyncio.run(main())
"""


@on_sqlite
def test_what_was_recorded_outlives_a_killed_process(audit_place: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", KILLED, str(audit_place), str(tmp_path / "keys")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(30)]
        writer.kill()
        said += writer.stdout.read().split("\n")[:-1]

    with closing(sqlite3.connect(audit_place)) as connection:
        rows = connection.execute("SELECT body FROM audit_leaf JOIN audit_unplaced ON leaf_id = id")
        kept = {decode(body).leaf.subjects[0] for (body,) in rows}
    assert set(said) <= kept


@on_sqlite
class TestSqlite:
    """What only SQLite's file can meet."""

    @pytest.fixture
    def file(self, audit_place: object) -> Path:
        assert isinstance(audit_place, Path)
        return audit_place

    async def test_full_disk_is_unavailable(
        self, file: Path, audit_database: Database, log: AuditLog
    ) -> None:
        direct = audit_database._direct
        assert isinstance(direct, SQLiteDirect)
        await direct._writing.do(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(AuditUnavailable) as refused:
            await log.record(*[reading("D-" + "x" * 5000)] * 100)

        assert "full" in str(refused.value.__cause__)
        assert "xxx" not in str(refused.value)
        assert await bodies(audit_database) == []

    async def test_locked_file_is_unavailable(
        self, file: Path, audit_database: Database, log: AuditLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(SQLiteDirect._open.__kwdefaults__ or {}, "patience", 0.05)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(AuditUnavailable) as refused:
                await log.record(reading("D-1"))
            other.execute("ROLLBACK")

        assert "locked" in str(refused.value.__cause__)
        assert await bodies(audit_database) == []
        await log.record(reading("D-2"))
        assert len(await bodies(audit_database)) == 1

    async def test_commits_reach_the_disk(self, file: Path, audit_database: Database) -> None:
        async with audit_database.write() as work:
            assert await work.connection.scalar(text("PRAGMA synchronous")) == 2


def test_equal_terms_of_two_professions_differ(tmp_path: Path, keys: FileKeys) -> None:
    log = AuditLog(Database(f"sqlite+aiosqlite:///{tmp_path}/audit.db"), keys)

    assert log.term("doctor", "family_name=佐藤") == log.term("doctor", "family_name=佐藤")
    assert log.term("doctor", "family_name=佐藤") != log.term("nurse", "family_name=佐藤")
    assert len(bytes.fromhex(log.term("doctor", ""))) == 32
