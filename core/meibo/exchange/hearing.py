"""Hears what was changed over there, and enters it as the office would: a correction of the items that are theirs to
change. Whatever else they changed waits for a person, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import Refused, StaleVersion
from meibo.exchange.masters import Master, masters
from meibo.exchange.messages import ASK, Asked, TheirChange, TheirChanges
from meibo.exchange.outcomes import Outcome, Outcomes
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed_heard
from meibo.exchange.views import RecordView
from meibo.link.calls import Calls
from meibo.professions.compiled import Profession
from meibo.register import validation
from meibo.register.fold import Verb, on
from meibo.register.opening import open_licence
from meibo.register.tables import licence as licence_table
from meibo.register.writing import Known
from meibo.registry.office import Office
from meibo.registry.requests import ActRequest

TRIES = 3
"""Of a correction while others change the same licence."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one existing system tells of one profession."""

    profession: Profession
    scope: int
    view: RecordView
    database: Database
    keys: KeyProvider
    codes: CodeTables
    calls: Calls
    office: Office

    async def hear(self) -> int:
        """Ask for changes until there are no more; gives how many came. Raises SourceUnavailable, MessageRefused."""
        heard = 0
        while True:
            cursor = await self._cursor()
            asked = Asked(self.profession.code, cursor)
            answer = (await self.calls.call(self.view.connector, uuid4(), ASK, asked)).message
            if not isinstance(answer, TheirChanges) or not answer.changes or answer.cursor == cursor:
                return heard
            for change in answer.changes:
                await self._take(change)
            await self._move(cursor, answer.cursor)
            heard += len(answer.changes)

    async def _take(self, change: TheirChange) -> None:
        """Let one change come to its outcome, unless it has."""
        async with self.database.read([self.scope]) as connection:
            if await self._outcomes.known(connection, change.id):
                return
        licence, outcome = await self._come_of(change)
        async with self.database.write([self.scope]) as work:
            await self._outcomes.note(work.connection, change, licence, outcome)
            await work.commit()

    async def _come_of(self, change: TheirChange) -> tuple[UUID | None, Outcome]:
        id = None
        for _ in range(TRIES):
            async with self.database.read([self.scope]) as connection:
                known = await self._known(connection, change.licence)
                theirs = await masters(connection, self.view.connector, self.scope)
            if known is None:
                return None, Outcome.NO_SUCH_LICENCE
            id = known.id
            if change.because is not None:
                return id, Outcome.ECHO
            try:
                return id, await self._enter(change, known, theirs)
            except StaleVersion:  # Somebody was faster: look again.
                continue
        return id, Outcome.REFUSED

    async def _enter(self, change: TheirChange, known: Known, theirs: Mapping[str, Master]) -> Outcome:
        """Correct what differs, all of it or nothing."""
        differing, fault = self._differing(change, known)
        if fault is not None:
            return fault
        if not differing:
            return Outcome.KNOWN
        if any(theirs.get(path) is not Master.THEIRS for path in differing):
            return Outcome.OUR_ITEM
        try:
            await self.office.act(self._speaker, Verb.CORRECT, self._request(change, known, differing))
        except Refused:
            return Outcome.REFUSED
        return Outcome.ENTERED

    def _differing(self, change: TheirChange, known: Known) -> tuple[dict[str, Any], Outcome | None]:
        """The items that are not as the register has them, as they came; or why the change cannot be read."""
        differing: dict[str, Any] = {}
        present = on(known.segments, clock.today()) or known.segments[-1]
        items = {each.path: each.item for each in self.view.items}
        for path, raw in change.items.items():
            if path not in items:
                return {}, Outcome.NO_SUCH_ITEM
            value = None
            if raw is not None:
                value, findings = validation.read_value(items[path], raw, self.codes.known, (path,))
                if findings:
                    return {}, Outcome.INVALID_VALUE
            if value != present.record.value(path):
                differing[path] = raw
        return differing, None

    def _request(self, change: TheirChange, known: Known, differing: Mapping[str, Any]) -> ActRequest:
        values: dict[str, dict[str, Any]] = {}
        for path, raw in differing.items():
            group, _, name = path.partition(".")
            values.setdefault(group, {})[name] = raw
        return ActRequest(
            idempotency_key=str(change.id), effective_date=change.effective_date, reason=change.reason,
            legal_basis=Verb.CORRECT, licence=known.id, expected_version=known.version,
            delay_reason=change.delay_reason, values=values,
        )  # fmt: skip

    async def _known(self, connection: AsyncConnection, pseudonym: str) -> Known | None:
        row = licence_table.c
        id = await connection.scalar(
            select(row.id).where(row.scope == self.scope, row.pseudonym == pseudonym)
        )
        return await open_licence(connection, self.profession, self.keys, id) if id else None

    async def _cursor(self) -> str:
        async with self.database.read([self.scope]) as connection:
            found = await connection.scalar(select(feed_heard.c.heard_until).where(self._mine))
        return found or ""

    async def _move(self, old: str, new: str) -> None:
        """All up to the new cursor has come to its outcome; another worker may have gone further."""
        row = {"connector": self.view.connector, "scope": self.scope, "heard_until": ""}
        async with self.database.write([self.scope]) as work:
            await work.connection.execute(insert_new(feed_heard).values(row))
            still = update(feed_heard).where(self._mine, feed_heard.c.heard_until == old)
            await work.connection.execute(still.values(heard_until=new))
            await work.commit()

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed_heard, self.view.connector, self.scope)

    @property
    def _outcomes(self) -> Outcomes:
        return Outcomes(self.view.connector, self.scope, self.keys)

    @property
    def _speaker(self) -> Principal:
        """As whom their changes are entered: with the one permission that this needs."""
        connector, code = self.view.connector, self.profession.code
        permissions = frozenset({Permission.LICENCE_CORRECT})
        return Principal(
            f"link:{connector}", connector, "link", Surface.COMMAND, permissions, frozenset({code})
        )
