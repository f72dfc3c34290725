"""What engines learn is learnt once: statements compiled, and what a server says of itself. Every test opens engines
of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import Engine


class Shared(dict[Any, Any]):
    """SQLAlchemy's cache of compiled statements, which tells engines apart by their database and its version alone."""

    def get(self, key: Any, default: Any = None) -> Any:
        """The statement, compiled by any engine of the kind."""
        return super().get(_of_kind(*key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_kind(*key), compiled)


def _of_kind(dialect: Any, *statement: Any) -> tuple[Any, ...]:
    return dialect.name, getattr(dialect, "server_version_info", None), *statement


def share_compiled_statements() -> None:
    """Let every engine of this process use one cache."""
    shared = Shared()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=shared)


def ask_servers_once() -> None:
    """Let engines of one PostgreSQL database believe what it told the first of them: its version, its defaults."""
    told: dict[URL, dict[str, Any]] = {}
    ask = PGDialect_asyncpg.initialize

    def initialize(dialect: PGDialect_asyncpg, connection: Connection) -> None:
        if (url := connection.engine.url) in told:
            vars(dialect).update(told[url])
            return
        before = dict(vars(dialect))
        ask(dialect, connection)  # type: ignore[no-untyped-call]
        told[url] = {name: value for name, value in vars(dialect).items() if before.get(name) is not value}

    PGDialect_asyncpg.initialize = initialize  # type: ignore[assignment, method-assign]
