"""Every act's first step: may the caller? A refusal is recorded before it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.errors import Forbidden
from meibo.values.pseudonyms import LicencePseudonym


@dataclass(frozen=True, slots=True)
class Entry:
    """What all leaves of one act share. It writes them."""

    audit: AuditLog
    leaf: Leaf

    @classmethod
    def of(cls, audit: AuditLog, principal: Principal, operation: str, profession: str | None) -> Entry:
        """The entry of a caller's act on one profession."""
        return cls(
            audit,
            Leaf(
                kind=LeafKind.INTENT,
                account=principal.account,
                institution=principal.institution,
                terminal=principal.terminal,
                surface=principal.surface,
                operation=operation,
                profession=profession,
            ),
        )

    @property
    def profession(self) -> str:
        """The profession that the act is on."""
        assert self.leaf.profession is not None
        return self.leaf.profession

    def about(self, *subjects: LicencePseudonym, act: UUID | None = None) -> Entry:
        """The same, on these licences; `act` ties an act's leaves together."""
        return Entry(self.audit, replace(self.leaf, subjects=subjects, reference=str(act) if act else None))

    async def record(
        self,
        kind: LeafKind,
        *,
        outcome: str = "ok",
        terms: tuple[str, ...] = (),
        purpose: str = "",
        legal_basis: str = "",
        count: int | None = None,
    ) -> None:
        """Make a leaf durable; raises AuditUnavailable."""
        leaf = replace(self.leaf, kind=kind, outcome=outcome, terms=terms, count=count)
        await self.audit.record(replace(leaf, purpose=purpose, legal_basis=legal_basis))


async def guard(
    audit: AuditLog, principal: Principal, permission: Permission, profession: str, operation: str
) -> Entry:
    """The act's entry, if the caller may; else a refusal leaf, then Forbidden."""
    entry = Entry.of(audit, principal, operation, profession)
    if not principal.may(permission, profession):
        await entry.record(LeafKind.REFUSAL, outcome=Forbidden.code)
        raise Forbidden(permission)
    return entry
