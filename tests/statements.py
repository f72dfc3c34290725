"""Statements compiled for one engine serve the others of its kind: every test opens engines of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
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
