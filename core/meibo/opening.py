"""What every process of an installation has, whatever it serves: stores, host, keys, audit log, codes.

An office's process opens all stores; a portal's and a verifier's open those that they may reach, and no other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from meibo.audit.log import AuditLog
from meibo.codes import tables as code_tables
from meibo.codes.service import CodeTables
from meibo.crypto.keys import FileKeys
from meibo.database import migrations
from meibo.database.stores import Database, Databases, Store
from meibo.errors import MigrationError, PluginError
from meibo.host import Host, load_host
from meibo.register.drift import behind
from meibo.register.tables import installation as facts_table
from meibo.registry.scopes import Scopes
from meibo.settings import Settings


@dataclass(frozen=True)
class Opened:
    """An installation as far as a process reaches it; `facts` are its id, and whether it is a demo."""

    settings: Settings
    host: Host
    databases: Databases
    keys: FileKeys
    audit: AuditLog
    scopes: Scopes
    codes: CodeTables
    facts: dict[str, str]

    @property
    def register(self) -> Database:
        """The register's store."""
        return self.databases[Store.REGISTER]

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo database: demo accounts work there alone."""
        return self.facts.get("demo") == "1"

    def within(self, stores: Iterable[Store]) -> Opened:
        """The same, reaching these stores alone: a part of a process that reaches more."""
        reached = Databases({store: self.databases[store] for store in stores})
        return Opened(
            self.settings, self.host, reached, self.keys, self.audit, self.scopes, self.codes, self.facts
        )


@asynccontextmanager
async def opened(
    settings: Settings, host: Host | None = None, stores: Iterable[Store] = tuple(Store)
) -> AsyncIterator[Opened]:
    """Open stores of an installation that is migrated, as long as this lasts.

    Raises MigrationError where `meibo migrate` has work to do, and PluginError where a plugin has no migration for
    what it declares, unless it is to be quarantined.
    """
    host = host or load_host(only=settings.only(), quarantine=settings.quarantine)
    databases = Databases.open(settings, stores=stores)
    try:
        await refuse_pending(databases, host)
        host = await without_drift(databases, host, quarantine=settings.quarantine)
        register = databases[Store.REGISTER]
        keys = FileKeys(settings.key_folder("register"))
        audit = AuditLog(databases[Store.AUDIT], keys)
        scopes = await Scopes.load(host, register)
        codes = CodeTables(register, code_tables.code_tables(host.professions.values()))
        await codes.refresh()
        yield Opened(settings, host, databases, keys, audit, scopes, codes, await _facts_of(register))
    finally:
        await databases.close()


async def refuse_pending(databases: Databases, host: Host) -> None:
    """Raise MigrationError where a store is not at the newest revisions of what is installed."""
    for store, database in databases.items():
        folders = host.migrations() if store is Store.REGISTER else []
        if not database.exists():
            raise MigrationError(f"There is no {store} database yet: run `meibo migrate`.")
        try:
            async with database.read() as connection:
                pending = await connection.run_sync(
                    migrations.pending, store, folders, bool(host.quarantined)
                )
        except (SQLAlchemyError, OSError) as error:
            setting = f"MEIBO_{store.upper()}_URL"
            raise MigrationError(
                f"The {store} database cannot be read ({type(error).__name__}):"
                f" run `meibo migrate`, or look at {setting}."
            ) from error
        if pending:
            raise MigrationError(f"The {store} database is not up to date: run `meibo migrate`.")


async def without_drift(databases: Databases, host: Host, *, quarantine: bool) -> Host:
    """The host without the professions whose tables lack what they declare; raises PluginError unless `quarantine`."""
    async with databases[Store.REGISTER].read() as connection:
        lacking = await connection.run_sync(behind, host.professions.values())
    broken = {
        code: f"Plugin {code!r}: no migration of it makes {column}, which it declares:"
        f" write one with `meibo plugin migrate`, then run `meibo migrate`."
        for code, column in lacking.items()
    }
    if broken and not quarantine:
        raise PluginError(broken[min(broken)])
    return host.without(broken)


async def _facts_of(register: Database) -> dict[str, str]:
    async with register.read() as connection:
        rows = await connection.execute(select(facts_table))
        return {row.name: row.value for row in rows}
