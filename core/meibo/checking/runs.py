"""The verbs on runs: planned by one person, approved by another, paused, resumed, ended, reported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.checking import rows
from meibo.checking.plans import Class, Plan, add_batches, classes_of, finding
from meibo.checking.portions import CHECK, begin_portion, lock_run
from meibo.checking.rows import Report, Run
from meibo.checking.sources import Source
from meibo.checking.states import RUN_STEPS, RunState, RunVerb
from meibo.checking.tables import check_run
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import walk
from meibo.errors import FindingCode, NotFound, Refused
from meibo.registry.scopes import Scopes

PERMISSIONS: Mapping[RunVerb, Permission] = {
    RunVerb.APPROVE: Permission.CHECK_APPROVE,
    RunVerb.PAUSE: Permission.CHECK_PLAN,
    RunVerb.RESUME: Permission.CHECK_APPROVE,
    RunVerb.END: Permission.CHECK_PLAN,
}
"""What each verb demands: whoever may plan may stop; to let go on is to approve."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one installation."""

    database: Database
    scopes: Scopes
    sources: Mapping[str, Source]
    keys: KeyProvider
    guard: Guard

    async def listed_sources(self, principal: Principal) -> list[str]:
        """The registries that a plan may name; raises Forbidden."""
        await self.guard.demand(principal, Permission.CHECK_PLAN, "check.sources")
        return sorted(self.sources)

    async def estimate(self, principal: Principal, plan: Plan) -> list[Class]:
        """How many holders a plan would ask about, by class: nothing is stored and nothing is sent.

        Raises Forbidden, Refused.
        """
        await self._demand(principal, Permission.CHECK_PLAN, "check.estimate", plan.professions)
        self._judge(plan)
        async with self.database.read(self._numbers(plan)) as connection:
            found = [
                await classes_of(connection, code, self.scopes.of(code), plan, clock.today())
                for code in plan.professions
            ]
        return [each for classes in found for each in classes]

    async def plan(self, principal: Principal, plan: Plan, *, validate_only: bool = False) -> Run:
        """Enter a run, which waits for a second person; raises Forbidden, Refused."""
        operation = "check.plan"
        await self._demand(principal, Permission.CHECK_PLAN, operation, plan.professions)
        self._judge(plan)
        id = uuid4()
        row = {
            "id": id, "source": plan.source, "professions": " ".join(plan.professions),
            "standings": " ".join(plan.standings), "per_day": plan.per_day, "per_batch": plan.per_batch,
            "state": RunState.PLANNED, "planned_at": clock.now(), "planned_by": principal.account,
        }  # fmt: skip
        acting = self._acting(principal, operation, id, validate_only=validate_only)
        async with acting, self.database.write() as work:
            await work.connection.execute(insert(check_run), row)
            made = await rows.find_run(work.connection, id)
            if not validate_only:
                await work.commit()
        assert made is not None
        return made

    async def act(self, principal: Principal, verb: RunVerb, id: UUID, *, validate_only: bool = False) -> Run:
        """Do a verb on a run; gives the run as it is then, or would be where it is only validated.

        An approval divides the run into batches and begins the first day. Raises Forbidden, NotFound, and Refused
        where its state does not allow it, or where whoever planned it would approve it.
        """
        operation = f"check.{verb}"
        run = await self._found(principal, PERMISSIONS[verb], operation, id)
        acting = self._acting(principal, operation, id, validate_only=validate_only)
        async with acting, self.database.write(self._numbers(run.plan)) as work:
            await self._step(work.connection, principal, verb, run)
            changed = await rows.find_run(work.connection, id)
            if not validate_only:
                await work.commit()
        assert changed is not None
        return changed

    async def listed(self, principal: Principal, request: PageRequest = FIRST_PAGE) -> Page[Run]:
        """A page of the runs whose professions are all in the caller's scope, the newest first. Raises Forbidden,
        BadCursor, InvalidValue."""
        await self.guard.demand(principal, Permission.CHECK_READ, "check.list")
        way = walk(self.keys, "check-runs", rows.ORDER, sorted(principal.professions), principal.account)
        async with self.database.read() as connection:
            found = await way.page(connection, rows.runs_within(principal.professions), request)
        return found.showing([rows.run_of(row) for row in found.nodes])

    async def run(self, principal: Principal, id: UUID) -> Run:
        """A run by its id; raises Forbidden, NotFound."""
        return await self._found(principal, Permission.CHECK_READ, "check.run", id)

    async def report(self, principal: Principal, id: UUID) -> Report:
        """What a run has come to; raises Forbidden, NotFound."""
        run = await self._found(principal, Permission.CHECK_READ, "check.report", id)
        codes = {self.scopes.of(code): code for code in run.plan.professions if code in self.scopes.numbers}
        async with self.database.read(codes) as connection:
            return await rows.report_of(connection, run, codes)

    async def _found(self, principal: Principal, permission: Permission, operation: str, id: UUID) -> Run:
        """The run, of which the caller must reach every profession."""
        await self.guard.demand(principal, permission, operation)
        async with self.database.read() as connection:
            run = await rows.find_run(connection, id)
        if run is None:
            raise NotFound("run")
        await self._demand(principal, permission, operation, run.plan.professions)
        return run

    async def _step(self, connection: AsyncConnection, principal: Principal, verb: RunVerb, run: Run) -> None:
        """Change a run's state under its lock."""
        allowed, state = RUN_STEPS[verb]
        if (await lock_run(connection, run.id)).state not in allowed:
            raise Refused(_wrong_state())
        values: dict[str, Any] = {"state": state}
        if verb is RunVerb.APPROVE:
            _demand_second(principal, run.planned_by)
            values |= {"approved_at": clock.now(), "approved_by": principal.account}
        if state is RunState.ENDED:
            values |= {"ended_at": clock.now()}
        await connection.execute(update(check_run).where(check_run.c.id == run.id).values(values))
        if verb is RunVerb.APPROVE:
            await self._begin(connection, run)

    async def _begin(self, connection: AsyncConnection, run: Run) -> None:
        """Divide a run into batches, and begin its first day."""
        number, today = 1, clock.today()
        for code in run.plan.professions:
            number = await add_batches(connection, run.id, self.scopes.of(code), run.plan, today, number)
        if number == 1:
            raise Refused(
                finding(
                    "professions",
                    "該当する名簿登録者がいません。",
                    "There is nobody to ask about.",
                    FindingCode.NOT_FOUND,
                )
            )
        await begin_portion(connection, CHECK, run.id, today)

    async def _demand(
        self, principal: Principal, permission: Permission, operation: str, professions: Collection[str]
    ) -> None:
        await self.guard.demand(principal, permission, operation)
        for code in professions:
            await self.guard.demand(principal, permission, operation, code)

    def _judge(self, plan: Plan) -> None:
        findings = [*plan.findings(self.sources, self.scopes.host.professions)]
        if findings:
            raise Refused(*findings)

    def _numbers(self, plan: Plan) -> list[int]:
        return [self.scopes.of(code) for code in plan.professions]

    @asynccontextmanager
    async def _acting(
        self, principal: Principal, operation: str, id: UUID, *, validate_only: bool
    ) -> AsyncIterator[None]:
        """Leave a leaf before and after what is not only validated, and one of a refusal before it is told."""
        try:
            async with nullcontext() if validate_only else self.guard.acting(principal, operation, str(id)):
                yield
        except Refused as error:
            await self.guard.refused(principal, operation, None, error.findings[0].rule)
            raise


def _wrong_state() -> Any:
    return finding(
        "state",
        "今の状態ではできません。",
        "The run's present state does not allow this.",
        FindingCode.WRONG_STATE,
    )


def _demand_second(principal: Principal, first: str) -> None:
    if principal.account == first:
        raise Refused(
            finding(
                "second_person",
                "計画した方は承認できません。別の方が承認してください。",
                "Whoever planned a run does not approve it: let somebody else do that.",
                FindingCode.NEEDS_SECOND_PERSON,
            )
        )
