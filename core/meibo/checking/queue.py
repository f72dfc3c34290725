"""The office's verbs on discrepancies: list them, open the evidence, decide, apply.

Applying is an act of the register like any other, with its own permission, rules and checks; the discrepancy names it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.checking.acts import ACTS, NO_FACTS, nothing_to_apply, request_of
from meibo.checking.discrepancies import (
    Discrepancy,
    KeptVerdict,
    decide,
    demand_second,
    second_person,
    verdicts_of,
    wrong_state,
)
from meibo.checking.evidence import Evidence
from meibo.checking.pages import OPEN, ORDER, QueueFilter
from meibo.checking.reaching import Reach
from meibo.checking.states import VERDICT_STEPS, DiscrepancyState, Verdict
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.walking import walk
from meibo.errors import Refused
from meibo.register.fold import Verb
from meibo.registry.office import Office
from meibo.registry.requests import ActRequest

OPERATION = "check.queue"


@dataclass(frozen=True, slots=True)
class Applied:
    """A discrepancy as it stands once it is applied, and the register's act; None where it was only validated."""

    discrepancy: Discrepancy
    action: UUID | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The discrepancies of one installation."""

    reach: Reach
    office: Office

    async def listed(
        self, principal: Principal, filter: QueueFilter = OPEN, request: PageRequest = FIRST_PAGE
    ) -> Page[Discrepancy]:
        """A page of the discrepancies of a filter, of the licences that the caller reaches; a leaf for each profession
        names them. Raises Forbidden, BadCursor, InvalidValue."""
        await self.reach.guard.demand(principal, Permission.CHECK_OPEN, OPERATION, filter.profession)
        way = walk(self.reach.keys, "checks", ORDER, filter, principal.account)
        async with self.reach.reading(principal) as connection:
            rows = await way.page(connection, self.reach.narrowed(principal, filter), request)
        return rows.showing(await self.reach.shown(principal, OPERATION, rows.nodes))

    async def count(self, principal: Principal, filter: QueueFilter) -> int:
        """How many there are on all pages, now; raises Forbidden."""
        await self.reach.guard.demand(principal, Permission.CHECK_OPEN, OPERATION, filter.profession)
        statement = select(func.count()).select_from(self.reach.narrowed(principal, filter).subquery())
        async with self.reach.reading(principal) as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def opened(self, principal: Principal, id: UUID) -> tuple[Discrepancy, Evidence, list[KeptVerdict]]:
        """A discrepancy with what was held and told, and what was decided; a leaf names it first.

        Raises Forbidden, NotFound.
        """
        found, row = await self.reach.find(principal, Permission.CHECK_OPEN, "check.open", id)
        async with self.reach.reading(principal) as connection:
            verdicts = await verdicts_of(connection, id)
        await self.reach.record(principal, LeafKind.READ, "check.open", found.profession, found)
        return found, self.reach.evidence(found, row), verdicts

    async def decide(
        self, principal: Principal, verdict: Verdict, id: UUID, *, validate_only: bool = False
    ) -> Discrepancy:
        """Confirm or dismiss a discrepancy; gives it as it is then, or would be where it is only validated.

        Raises Forbidden, NotFound, Refused where its state does not allow it.
        """
        assert verdict is not Verdict.APPLY
        operation = f"check.{verdict}"
        found, row = await self.reach.find_to_decide(principal, operation, id)
        deciding = self._deciding(principal, operation, found, validate_only=validate_only)
        async with deciding, self.reach.database.write([row.scope], principal.offices) as work:
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
        found, row = await self.reach.find_to_decide(principal, "check.apply", id)
        async with self._deciding(principal, "check.apply", found, validate_only=request.validate_only):
            verb = await self._applicable(principal, found)
            evidence = self.reach.evidence(found, row)
            holder = self.reach.scopes.host[found.profession].plugin.holder
            asked = request_of(found, row.version, verb, evidence, holder, request, facts)
            done = await self.office.act(principal, verb, asked, found.profession)
            if not request.validate_only:
                async with self.reach.database.write([row.scope], principal.offices) as work:
                    await decide(work.connection, principal, row.scope, id, Verdict.APPLY, done.action)
                    await work.commit()
        return Applied(replace(found, state=DiscrepancyState.APPLIED), done.action)

    def may(self, principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> list[Verdict]:
        """The verdicts that this caller may give now; the register may still refuse the act that applies one."""
        if not principal.may(Permission.CHECK_DECIDE, found.profession):
            return []
        able = [each for each in Verdict if found.state in VERDICT_STEPS[each][0]]
        return [
            each for each in able if each is not Verdict.APPLY or self._may_apply(principal, found, verdicts)
        ]

    def _may_apply(self, principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> bool:
        act = ACTS.get(found.outcome)
        return (
            act is not None
            and principal.may(Permission(f"registry:licence:{act}"), found.profession)
            and second_person(principal, found, verdicts)
        )

    async def _applicable(self, principal: Principal, found: Discrepancy) -> Verb:
        """The verb by which a discrepancy may be applied now, by this person; raises Refused."""
        if found.outcome not in ACTS:
            raise Refused(nothing_to_apply())
        if found.state not in VERDICT_STEPS[Verdict.APPLY][0]:
            raise Refused(wrong_state())
        async with self.reach.reading(principal) as connection:
            demand_second(principal, found, await verdicts_of(connection, found.id))
        return ACTS[found.outcome]

    @asynccontextmanager
    async def _deciding(
        self, principal: Principal, operation: str, found: Discrepancy, *, validate_only: bool
    ) -> AsyncIterator[None]:
        """Leave a leaf before and after what is not only validated, and one of a refusal before it is told."""
        if not validate_only:
            await self.reach.record(principal, LeafKind.INTENT, operation, found.profession, found)
        try:
            yield
        except Refused as error:
            subjects = (found.pseudonym,)
            rule = error.findings[0].rule
            await self.reach.guard.refused(principal, operation, found.profession, rule, subjects)
            raise
        if not validate_only:
            await self.reach.record(principal, LeafKind.DONE, operation, found.profession, found)
