"""What a verification comes to: one outcome, and the one reason for it. Bad input is an outcome, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meibo.certificates.status.references import StatusReference


class State(StrEnum):
    """The state of a certificate, as a partner is told."""

    VALID = "VALID"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    INVALID = "INVALID"
    STATUS_UNAVAILABLE = "STATUS_UNAVAILABLE"


class Reason(StrEnum):
    """Why a certificate is not valid: a closed set, each tested by a case of that name."""

    ALGORITHM = "algorithm"
    AUDIENCE = "audience"
    CHAIN_EXPIRED = "chain_expired"
    CHAIN_PURPOSE = "chain_purpose"
    CHAIN_REVOKED = "chain_revoked"
    CHAIN_UNTRUSTED = "chain_untrusted"
    CLAIM_MISSING = "claim_missing"
    CRL_OLD = "crl_old"
    DISCLOSABLE_CLAIM = "disclosable_claim"
    DISCLOSURE_DUPLICATE = "disclosure_duplicate"
    DISCLOSURE_MALFORMED = "disclosure_malformed"
    DISCLOSURE_UNREFERENCED = "disclosure_unreferenced"
    EXPIRED = "expired"
    HASH_ALGORITHM = "hash_algorithm"
    ISSUER = "issuer"
    KEY_BINDING_ALGORITHM = "key_binding_algorithm"
    KEY_BINDING_FUTURE = "key_binding_future"
    KEY_BINDING_HASH = "key_binding_hash"
    KEY_BINDING_MISSING = "key_binding_missing"
    KEY_BINDING_OLD = "key_binding_old"
    KEY_BINDING_SIGNATURE = "key_binding_signature"
    KEY_BINDING_TYPE = "key_binding_type"
    KEY_UNKNOWN = "key_unknown"
    MALFORMED = "malformed"
    NONCE = "nonce"
    NOT_YET_VALID = "not_yet_valid"
    REPLAYED = "replayed"
    REVOKED = "revoked"
    SIGNATURE = "signature"
    STATUS_AGE = "status_age"
    STATUS_FORBIDDEN = "status_forbidden"
    STATUS_INDEX = "status_index"
    STATUS_MALFORMED = "status_malformed"
    STATUS_SIGNER = "status_signer"
    STATUS_SIZE = "status_size"
    STATUS_SUBJECT = "status_subject"
    STATUS_TYPE = "status_type"
    STATUS_UNREACHABLE = "status_unreachable"
    SUSPENDED = "suspended"
    TOO_LARGE = "too_large"
    TYPE = "type"
    TYPE_FOREIGN = "type_foreign"


STATE_OF = {
    Reason.EXPIRED: State.EXPIRED,
    Reason.REVOKED: State.REVOKED,
    Reason.SUSPENDED: State.SUSPENDED,
    **{reason: State.STATUS_UNAVAILABLE for reason in Reason if reason.startswith("status_")},
}
"""The state that follows from a reason; INVALID from every other."""


class Refusal(Exception):
    """How the readers of this package give up; `verification` turns it into an outcome and lets none out."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one certificate. Claims are told where its signature holds, so also of one that is revoked."""

    state: State
    reason: Reason | None
    checked_at: datetime
    status_as_of: datetime | None = None
    issuer: str | None = None
    type: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    status: StatusReference | None = None
    """Where its status stands."""

    @property
    def is_valid(self) -> bool:
        """Whether the certificate may be relied on."""
        return self.state is State.VALID


def state_of(reason: Reason | None) -> State:
    """The state that a reason leads to; VALID without one."""
    return State.VALID if reason is None else STATE_OF.get(reason, State.INVALID)
