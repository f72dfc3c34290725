"""What is asked of the family register, and what an office reads of it afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from meibo.access.principals import Principal
from meibo.link.states import Status

BASIS = "number_exchange"
"""The id by which professions declare the article that lets them ask (番号法19条8号)."""


class InquiryKind(StrEnum):
    """What is asked for."""

    SYMBOL = "symbol"
    REGISTER = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRequest:
    """What somebody asks for licences of one profession at once. `legal_basis` is the id of one that the profession
    declares; `items` are identifiers of the 16."""

    kind: InquiryKind
    profession: str
    licences: tuple[UUID, ...]
    idempotency_key: str
    items: tuple[str, ...] = ()
    legal_basis: str = BASIS
    validate_only: bool = False

    def batch(self, principal: Principal) -> UUID:
        """The id of what is asked: the same for the same caller, profession, kind and key."""
        told = (principal.account, self.profession, self.kind, self.idempotency_key)
        return UUID(bytes=_digest(told)[:16], version=4)

    def digest(self) -> bytes:
        """What the key stands for."""
        told = [self.legal_basis, sorted(self.items), sorted(str(licence) for licence in self.licences)]
        return _digest(told)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One inquiry as it stands; `code` is the other side's where it refused."""

    id: UUID
    batch: UUID
    licence: UUID
    kind: InquiryKind
    legal_basis: str
    items: tuple[str, ...]
    account: str
    institution: str
    requested_at: datetime
    status: Status
    code: str
    kept_until: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was asked at once, and how far it is: inquiries by status."""

    id: UUID
    profession: str
    kind: InquiryKind
    account: str
    requested_at: datetime
    count: int
    by_status: Mapping[Status, int]

    @property
    def ended(self) -> bool:
        """Whether every inquiry was answered."""
        answered = (self.by_status.get(each, 0) for each in (Status.ACCEPTED, Status.REJECTED))
        return sum(answered) == self.count


@dataclass(frozen=True, slots=True)
class FamilyStatistics:
    """Inquiries of one profession in a time, by kind and status, and what became of the results elsewhere: `kept` are
    within their time, `overdue` should have been deleted."""

    profession: str
    inquiries: Mapping[tuple[InquiryKind, Status], int]
    kept: int
    deleted: int
    overdue: int


def _digest(told: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(told).encode()).digest()
