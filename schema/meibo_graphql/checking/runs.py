"""Runs: planned, counted before anything is sent, approved by a second person, followed until they are over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.checking.plans import MOST_PER_BATCH, STANDING, Plan
from meibo.checking.rows import Report, Run
from meibo.checking.runs import Runs
from meibo.checking.states import BatchState, RunState, RunVerb
from meibo.database.paging import PageRequest
from meibo.errors import NotFound
from meibo.register.fold import State
from meibo_graphql.checking import outcomes
from meibo_graphql.checking.outcomes import Outcome
from meibo_graphql.context import of
from meibo_graphql.pages import Connection, connected
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import Language, UserError

strawberry.enum(RunState, name="CheckRunState", description="Where a run of a check stands.")
strawberry.enum(BatchState, name="CheckBatchState", description="Where a batch of holders stands.")


@strawberry.type(description="How many holders of a profession a plan asks about, by standing.")
class CheckClass:
    profession: strawberry.ID
    standing: State
    count: int


@strawberry.type(description="How many batches stand so, and the holders in them.")
class CheckProgress:
    state: BatchState
    batches: int
    holders: int


@strawberry.type(description="How many holders came to an outcome.")
class CheckOutcomeCount:
    outcome: Outcome
    count: int

    @strawberry.field(description="The outcome in words.")
    def label(self, language: Language = Language.JA) -> str:
        return outcomes.label(self.outcome, language)


@strawberry.type(description="How many holders of one profession and one decade of age came to an outcome.")
class CheckTally:
    profession: strawberry.ID
    outcome: Outcome
    age: int | None = strawberry.field(
        description="The first year of the decade; null where no age is known."
    )
    count: int


@strawberry.type(description="照会結果: how far a run is, and what it has come to.")
class CheckReport:
    progress: list[CheckProgress] = strawberry.field(
        description="Batches by state; none before the approval."
    )
    outcomes: list[CheckOutcomeCount] = strawberry.field(description="Every outcome, also one of nobody.")
    tallies: list[CheckTally]


@strawberry.type(description="定期照会: a check of many holders at an outside registry.")
class CheckRun:
    id: strawberry.ID
    source: strawberry.ID = strawberry.field(description="The registry that is asked, from checkSources.")
    professions: list[strawberry.ID]
    standings: list[State] = strawberry.field(description="Of which licences it asks.")
    per_day: int = strawberry.field(description="Holders a day.")
    per_batch: int = strawberry.field(description="Holders of one question to the registry.")
    state: RunState
    planned_by: str
    planned_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ended_at: datetime | None = strawberry.field(description="When it was over, or was ended.")
    kept: strawberry.Private[Run]

    @strawberry.field
    async def report(self, info: Info[Any, Any]) -> CheckReport:
        return reported(await _runs(info).report(of(info).principal, self.kept.id))


@strawberry.input(description="Plan a run, which waits for somebody else's approval.")
class PlanCheckRunInput:
    source: strawberry.ID = strawberry.field(description="From checkSources.")
    professions: list[strawberry.ID]
    standings: list[State] = strawberry.field(
        default_factory=lambda: [*STANDING], description="REVOKED may be asked about too, STRUCK_OFF never."
    )
    per_day: int = 100_000
    per_batch: int = MOST_PER_BATCH
    validate_only: bool = False


@strawberry.input
class CheckRunActInput:
    run_id: strawberry.ID
    validate_only: bool = False


@strawberry.type
class PlanCheckRunPayload:
    run: CheckRun | None
    user_errors: list[UserError]
    plan: strawberry.Private[Plan]

    @strawberry.field(description="Whom the plan asks about, as of now: counted only when selected.")
    async def classes(self, info: Info[Any, Any]) -> list[CheckClass]:
        if self.user_errors:
            return []
        found = await _runs(info).estimate(of(info).principal, self.plan)
        return [
            CheckClass(profession=strawberry.ID(each.profession), standing=each.standing, count=each.count)
            for each in found
        ]


@strawberry.type
class CheckRunPayload:
    run: CheckRun | None
    user_errors: list[UserError]


async def resolve_sources(info: Info[Any, Any]) -> list[strawberry.ID]:
    """The registries that may be asked."""
    return [strawberry.ID(name) for name in await _runs(info).listed_sources(of(info).principal)]


async def resolve_runs(
    info: Info[Any, Any],
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[CheckRun]:
    """A page of runs."""
    request = PageRequest(first, after, last, before)
    return connected(await _runs(info).listed(of(info).principal, request), shown)


async def resolve_run(info: Info[Any, Any], id: strawberry.ID) -> CheckRun | None:
    """A run by its id; null where there is none."""
    try:
        return shown(await _runs(info).run(of(info).principal, named(id)))
    except NotFound:
        return None


async def plan(info: Info[Any, Any], input: PlanCheckRunInput) -> PlanCheckRunPayload:
    """Enter a run."""
    planned = Plan(
        source=input.source, professions=tuple(input.professions), standings=tuple(input.standings),
        per_day=input.per_day, per_batch=input.per_batch,
    )  # fmt: skip
    act = _runs(info).plan(of(info).principal, planned, validate_only=input.validate_only)
    run, errors = await attempt(act, "professions", "check.professions")
    return PlanCheckRunPayload(
        run=None if run is None or input.validate_only else shown(run), user_errors=errors, plan=planned
    )


def step(verb: RunVerb) -> Callable[..., Any]:
    """The resolver of a verb on a run."""

    async def resolve(info: Info[Any, Any], input: CheckRunActInput) -> CheckRunPayload:
        told = of(info).principal, verb, named(input.run_id)
        act = _runs(info).act(*told, validate_only=input.validate_only)
        run, errors = await attempt(act, "run_id", "check.unknown_run")
        return CheckRunPayload(
            run=None if run is None or input.validate_only else shown(run), user_errors=errors
        )

    return resolve


QUERIES = {
    "check_sources": strawberry.field(
        resolver=resolve_sources, description="照会先: the registries that a check may ask, by name."
    ),
    "check_runs": strawberry.field(
        resolver=resolve_runs,
        description="定期照会の一覧: runs of the caller's professions, the newest first.",
    ),
    "check_run": strawberry.field(resolver=resolve_run, description="A run by its id."),
}
"""The root fields, by name."""
MUTATIONS = {
    "plan_check_run": strawberry.field(
        resolver=plan,
        description="定期照会の計画: with validateOnly a dry run, which counts whom it would ask about.",
    ),
    "approve_check_run": strawberry.field(
        resolver=step(RunVerb.APPROVE),
        description="承認: let a run begin. By another person than who planned it.",
    ),
    "pause_check_run": strawberry.field(
        resolver=step(RunVerb.PAUSE), description="一時停止: ask about nobody more until it is resumed."
    ),
    "resume_check_run": strawberry.field(
        resolver=step(RunVerb.RESUME), description="再開: let a paused run go on."
    ),
    "end_check_run": strawberry.field(
        resolver=step(RunVerb.END), description="終了: end a run for good; what it found stays."
    ),
}
"""The office's verbs, by name."""


def shown(run: Run) -> CheckRun:
    """A run as the API shows it."""
    return CheckRun(
        id=strawberry.ID(str(run.id)), source=strawberry.ID(run.plan.source),
        professions=[strawberry.ID(code) for code in run.plan.professions], standings=[*run.plan.standings],
        per_day=run.plan.per_day, per_batch=run.plan.per_batch, state=run.state, planned_by=run.planned_by,
        planned_at=run.planned_at, approved_by=run.approved_by, approved_at=run.approved_at,
        ended_at=run.ended_at, kept=run,
    )  # fmt: skip


def reported(report: Report) -> CheckReport:
    """A report as the API shows it."""
    return CheckReport(
        progress=[
            CheckProgress(state=each.state, batches=each.batches, holders=each.holders)
            for each in report.progress
        ],
        outcomes=[
            CheckOutcomeCount(outcome=outcome, count=count) for outcome, count in report.by_outcome.items()
        ],
        tallies=[
            CheckTally(
                profession=strawberry.ID(each.profession), outcome=each.outcome,
                age=None if each.age < 0 else each.age, count=each.count,
            )
            for each in report.tallies
        ],
    )  # fmt: skip


def _runs(info: Info[Any, Any]) -> Runs:
    return of(info).installation.checks.runs
