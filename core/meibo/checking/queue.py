"""The office's verbs on discrepancies: list them, open the evidence, decide, apply.

Applying is an act of the register like any other, with its own permission, rules and checks; the discrepancy names it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.checking.discrepancies import (
    Discrepancy,
    KeptVerdict,
    decide,
    demand_second,
    discrepancy_of,
    in_reach,
    verdicts_of,
    wrong_state,
)
from meibo.checking.evidence import Evidence, open_evidence
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import finding
from meibo.checking.proposals import proposed
from meibo.checking.states import VERDICT_STEPS, DiscrepancyState, Verdict
from meibo.checking.tables import check_discrepancy
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import FindingCode, NotFound, Refused
from meibo.register import sealing
from meibo.register.fold import Verb
from meibo.registry.office import Office
from meibo.registry.requests import ActRequest
from meibo.registry.requests import Outcome as ActOutcome
from meibo.registry.scopes import Scopes

MOST_LISTED = 1_000
ACTS: Mapping[Outcome, Verb] = {
    Outcome.DEAD: Verb.STRIKE_OFF,
    Outcome.RENAMED: Verb.CORRECT,
    Outcome.MOVED: Verb.CORRECT,
}
"""The act of the register by which an outcome is applied; the others are looked into, and confirmed or dismissed."""


def key_of(id: UUID) -> str:
    """The idempotency key of the act that applies a discrepancy: whoever dies in between does it once."""
    return f"check-{id}"


@dataclass(frozen=True, slots=True)
class Queue:
    """The discrepancies of one installation."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    office: Office
    guard: Guard

    async def listed(
        self,
        principal: Principal,
        state: DiscrepancyState = DiscrepancyState.OPEN,
        outcome: Outcome | None = None,
    ) -> list[Discrepancy]:
        """The oldest discrepancies in a state, 1,000 at most, of the licences that the caller reaches; a leaf for
        each profession names them. Raises Forbidden."""
        await self.guard.demand(principal, Permission.CHECK_OPEN, "check.queue")
        row = check_discrepancy.c
        statement = in_reach(self.scopes.of_principal(principal), principal.offices).where(row.state == state)
        if outcome is not None:
            statement = statement.where(row.outcome == outcome)
        order = (row.scope, row.found_at, row.id)
        async with self._reading(principal) as connection:
            rows = await connection.execute(statement.order_by(*order).limit(MOST_LISTED))
            found = [discrepancy_of(each, self.scopes.code(each.scope)) for each in rows]
        for profession, each in groupby(found, lambda d: d.profession):
            await self._record(principal, LeafKind.READ, "check.queue", profession, *each)
        return found

    async def opened(self, principal: Principal, id: UUID) -> tuple[Discrepancy, Evidence, list[KeptVerdict]]:
        """A discrepancy with what was held and told, and what was decided; a leaf names it first.

        Raises Forbidden, NotFound.
        """
        found, row = await self._find(principal, Permission.CHECK_OPEN, "check.open", id)
        async with self._reading(principal) as connection:
            verdicts = await verdicts_of(connection, id)
        await self._record(principal, LeafKind.READ, "check.open", found.profession, found)
        return found, open_evidence(self._secret(found, row), found.licence, id, row.sealed), verdicts

    async def decide(self, principal: Principal, verdict: Verdict, id: UUID) -> None:
        """Confirm or dismiss a discrepancy; raises Forbidden, NotFound, Refused where its state does not allow it."""
        assert verdict is not Verdict.APPLY
        operation = f"check.{verdict}"
        found, row = await self._find(principal, Permission.CHECK_DECIDE, operation, id)
        writing = self.database.write([row.scope], principal.offices)
        async with self._deciding(principal, operation, found), writing as work:
            await decide(work.connection, principal, row.scope, id, verdict)
            await work.commit()

    async def apply(self, principal: Principal, id: UUID, request: ActRequest) -> ActOutcome:
        """Do the register's act that a discrepancy calls for, and note it; the request's licence and key are set here.
        A correction without values enters what was told; without a version, it is of the one that was checked.

        Raises Forbidden, NotFound, and Refused: where the state does not allow it, a death was not confirmed by
        somebody else, or the act itself is refused. Then nothing is stored.
        """
        found, row = await self._find(principal, Permission.CHECK_DECIDE, "check.apply", id)
        async with self._deciding(principal, "check.apply", found):
            verb = await self._applicable(principal, found)
            asked = self._asked(found, row, verb, request)
            done = await self.office.act(principal, verb, asked, found.profession)
            if not request.validate_only:
                async with self.database.write([row.scope], principal.offices) as work:
                    await decide(work.connection, principal, row.scope, id, Verdict.APPLY, done.action)
                    await work.commit()
        return done

    def _asked(self, found: Discrepancy, row: Any, verb: Verb, request: ActRequest) -> ActRequest:
        """The request as the register takes it; raises Refused where what was told cannot be entered as it stands."""
        values = request.values
        if verb is Verb.CORRECT and not values:
            evidence = open_evidence(self._secret(found, row), found.licence, found.id, row.sealed)
            holder = self.scopes.host[found.profession].plugin.holder
            values = proposed(holder, found.outcome, evidence.held, evidence.told[0])
            if not values:
                raise Refused(_not_as_told())
        return replace(
            request, licence=found.licence, idempotency_key=key_of(found.id), values=values,
            expected_version=request.expected_version or row.version,
        )  # fmt: skip

    def _secret(self, found: Discrepancy, row: Any) -> bytes:
        envelope = sealing.licence_envelope(self.keys, found.profession)
        return sealing.open_licence_key(envelope, found.licence, row.wrapped_key, row.key_version)

    async def _applicable(self, principal: Principal, found: Discrepancy) -> Verb:
        """The verb by which a discrepancy may be applied now, by this person; raises Refused."""
        if found.outcome not in ACTS:
            raise Refused(_nothing_to_apply())
        if found.state not in VERDICT_STEPS[Verdict.APPLY][0]:
            raise Refused(wrong_state())
        async with self._reading(principal) as connection:
            demand_second(principal, found, Verdict.APPLY, await verdicts_of(connection, found.id))
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

    def _reading(self, principal: Principal) -> Any:
        return self.database.read(self.scopes.of_principal(principal), principal.offices)

    @asynccontextmanager
    async def _deciding(
        self, principal: Principal, operation: str, found: Discrepancy
    ) -> AsyncIterator[None]:
        """Leave a leaf before and after an act, and one of a refusal before it is told."""
        await self._record(principal, LeafKind.INTENT, operation, found.profession, found)
        try:
            yield
        except Refused as error:
            subjects = (found.pseudonym,)
            rule = error.findings[0].rule
            await self.guard.refused(principal, operation, found.profession, rule, subjects)
            raise
        await self._record(principal, LeafKind.DONE, operation, found.profession, found)

    async def _record(
        self, principal: Principal, kind: LeafKind, operation: str, profession: str, *about: Discrepancy
    ) -> None:
        subjects = tuple(dict.fromkeys(each.pseudonym for each in about))
        await self.guard.audit.record(leaf(principal, kind, operation, profession, subjects=subjects))


def _not_as_told() -> Any:
    return finding(
        "values",
        "回答の氏名をそのまま登録できません。訂正の内容を入力してください。",
        "The name that was told cannot be entered as it stands: give the values of the correction.",
        FindingCode.REQUIRED,
    )


def _nothing_to_apply() -> Any:
    return finding(
        "outcome",
        "反映する内容がありません。確認または却下してください。",
        "There is no act that applies this: look into it, and confirm or dismiss it.",
        FindingCode.WRONG_STATE,
        "check.nothing_to_apply",
    )
