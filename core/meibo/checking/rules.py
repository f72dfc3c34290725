"""What an administrator lets be applied by itself: dated, for one profession and one outcome, by two people.

Without a rule nothing is. A name, a death or a number never is, whatever a rule says: see `MAY_BE_AUTOMATIC`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import finding
from meibo.checking.tables import check_rule
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, NotFound, Refused
from meibo.registry.scopes import Scopes

MAY_BE_AUTOMATIC = frozenset({Outcome.MOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From a day on, an outcome of a profession's checks is applied by itself, or no longer; acts that follow bear
    this reason (a code) and legal basis."""

    profession: str
    outcome: Outcome
    start_date: date
    automatic: bool
    reason: str = ""
    legal_basis: str = ""

    def findings(self, today: date) -> Iterator[Finding]:
        """Why it may not be set, one finding for each reason."""
        if self.automatic and self.outcome not in MAY_BE_AUTOMATIC:
            yield finding(
                "outcome",
                "自動で反映できるのは住所の変更だけです。",
                "Only a new address may be applied by itself.",
                rule="check.never_automatic",
            )
        if self.start_date < today:
            yield finding(
                "start_date", "過去の日からは適用できません。", "A rule holds from today or a later day on."
            )
        if self.automatic and not (self.reason and self.legal_basis):
            yield finding(
                "reason",
                "反映の理由と根拠を記入してください。",
                "Give the reason and the legal basis of the acts that follow.",
                FindingCode.REQUIRED,
            )


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule, who proposed it, and who approved it."""

    id: UUID
    rule: Rule
    proposed_by: str
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The verbs on rules; each needs `registry:check:rule`."""

    database: Database
    scopes: Scopes
    guard: Guard

    async def listed(self, principal: Principal) -> list[KeptRule]:
        """The rules of the caller's professions, newest first; raises Forbidden."""
        await self.guard.demand(principal, Permission.CHECK_RULE, "check.rules")
        numbers = self.scopes.of_principal(principal)
        newest = check_rule.c.start_date.desc(), check_rule.c.proposed_at.desc()
        async with self.database.read(numbers) as connection:
            rows = await connection.execute(
                select(check_rule).where(check_rule.c.scope.in_(numbers)).order_by(*newest)
            )
            return [self._kept(row) for row in rows]

    async def propose(self, principal: Principal, rule: Rule, *, validate_only: bool = False) -> KeptRule:
        """Enter a rule, which holds once somebody else has approved it; raises Forbidden, Refused."""
        operation = "check.propose_rule"
        await self.guard.demand(principal, Permission.CHECK_RULE, operation, rule.profession)
        if rule.profession not in self.scopes.numbers:
            raise NotFound("profession")
        if findings := [*rule.findings(clock.today())]:
            await self.guard.refused(principal, operation, rule.profession, findings[0].rule)
            raise Refused(*findings)
        id, scope = uuid4(), self.scopes.of(rule.profession)
        row = {
            "id": id, "scope": scope, "outcome": rule.outcome, "start_date": rule.start_date,
            "automatic": rule.automatic, "reason": rule.reason, "legal_basis": rule.legal_basis,
            "proposed_at": clock.now(), "proposed_by": principal.account,
        }  # fmt: skip
        async with (
            self._acting(principal, operation, id, validate_only),
            self.database.write([scope]) as work,
        ):
            await work.connection.execute(insert(check_rule), row)
            if not validate_only:
                await work.commit()
        return KeptRule(id, rule, principal.account, None)

    async def approve(self, principal: Principal, id: UUID, *, validate_only: bool = False) -> KeptRule:
        """Let a rule hold; gives it as it is then, or would be where it is only validated.

        Raises Forbidden, NotFound where none waits, Refused for whoever proposed it.
        """
        operation = "check.approve_rule"
        await self.guard.demand(principal, Permission.CHECK_RULE, operation)
        row, numbers = check_rule.c, self.scopes.of_principal(principal)
        waits = (row.id == id, row.scope.in_(numbers), row.approved_at.is_(None))
        async with (
            self._acting(principal, operation, id, validate_only),
            self.database.write(numbers) as work,
        ):
            found = (await work.connection.execute(select(check_rule).where(*waits))).one_or_none()
            if found is None:
                await self.guard.refused(principal, operation, None, NotFound.code)
                raise NotFound("rule that waits")
            if found.proposed_by == principal.account:
                await self.guard.refused(principal, operation, None, "check.second_person")
                raise Refused(_second_person())
            approved = {"approved_at": clock.now(), "approved_by": principal.account}
            await work.connection.execute(update(check_rule).where(*waits).values(approved))
            if not validate_only:
                await work.commit()
        return replace(self._kept(found), approved_by=principal.account)

    def _acting(
        self, principal: Principal, operation: str, id: UUID, validate_only: bool
    ) -> AbstractAsyncContextManager[None]:
        """Leave a leaf before and after what is not only validated."""
        return nullcontext() if validate_only else self.guard.acting(principal, operation, str(id))

    def _kept(self, row: Any) -> KeptRule:
        return KeptRule(row.id, rule_of(row, self.scopes.code(row.scope)), row.proposed_by, row.approved_by)


def rule_of(row: Any, profession: str) -> Rule:
    """A rule from its row."""
    return Rule(
        profession=profession, outcome=Outcome(row.outcome), start_date=row.start_date, automatic=row.automatic,
        reason=row.reason, legal_basis=row.legal_basis,
    )  # fmt: skip


async def rules_in_force(connection: AsyncConnection, scope: int, day: date) -> Mapping[str, Any]:
    """The rules by which something is applied by itself on a day, by outcome: of several the last that began."""
    row = check_rule.c
    approved = (row.scope == scope, row.approved_at.is_not(None), row.start_date <= day)
    found = await connection.execute(
        select(check_rule).where(*approved).order_by(row.start_date, row.approved_at)
    )
    last = {each.outcome: each for each in found}
    return {outcome: each for outcome, each in last.items() if each.automatic and outcome in MAY_BE_AUTOMATIC}


def _second_person() -> Finding:
    return finding(
        "second_person",
        "提案した方は承認できません。別の方が承認してください。",
        "Whoever proposed a rule does not approve it: let somebody else do that.",
        FindingCode.NEEDS_SECOND_PERSON,
    )
