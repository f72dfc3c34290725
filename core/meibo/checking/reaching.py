"""Which discrepancies a caller reaches, what opens them, and the leaves that name their holders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.checking.discrepancies import Discrepancy, discrepancy_of, in_reach
from meibo.checking.evidence import Evidence, open_evidence
from meibo.checking.pages import QueueFilter
from meibo.checking.tables import check_discrepancy
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.register import sealing
from meibo.registry.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Reach:
    """The discrepancies of one installation, as far as each caller reaches them."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    guard: Guard

    def reading(self, principal: Principal) -> Any:
        """A connection that sees what the caller reaches, and no more."""
        return self.database.read(self.scopes.of_principal(principal), principal.offices)

    def narrowed(self, principal: Principal, filter: QueueFilter) -> Select[Any]:
        """The rows of a filter that the caller reaches."""
        numbers = self.scopes.of_principal(principal)
        return filter.narrow(in_reach(numbers, principal.offices), self.scopes.numbers)

    async def find(
        self, principal: Principal, permission: Permission, operation: str, id: UUID
    ) -> tuple[Discrepancy, Any]:
        """The discrepancy of an id, and its row; raises Forbidden, NotFound."""
        await self.guard.demand(principal, permission, operation)
        statement = in_reach(self.scopes.of_principal(principal), principal.offices)
        async with self.reading(principal) as connection:
            row = (await connection.execute(statement.where(check_discrepancy.c.id == id))).one_or_none()
        if row is None:
            raise NotFound("discrepancy")
        return discrepancy_of(row, self.scopes.code(row.scope)), row

    async def find_to_decide(self, principal: Principal, operation: str, id: UUID) -> tuple[Discrepancy, Any]:
        """The same for whoever would decide; a leaf says that somebody wanted to, where there is none."""
        try:
            return await self.find(principal, Permission.CHECK_DECIDE, operation, id)
        except NotFound as error:
            await self.guard.refused(principal, operation, None, error.code)
            raise

    def evidence(self, found: Discrepancy, row: Any) -> Evidence:
        """What was held and told; raises SealBroken."""
        envelope = sealing.licence_envelope(self.keys, found.profession)
        secret = sealing.open_licence_key(envelope, found.licence, row.wrapped_key, row.key_version)
        return open_evidence(secret, found.licence, found.id, row.sealed)

    async def shown(
        self, principal: Principal, operation: str, rows: Sequence[Row[Any]]
    ) -> list[Discrepancy]:
        """Discrepancies from rows in the queue's order; first a leaf for each profession names them."""
        found = [discrepancy_of(each, self.scopes.code(each.scope)) for each in rows]
        for profession, each in groupby(found, lambda d: d.profession):
            await self.record(principal, LeafKind.READ, operation, profession, *each)
        return found

    async def record(
        self, principal: Principal, kind: LeafKind, operation: str, profession: str, *about: Discrepancy
    ) -> None:
        """A leaf that names the holders of discrepancies, each once."""
        subjects = tuple(dict.fromkeys(each.pseudonym for each in about))
        await self.guard.audit.record(leaf(principal, kind, operation, profession, subjects=subjects))
