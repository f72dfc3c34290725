"""Writing leaves: nothing personal may leave before `record` has returned.

One commit at a time, and one for many: while a commit runs, the leaves of other callers gather for the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Insert, func, insert, select

from meibo import clock
from meibo.audit import tables
from meibo.audit.leaves import Leaf, RecordedLeaf, encode, new_id
from meibo.crypto.keys import KeyProvider, derive, mac
from meibo.database.direct.statements import Statement, given, many
from meibo.database.stores import Database
from meibo.errors import AuditUnavailable

BATCH_CALLERS = 500
TERMS_KEY = "audit-terms"


def _together() -> Insert:
    leaf, unplaced = tables.leaf, tables.unplaced
    rows = (
        func.unnest(many(leaf.c.id, "ids"), many(leaf.c.body, "bodies"))
        .table_valued("id", "body")
        .render_derived()
    )
    written = insert(leaf).inline().from_select(["id", "body"], select(rows.c.id, rows.c.body))
    new = written.returning(leaf.c.id).cte("new")
    return insert(unplaced).inline().from_select(["leaf_id"], select(new.c.id))


_LEAF = Statement(
    insert(tables.leaf)
    .inline()
    .values(id=given(tables.leaf.c.id, "id"), body=given(tables.leaf.c.body, "body"))
)
_UNPLACED = Statement(insert(tables.unplaced).values(leaf_id=given(tables.leaf.c.id, "id")))
_TOGETHER = Statement(_together())
"""Both in one statement, for PostgreSQL: a commit by itself."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A caller: the (id, body) of each leaf, and what the caller awaits."""

    leaves: Sequence[tuple[str, bytes]]
    durable: asyncio.Future[None]


class AuditLog:
    """Appends leaves to the audit store; one for each process and event loop."""

    def __init__(self, database: Database, keys: KeyProvider) -> None:
        self._database = database
        self._keys = keys
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def record(self, *leaves: Leaf) -> None:
        """Return when all of these leaves are durable, in one transaction.

        Raises AuditUnavailable where they may not be, whatever the reason: show and change nothing.
        """
        if leaves:
            await self.begin(leaves)

    def begin(self, leaves: Sequence[Leaf]) -> asyncio.Future[None]:
        """Begin to write leaves, for who has something to do meanwhile: `record` is over when the future is done."""
        waiting = _Waiting(_bodies(leaves), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        return waiting.durable

    def term(self, profession: str, text: str) -> str:
        """A search term as a leaf keeps it: a keyed hash in hexadecimal, equal within one profession only.

        `text` is hashed as given; name the field in it (`family_name=…`), so that fields differ too.
        """
        return mac(derive(self._keys.newest(TERMS_KEY), profession), text.encode()).hex()

    async def _drain(self) -> None:
        """Write batch after batch until nobody waits; a caller that gave up harms no other."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH_CALLERS], self._waiting[BATCH_CALLERS:]
                await self._settle(batch)
        finally:
            self._writer = None
            if left := self._waiting:  # The loop is being shut down.
                self._waiting = []
                _tell(left, AuditUnavailable())

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch and tell its callers."""
        try:
            await self._write([leaf for waiting in batch for leaf in waiting.leaves])
        except BaseException as error:
            # A driver has more ways to fail than SQLAlchemy wraps, and none of them made the leaves durable.
            _tell(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            _tell(batch, None)

    async def _write(self, leaves: Sequence[tuple[str, bytes]]) -> None:
        if self._database.is_sqlite:
            rows = [{"id": id, "body": body} for id, body in leaves]
            await self._database.append((_LEAF, rows), (_UNPLACED, rows))
        else:
            columns = {"ids": [id for id, _ in leaves], "bodies": [body for _, body in leaves]}
            await self._database.append((_TOGETHER, [columns]))


def _bodies(leaves: Sequence[Leaf]) -> list[tuple[str, bytes]]:
    """A new id and the canonical body for each leaf."""
    # Each has an instant of its own: one that two licences share would join them.
    recorded = [RecordedLeaf(id=new_id(), at=clock.now(), leaf=leaf) for leaf in leaves]
    try:
        return [(each.id, encode(each)) for each in recorded]
    except TypeError as error:  # A caller's text may hold lone surrogates, which no JSON can.
        raise AuditUnavailable from error


def _tell(batch: Sequence[_Waiting], failure: BaseException | None) -> None:
    """Let the callers go on, or give each an AuditUnavailable; some may have given up meanwhile."""
    for waiting in batch:
        if waiting.durable.done():
            continue
        if failure is None:
            waiting.durable.set_result(None)
        else:
            waiting.durable.set_exception(unavailable := AuditUnavailable())
            unavailable.__cause__ = failure
