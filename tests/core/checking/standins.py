"""A registry that the tests answer for, and a check of a few doctors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from meibo.access.permissions import Role
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.opening import Checks, open_checks
from meibo.checking.outcomes import Key, Number
from meibo.checking.plans import Plan
from meibo.checking.rows import Run
from meibo.checking.states import RunVerb
from meibo.errors import SourceUnavailable
from meibo.installation import Installation
from meibo.jobs import Worker
from meibo.professions.compiled import Profession
from tests.installed import principal

PLANNER = principal(Role.ADMINISTRATOR, account="planner")
APPROVER = principal(Role.ADMINISTRATOR, account="approver")
PLAN = Plan(source="registry", professions=("doctor",))


def echoed(held: Held, **changed: Any) -> Reply:
    """The reply that tells what is held, some of it changed."""
    told: dict[str, Any] = {
        "name": held.name, "kana": held.kana, "birth_date": held.birth_date, "sex": held.sex,
        "address": held.address, "number": Number.SAME,
    }  # fmt: skip
    return Reply(Key.NUMBER, (Told(**(told | changed)),))


@dataclass(slots=True)
class Registry:
    """Tells what is held, but for whoever something happened to."""

    happened: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    replies_of: dict[UUID, Reply] = field(default_factory=dict)
    silent: set[UUID] = field(default_factory=set)
    late: bool = False
    down: bool = False
    asked: dict[UUID, list[UUID]] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    name: str = "registry"

    def may_ask(self, profession: Profession, day: date) -> bool:
        return profession.code not in self.barred

    async def replies(
        self, batch: UUID, profession: str, asked: Mapping[UUID, Held]
    ) -> Mapping[UUID, Reply] | None:
        if self.down:
            raise SourceUnavailable
        self.asked[batch] = [*asked]
        if self.late:
            return None
        return {
            licence: self.replies_of.get(licence) or echoed(held, **self.happened.get(licence, {}))
            for licence, held in asked.items()
            if licence not in self.silent
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """An installation whose checks ask that registry."""

    installation: Installation
    registry: Registry
    checks: Checks

    @classmethod
    def of(cls, installation: Installation, registry: Registry) -> Checked:
        i = installation
        checks = open_checks(i.register, i.scopes, i.keys, i.office, i.guard, [registry], "test")
        return cls(i, registry, checks)

    @property
    def worker(self) -> Worker:
        return Worker(self.installation.register, self.checks.handlers)

    async def run(self, plan: Plan = PLAN) -> Run:
        """Plan and approve a run."""
        planned = await self.checks.runs.plan(PLANNER, plan)
        return await self.checks.runs.act(APPROVER, RunVerb.APPROVE, planned.id)

    async def work(self) -> None:
        """Do whatever is due."""
        worker = self.worker
        while await worker.run_one():
            pass

    async def outcomes(self, run: Run) -> dict[str, int]:
        """How many holders came to each outcome that somebody came to."""
        report = await self.checks.runs.report(PLANNER, run.id)
        return {outcome.value: count for outcome, count in report.by_outcome.items() if count}
