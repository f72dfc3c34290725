"""Applies by itself what an administrator's rule lets be applied: a new address, as a correction like any other.

What the register refuses stays in the queue for somebody to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.checking.acts import ACTS, key_of
from meibo.checking.discrepancies import decide
from meibo.checking.evidence import open_evidence
from meibo.checking.outcomes import Outcome
from meibo.checking.proposals import proposed
from meibo.checking.rules import rules_in_force
from meibo.checking.states import DiscrepancyState, Verdict
from meibo.checking.tables import check_discrepancy
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import Refused
from meibo.jobs import Handler, JobKind, Lease, Payload, Priority
from meibo.jobs.payloads import Scope
from meibo.register import sealing, tables
from meibo.registry.office import Office
from meibo.registry.requests import ActRequest
from meibo.registry.scopes import Scopes


class Found(Payload, frozen=True):
    """A discrepancy."""

    discrepancy: UUID
    scope: Scope


APPLY = JobKind("checks.apply", Found, Priority.LATER)


@dataclass(frozen=True, slots=True)
class Applying:
    """Does the jobs that apply discrepancies by a rule."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    office: Office
    terminal: str

    @property
    def handler(self) -> Handler[Any]:
        """What a worker does."""
        return Handler(APPLY, self.apply)

    async def apply(self, lease: Lease, payload: Found) -> None:
        """Apply a discrepancy that is open still, if a rule allows it still; done again, it changes nothing more."""
        row, rule = await self._row(payload)
        if row.state != DiscrepancyState.OPEN or rule is None:
            return
        code = self.scopes.code(payload.scope)
        principal = self._principal(code)
        try:
            done = await self.office.act(principal, ACTS[row.outcome], self._request(code, row, rule), code)
        except Refused:
            return
        async with lease.write([payload.scope]) as work:
            await decide(work.connection, principal, payload.scope, row.id, Verdict.APPLY, done.action)
            await work.commit()

    async def _row(self, payload: Found) -> tuple[Any, Any]:
        """The discrepancy with its licence's key, and the rule that lets it be applied, if one does."""
        licence, row = tables.licence.c, check_discrepancy.c
        statement = (
            select(check_discrepancy, licence.wrapped_key, licence.key_version)
            .join(tables.licence, licence.id == row.licence_id)
            .where(row.id == payload.discrepancy)
        )
        async with self.database.read([payload.scope]) as connection:
            found = (await connection.execute(statement)).one()
            rules = await rules_in_force(connection, payload.scope, clock.today())
        return found, rules.get(found.outcome)

    def _request(self, code: str, row: Any, rule: Any) -> ActRequest:
        """The correction: what was told, of the version that the check looked at."""
        envelope = sealing.licence_envelope(self.keys, code)
        secret = sealing.open_licence_key(envelope, row.licence_id, row.wrapped_key, row.key_version)
        evidence = open_evidence(secret, row.licence_id, row.id, row.sealed)
        [told], holder = evidence.told, self.scopes.host[code].plugin.holder
        return ActRequest(
            idempotency_key=key_of(row.id), effective_date=clock.japan_day(row.found_at), reason=rule.reason,
            legal_basis=rule.legal_basis, licence=row.licence_id, expected_version=row.version,
            values=proposed(holder, Outcome(row.outcome), evidence.held, told),
        )  # fmt: skip

    def _principal(self, profession: str) -> Principal:
        """The check itself, which may correct and nothing else."""
        rights = frozenset({Permission.LICENCE_CORRECT})
        return Principal("check", "meibo", self.terminal, Surface.COMMAND, rights, frozenset({profession}))
