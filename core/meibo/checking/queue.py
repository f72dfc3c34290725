"""The office's verbs on discrepancies: list them, open the evidence, decide, apply.

Applying is an act of the register like any other, with its own permission, rules and checks; the discrepancy names it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.checking.acts import ACTS, NO_FACTS, nothing_to_apply, request_of
from meibo.checking.discrepancies import (
    Discrepancy,
    KeptVerdict,
    decide,
    demand_second,
    discrepancy_of,
    in_reach,
    second_person,
    verdicts_of,
    wrong_state,
)
from meibo.checking.evidence import Evidence, open_evidence
from meibo.checking.pages import OPEN, ORDER, QueueFilter
from meibo.checking.states import VERDICT_STEPS, DiscrepancyState, Verdict
from meibo.checking.tables import check_discrepancy
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import walk
from meibo.errors import NotFound, Refused
from meibo.register import sealing
from meibo.register.fold import Verb
from meibo.registry.office import Office
from meibo.registry.requests import ActRequest
from meibo.registry.scopes import Scopes

OPERATION = "check.queue"


@dataclass(frozen=True, slots=True)
class Applied:
    """A discrepancy as it stands once it is applied, and the register's act; None where it was only validated."""

    discrepancy: Discrepancy
    action: UUID | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The discrepancies of one installation."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    office: Office
    guard: Guard

    async def listed(
        self, principal: Principal, filter: QueueFilter = OPEN, request: PageRequest = FIRST_PAGE
    ) -> Page[Discrepancy]:
        """A page of the discrepancies of a filter, of the licences that the caller reaches; a leaf for each profession
        names them. Raises Forbidden, BadCursor, InvalidValue."""
        await self.guard.demand(principal, Permission.CHECK_OPEN, OPERATION, filter.profession)
        way = walk(self.keys, "checks", ORDER, filter, principal.account)
        async with self._reading(principal) as connection:
            rows = await way.page(connection, self._narrowed(principal, filter), request)
        return rows.showing(await self._shown(principal, rows.nodes))

    async def count(self, principal: Principal, filter: QueueFilter) -> int:
        """How many there are on all pages, now; raises Forbidden."""
        await self.guard.demand(principal, Permission.CHECK_OPEN, OPERATION, filter.profession)
        statement = select(func.count()).select_from(self._narrowed(principal, filter).subquery())
        async with self._reading(principal) as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def opened(self, principal: Principal, id: UUID) -> tuple[Discrepancy, Evidence, list[KeptVerdict]]:
        """A discrepancy with what was held and told, and what was decided; a leaf names it first.

        Raises Forbidden, NotFound.
        """
        found, row = await self._find(principal, Permission.CHECK_OPEN, "check.open", id)
        async with self._reading(principal) as connection:
            verdicts = await verdicts_of(connection, id)
        await self._record(principal, LeafKind.READ, "check.open", found.profession, found)
        return found, open_evidence(self._secret(found, row), found.licence, id, row.sealed), verdicts

    async def decide(
        self, principal: Principal, verdict: Verdict, id: UUID, *, validate_only: bool = False
    ) -> Discrepancy:
        """Confirm or dismiss a discrepancy; gives it as it is then, or would be where it is only validated.

        Raises Forbidden, NotFound, Refused where its state does not allow it.
        """
        assert verdict is not Verdict.APPLY
        operation = f"check.{verdict}"
        found, row = await self._find_for(principal, operation, id)
        deciding = self._deciding(principal, operation, found, validate_only=validate_only)
        async with deciding, self.database.write([row.scope], principal.offices) as work:
            state = await decide(work.connection, principal, row.scope, id, verdict)
            if not validate_only:
                await work.commit()
        return replace(found, state=state)

    async def apply(
        self, principal: Principal, id: UUID, request: ActRequest, facts: Mapping[str, str] = NO_FACTS
    ) -> Applied:
        """Do the register's act that a discrepancy calls for, and note it; the request's licence and key are set here.
        A correction without values enters these facts of the holder (such as `family_name`), without facts what was
        told; without a version, it is of the one that was checked.

        Raises Forbidden, NotFound, and Refused: where the state does not allow it, a death was not confirmed by
        somebody else, or the act itself is refused. Then nothing is stored.
        """
        found, row = await self._find_for(principal, "check.apply", id)
        async with self._deciding(principal, "check.apply", found, validate_only=request.validate_only):
            verb = await self._applicable(principal, found)
            evidence = open_evidence(self._secret(found, row), found.licence, found.id, row.sealed)
            holder = self.scopes.host[found.profession].plugin.holder
            asked = request_of(found, row.version, verb, evidence, holder, request, facts)
            done = await self.office.act(principal, verb, asked, found.profession)
            if not request.validate_only:
                async with self.database.write([row.scope], principal.offices) as work:
                    await decide(work.connection, principal, row.scope, id, Verdict.APPLY, done.action)
                    await work.commit()
        return Applied(replace(found, state=DiscrepancyState.APPLIED), done.action)

    def may(self, principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> list[Verdict]:
        """The verdicts that this caller may give now; the register may still refuse the act that applies one."""
        if not principal.may(Permission.CHECK_DECIDE, found.profession):
            return []
        able = [each for each in Verdict if found.state in VERDICT_STEPS[each][0]]
        return (
            able
            if self._may_apply(principal, found, verdicts)
            else [v for v in able if v is not Verdict.APPLY]
        )

    def _may_apply(self, principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> bool:
        act = ACTS.get(found.outcome)
        return (
            act is not None
            and principal.may(Permission(f"registry:licence:{act}"), found.profession)
            and second_person(principal, found, verdicts)
        )

    def _narrowed(self, principal: Principal, filter: QueueFilter) -> Select[Any]:
        """The rows of a filter that the caller reaches."""
        numbers = self.scopes.of_principal(principal)
        return filter.narrow(in_reach(numbers, principal.offices), self.scopes.numbers)

    async def _shown(self, principal: Principal, rows: Sequence[Row[Any]]) -> list[Discrepancy]:
        """Discrepancies from rows in the queue's order; first a leaf for each profession names them."""
        found = [discrepancy_of(each, self.scopes.code(each.scope)) for each in rows]
        for profession, each in groupby(found, lambda d: d.profession):
            await self._record(principal, LeafKind.READ, OPERATION, profession, *each)
        return found

    def _secret(self, found: Discrepancy, row: Any) -> bytes:
        envelope = sealing.licence_envelope(self.keys, found.profession)
        return sealing.open_licence_key(envelope, found.licence, row.wrapped_key, row.key_version)

    async def _applicable(self, principal: Principal, found: Discrepancy) -> Verb:
        """The verb by which a discrepancy may be applied now, by this person; raises Refused."""
        if found.outcome not in ACTS:
            raise Refused(nothing_to_apply())
        if found.state not in VERDICT_STEPS[Verdict.APPLY][0]:
            raise Refused(wrong_state())
        async with self._reading(principal) as connection:
            demand_second(principal, found, await verdicts_of(connection, found.id))
        return ACTS[found.outcome]

    async def _find(
        self, principal: Principal, permission: Permission, operation: str, id: UUID
    ) -> tuple[Discrepancy, Any]:
        """The discrepancy of an id within the caller's reach, and its row."""
        await self.guard.demand(principal, permission, operation)
        statement = in_reach(self.scopes.of_principal(principal), principal.offices)
        async with self._reading(principal) as connection:
            row = (await connection.execute(statement.where(check_discrepancy.c.id == id))).one_or_none()
        if row is None:
            raise NotFound("discrepancy")
        return discrepancy_of(row, self.scopes.code(row.scope)), row

    async def _find_for(self, principal: Principal, operation: str, id: UUID) -> tuple[Discrepancy, Any]:
        """The same for whoever would decide; a leaf says that somebody wanted to, where there is none."""
        try:
            return await self._find(principal, Permission.CHECK_DECIDE, operation, id)
        except NotFound as error:
            await self.guard.refused(principal, operation, None, error.code)
            raise

    def _reading(self, principal: Principal) -> Any:
        return self.database.read(self.scopes.of_principal(principal), principal.offices)

    @asynccontextmanager
    async def _deciding(
        self, principal: Principal, operation: str, found: Discrepancy, *, validate_only: bool
    ) -> AsyncIterator[None]:
        """Leave a leaf before and after what is not only validated, and one of a refusal before it is told."""
        if not validate_only:
            await self._record(principal, LeafKind.INTENT, operation, found.profession, found)
        try:
            yield
        except Refused as error:
            subjects = (found.pseudonym,)
            rule = error.findings[0].rule
            await self.guard.refused(principal, operation, found.profession, rule, subjects)
            raise
        if not validate_only:
            await self._record(principal, LeafKind.DONE, operation, found.profession, found)

    async def _record(
        self, principal: Principal, kind: LeafKind, operation: str, profession: str, *about: Discrepancy
    ) -> None:
        subjects = tuple(dict.fromkeys(each.pseudonym for each in about))
        await self.guard.audit.record(leaf(principal, kind, operation, profession, subjects=subjects))
