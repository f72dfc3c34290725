"""A certificate between its two checks: signed as it should be, its status still to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meibo.certificates.status.references import StatusReference
from meibo.certificates.trust.issuers import TrustedIssuer


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate whose signatures hold; its status is still to be asked."""

    issuer: TrustedIssuer
    iss: str
    type: str
    claims: Mapping[str, Any]
    expires_at: datetime
    status: StatusReference
    bound_by: bytes
    """What tells its key binding from others, against replay; empty where none was asked for."""
