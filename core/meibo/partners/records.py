"""A partner as it stands, and what was done to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from meibo.consent.requests import Purpose, Recipient

ID = re.compile(r"p-[0-9a-f]{20}\Z")
"""How the id of a partner is written; what is not is nobody's."""
Jwk = Mapping[str, str]
"""A public key as RFC 7517 writes it, its thumbprint as `kid` where the partner named none."""


class PartnerState(StrEnum):
    """How a partner stands; it may call while approved alone, and before its expiry date."""

    APPLIED = "applied"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    ENDED = "ended"


class PartnerVerb(StrEnum):
    """What the office does with a partner."""

    APPLY = "apply"
    APPROVE = "approve"
    SUSPEND = "suspend"
    LIFT_SUSPENSION = "lift_suspension"
    END = "end"
    PROPOSE_KEYS = "propose_keys"


class Binding(StrEnum):
    """What a partner's access tokens are bound to, so that a stolen one is of no use."""

    DPOP = "dpop"
    MTLS = "mtls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A registered partner. `claims` are the most that it may be shown: `full_name` of every profession, or
    `doctor.full_name` of one. `version` counts the acts on it; from `expiry_date` on it may call no longer."""

    id: str
    version: int
    state: PartnerState
    name: str
    corporate_number: str
    purpose: Purpose
    claims: tuple[str, ...]
    binding: Binding
    keys: tuple[Jwk, ...]
    proposed_keys: tuple[Jwk, ...] = ()
    """Keys that wait for a second person; until then `keys` hold."""
    certificate_thumbprint: str | None = None
    """SHA-256 of the client certificate in Base64URL (`x5t#S256`), where tokens are bound by mTLS."""
    addresses: tuple[str, ...] = ()
    contact: str
    expiry_date: date

    @property
    def recipient(self) -> Recipient:
        """Whom a share names, and what it may be shown at most."""
        return Recipient(partner=self.id, name=self.name, cap=frozenset(self.claims))

    def may_call(self, today: date) -> bool:
        """Whether it is approved, not suspended, not ended and not expired."""
        return self.state is PartnerState.APPROVED and today < self.expiry_date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAction:
    """One act on a partner: who did it, when, why, and what it wrote."""

    number: int
    verb: PartnerVerb
    recorded_at: datetime
    account: str
    institution: str
    reason: str
    details: Mapping[str, Any]
