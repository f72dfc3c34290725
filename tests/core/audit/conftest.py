"""An audit store on SQLite and on every PostgreSQL: the server's role uses it, its owner may spoil it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import text

from meibo.audit.faults import VerifyReport
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.audit.sequencer import Sequencer
from meibo.audit.sources import Change
from meibo.audit.tables import GRANTS
from meibo.audit.verification import verify
from meibo.crypto.keys import FileKeys
from meibo.database.migrations import upgrade
from meibo.database.stores import Database, Store
from tests.databases import POSTGRES
from tests.postgres import PostgresDatabase, PostgresServer

APPEND_ONLY = tuple(table for table, rights in GRANTS.items() if "DELETE" not in rights)


on_sqlite = pytest.mark.parametrize("audit_place", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("audit_place", POSTGRES, indirect=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for an audit store run on each database, unless they say on which."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "audit_place" in metafunc.fixturenames and "audit_place" not in chosen:
        metafunc.parametrize("audit_place", ["sqlite", *POSTGRES], indirect=True)


@dataclass(frozen=True, slots=True)
class AuditStore:
    """`database` is the server's; the owner's is for migrations and for mischief."""

    database: Database
    owner: Database

    async def tamper(self, *statements: str, **values: object) -> None:
        """Run statements as the owner, with the guards off."""
        async with self.owner.write() as work:
            for statement in (*await self._guards_off(), *statements):
                used = {name: value for name, value in values.items() if f":{name}" in statement}
                await work.connection.execute(text(statement), used)
            await work.commit()

    async def _guards_off(self) -> Sequence[str]:
        if not self.database.is_sqlite:
            return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in APPEND_ONLY]
        async with self.owner.read() as connection:
            names = await connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            return [f"DROP TRIGGER {name}" for name in names]

    async def scalar(self, query: str, **values: object) -> object:
        """The first value that a query finds."""
        async with self.database.read() as connection:
            return await connection.scalar(text(query), values)


@dataclass(slots=True)
class Rows:
    """A source in memory."""

    name: str = "register"
    rows: list[Change] = field(default_factory=list)

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        cursors = [each.cursor for each in self.rows]
        start = 0 if after is None else cursors.index(after) + 1
        return self.rows[start : start + limit]

    def add(self, *cursors: str) -> None:
        self.rows += [Change(each, f"action {each}".encode(), (f"D-{each}",)) for each in cursors]


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, which tests copy."""
    path = tmp_path_factory.mktemp("audit") / "migrated.db"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await upgrade(database, Store.AUDIT)
    await database.close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """A migrated database on each PostgreSQL, which tests copy."""
    with (
        ExitStack() as stack,
        asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner,  # Leaves the plugin's loop alone.
    ):

        @cache
        def migrated(name: str) -> PostgresDatabase:
            made = stack.enter_context(server_of(name).database())
            runner.run(_migrate(made))
            return made

        yield migrated


async def _migrate(made: PostgresDatabase) -> None:
    owner = Database(made.owner_url)
    await upgrade(owner, Store.AUDIT)
    async with owner.write() as work:
        for table, rights in GRANTS.items():
            await work.connection.execute(text(f"GRANT {', '.join(rights)} ON {table} TO {made.app}"))
        await work.commit()
    await owner.close()


@pytest.fixture
def audit_place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated_sqlite: Path,
    migrated_postgres: Callable[[str], PostgresDatabase],
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Path | PostgresDatabase]:
    """Where the store is: a migrated file, or a migrated database with two roles."""
    if request.param == "sqlite":
        yield Path(shutil.copy(migrated_sqlite, tmp_path / "audit.db"))
        return
    with server_of(request.param).copy(migrated_postgres(request.param)) as made:
        yield made


@pytest.fixture
async def audit_store(audit_place: Path | PostgresDatabase) -> AsyncIterator[AuditStore]:
    if isinstance(audit_place, Path):
        owner = database = Database(f"sqlite+aiosqlite:///{audit_place}")
    else:
        owner, database = Database(audit_place.owner_url), Database(audit_place.app_url)
    yield AuditStore(database, owner)
    await database.close()
    await owner.close()


@pytest.fixture
def audit_database(audit_store: AuditStore) -> Database:
    return audit_store.database


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path / "keys")


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def log(audit_database: Database, keys: FileKeys) -> AuditLog:
    return AuditLog(audit_database, keys)


@pytest.fixture
def sequencer(audit_database: Database, keys: FileKeys, rows: Rows) -> Sequencer:
    return Sequencer(audit_database, keys, [rows])


@pytest.fixture
def check(audit_database: Database, keys: FileKeys, rows: Rows) -> Check:
    return Check(audit_database, keys, rows)


@dataclass(frozen=True, slots=True)
class Check:
    """Verifies the store under test."""

    database: Database
    keys: FileKeys
    rows: Rows

    async def __call__(self, *witnessed: str) -> VerifyReport:
        return await verify(self.database, self.keys, [self.rows], witnessed=witnessed)


def reading(*subjects: str, account: str = "clerk", profession: str = "doctor") -> Leaf:
    """A leaf as a read records it."""
    return Leaf(
        kind=LeafKind.READ,
        account=account,
        institution="厚生労働省",
        terminal="T-01",
        surface="registry",
        operation="DoctorLicence",
        profession=profession,
        subjects=subjects,
        purpose="免許証の再交付",
        legal_basis="医師法施行令第9条",
    )
