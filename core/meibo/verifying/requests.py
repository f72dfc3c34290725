"""What is presented for a check, and what the partner is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from meibo.certificates.outcomes import Reason
from meibo.certificates.outcomes import State as CertificateState
from meibo.consent import Purpose
from meibo.register.fold import State


class Means(StrEnum):
    """By what a licence is shown."""

    SHARE = "share"
    PRESENTATION = "presentation"
    QR = "qr"


class VerificationOutcome(StrEnum):
    """What a check comes to. Unknown, used, expired, withdrawn and meant for somebody else are NOT_AVAILABLE alike."""

    VALID = "VALID"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    INVALID = "INVALID"
    STATUS_UNAVAILABLE = "STATUS_UNAVAILABLE"
    NOT_AVAILABLE = "NOT_AVAILABLE"


OUTCOME_OF: Mapping[State, VerificationOutcome] = {
    State.REGISTERED: VerificationOutcome.VALID,
    State.SUSPENDED: VerificationOutcome.SUSPENDED,
    State.REVOKED: VerificationOutcome.REVOKED,
    State.STRUCK_OFF: VerificationOutcome.REVOKED,
    State.EXPIRED: VerificationOutcome.EXPIRED,
}
"""What the standing of a licence comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing to check: a token, a presentation made for a nonce, or a QR certificate; `reference` is the partner's
    own and comes back with the answer."""

    means: Means
    text: str = field(repr=False)
    nonce: str = ""
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check came to. `standing` is the licence's as the register has it, `certificate` the certificate's as
    its status list has it: each is None where it was not asked or is not known."""

    outcome: VerificationOutcome
    checked_at: datetime
    standing: State | None = None
    certificate: CertificateState | None = None
    reason: Reason | None = None
    status_as_of: datetime | None = None
    profession: str | None = None
    type: str | None = None
    issuer: str | None = None
    expires_at: datetime | None = None
    purpose: Purpose | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    subject: str | None = None
    """The licence by a name that this partner alone is told."""
    reference: str | None = None
