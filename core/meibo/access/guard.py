"""Deny by default: a permission is demanded before anything is read, and a refusal leaves a leaf."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Guard:
    """Demands permissions, and records refusals."""

    audit: AuditLog

    async def demand(
        self, principal: Principal, permission: Permission, operation: str, profession: str | None = None
    ) -> None:
        """Raise Forbidden, with a leaf written, unless the caller has the permission for the profession."""
        if not principal.may(permission, profession):
            await self.refused(principal, operation, profession, Forbidden.code)
            raise Forbidden(permission)

    async def refused(
        self,
        principal: Principal,
        operation: str,
        profession: str | None,
        outcome: str,
        subjects: tuple[str, ...] = (),
    ) -> None:
        """Record that an act was refused, and why, by code."""
        await self.audit.record(
            leaf(principal, LeafKind.REFUSAL, operation, profession, outcome=outcome, subjects=subjects)
        )

    @asynccontextmanager
    async def acting(self, principal: Principal, operation: str, reference: str) -> AsyncIterator[None]:
        """Record that an act upon something is begun, and once it is over, that it was done; not where it raises."""
        await self.audit.record(leaf(principal, LeafKind.INTENT, operation, None, reference=reference))
        yield
        await self.audit.record(leaf(principal, LeafKind.DONE, operation, None, reference=reference))


def leaf(
    principal: Principal,
    kind: LeafKind,
    operation: str,
    profession: str | None,
    *,
    subjects: tuple[str, ...] = (),
    terms: tuple[str, ...] = (),
    purpose: str = "",
    outcome: str = "ok",
    count: int | None = None,
    reference: str | None = None,
) -> Leaf:
    """A leaf of this caller."""
    return Leaf(
        kind=kind, account=principal.account, institution=principal.institution, terminal=principal.terminal,
        surface=principal.surface, operation=operation, profession=profession, subjects=subjects, terms=terms,
        purpose=purpose, outcome=outcome, count=count, reference=reference,
    )  # fmt: skip
