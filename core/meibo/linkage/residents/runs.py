"""Inquiries about many: asked for by one person, approved by another, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update

from meibo import clock
from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import walk
from meibo.errors import Finding, FindingCode, NotFound, Refused
from meibo.jobs import enqueue
from meibo.linkage.residents.batches import EXCHANGE, BatchPayload
from meibo.linkage.residents.inquiries import Key
from meibo.linkage.residents.reaching import finding, reached
from meibo.linkage.residents.requests import add_batch, batches_of
from meibo.linkage.residents.rows import ORDER, Run, RunState, locked, told
from meibo.linkage.residents.tables import resident_run
from meibo.professions.compiled import Profession

BATCH = 1_000
"""Inquiries of one file."""
LEGAL_BASIS = "resident_record"
"""The id of the article of 住民基本台帳法 on which a profession may ask."""


@dataclass(frozen=True, slots=True)
class ResidentRuns:
    """The office's verbs on runs: permission, checks, a leaf, one unit of work, a leaf."""

    database: Database
    professions: Mapping[str, Profession]
    scopes: Mapping[str, int]
    keys: KeyProvider
    guard: Guard

    async def start(
        self,
        principal: Principal,
        profession: str,
        key: Key,
        licences: Sequence[UUID] | None = None,
        *,
        validate_only: bool = False,
    ) -> Run | None:
        """Ask for a run about some licences, or about all of a profession; it waits for a second person. None where it
        was only validated.

        Raises Forbidden; Refused without legal basis, for a licence that the caller does not reach, or about nobody.
        """
        operation, id = "resident_run.start", uuid4()
        await self.guard.demand(principal, Permission.RESIDENT_ASK, operation, profession)
        self._demand_basis(profession)
        scope = self.scopes[profession]
        async with self.database.write([scope], principal.offices) as work:
            about = await reached(work.connection, principal, scope, licences)
            if validate_only:
                return None
            await self._record(principal, LeafKind.INTENT, operation, profession, id, len(about))
            row = {
                "id": id, "scope": scope, "key": key, "state": RunState.REQUESTED, "size": len(about),
                "requested_by": principal.account, "requested_at": clock.now(),
            }  # fmt: skip
            await work.connection.execute(insert(resident_run), row)
            for number, start in enumerate(range(0, len(about), BATCH), 1):
                await add_batch(work.connection, scope, id, number, about[start : start + BATCH])
            await work.commit()
        await self._record(principal, LeafKind.DONE, operation, profession, id, len(about))
        return await self.run(principal, profession, id)

    async def approve(
        self, principal: Principal, profession: str, id: UUID, *, validate_only: bool = False
    ) -> Run | None:
        """Let a run begin that somebody else asked for. Raises Forbidden, NotFound, Refused."""
        return await self._decide(principal, profession, id, RunState.APPROVED, validate_only)

    async def withdraw(
        self, principal: Principal, profession: str, id: UUID, *, validate_only: bool = False
    ) -> Run | None:
        """End a run that has not begun. Raises Forbidden, NotFound, Refused."""
        return await self._decide(principal, profession, id, RunState.WITHDRAWN, validate_only)

    async def run(self, principal: Principal, profession: str, id: UUID) -> Run:
        """A run as it stands; raises Forbidden, NotFound."""
        await self._demand_read(principal, profession)
        async with self.database.read([self.scopes[profession]]) as connection:
            rows = (await connection.execute(select(resident_run).where(resident_run.c.id == id))).all()
            if not rows:
                raise NotFound("run")
            [found] = await told(connection, profession, rows)
        return found

    async def runs(
        self, principal: Principal, profession: str, request: PageRequest = FIRST_PAGE
    ) -> Page[Run]:
        """A page of the runs of a profession, the newest first; raises Forbidden, BadCursor, InvalidValue."""
        await self._demand_read(principal, profession)
        scope = self.scopes[profession]
        way = walk(self.keys, "resident-runs", ORDER, scope, principal.account)
        async with self.database.read([scope]) as connection:
            statement = select(resident_run).where(resident_run.c.scope == scope)
            found = await way.page(connection, statement, request)
            return found.showing(await told(connection, profession, found.nodes))

    async def _decide(
        self, principal: Principal, profession: str, id: UUID, state: RunState, validate_only: bool
    ) -> Run | None:
        operation, permission = DECISIONS[state]
        await self.guard.demand(principal, permission, operation, profession)
        scope = self.scopes[profession]
        async with self.database.write([scope]) as work:
            row = await locked(work.connection, scope, id)
            if findings := list(_against(principal, row, state)):
                await self.guard.refused(principal, operation, profession, findings[0].rule)
                raise Refused(*findings)
            if validate_only:
                return None
            await self._record(principal, LeafKind.INTENT, operation, profession, id, row.size)
            decided = {"state": state, "decided_by": principal.account, "decided_at": clock.now()}
            await work.connection.execute(update(resident_run).where(resident_run.c.id == id).values(decided))
            if state is RunState.APPROVED:
                for batch in await batches_of(work.connection, id):
                    await enqueue(work.connection, EXCHANGE, BatchPayload(batch, scope))
            await work.commit()
        await self._record(principal, LeafKind.DONE, operation, profession, id, row.size)
        return await self.run(principal, profession, id)

    def _demand_basis(self, profession: str) -> None:
        """Refuse where no article that holds today lets the profession ask."""
        today = clock.today()
        bases = (b for b in self.professions[profession].plugin.legal_bases if b.id == LEGAL_BASIS)
        if not any(b.valid_from <= today and (b.valid_to is None or today <= b.valid_to) for b in bases):
            raise Refused(
                finding(
                    "profession",
                    "住民基本台帳法に基づき照会できる資格ではありません。",
                    "No article of the Resident Registration Act that holds today lets this profession ask.",
                    FindingCode.RULE_BROKEN,
                    "resident_run.legal_basis",
                )
            )

    async def _demand_read(self, principal: Principal, profession: str) -> None:
        await self.guard.demand(principal, Permission.RESIDENT_READ, "resident_run", profession)

    async def _record(
        self, principal: Principal, kind: LeafKind, operation: str, profession: str, run: UUID, count: int
    ) -> None:
        await self.guard.audit.record(
            leaf(principal, kind, operation, profession, count=count, reference=str(run))
        )


DECISIONS: Mapping[RunState, tuple[str, Permission]] = {
    RunState.APPROVED: ("resident_run.approve", Permission.RESIDENT_APPROVE),
    RunState.WITHDRAWN: ("resident_run.withdraw", Permission.RESIDENT_ASK),
}
"""How each decision is called in the log, and what it demands."""


def _against(principal: Principal, row: Row[Any], state: RunState) -> Sequence[Finding]:
    """Why a decision may not be made now, or not by this person."""
    if row.state != RunState.REQUESTED:
        ja, en = "この照会はすでに決定されています。", "This run was decided on already."
        return [finding("run_id", ja, en, FindingCode.WRONG_STATE, "resident_run.state")]
    if state is RunState.APPROVED and row.requested_by == principal.account:
        ja = "照会を求めた方は承認できません。別の方が承認してください。"
        en = "Whoever asked for it does not approve it: let somebody else do that."
        return [finding("run_id", ja, en, FindingCode.NEEDS_SECOND_PERSON, "resident_run.second_person")]
    return []
