"""What a caller asks for, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from meibo.identity import NumberKind, VerifiedBy
from meibo.register.validation import Raw


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ActRequest:
    """One act of the office. `values` are raw (see `register.validation.Raw`); `reason` is a code.

    A measure is ordered on `effective_date` and holds from `start_date` (left out: the same day) to `end_date`;
    `kind` is the code of the profession's measure. A verb that follows a measure up names the `disposition`.
    """

    idempotency_key: str
    effective_date: date
    reason: str
    legal_basis: str
    licence: UUID | None = None
    expected_version: int | None = None
    reason_text: str = ""
    delay_reason: str = ""
    validate_only: bool = False
    values: Raw = field(default_factory=dict)
    kind: str = ""
    office_name: str = ""
    office_code: str = ""
    order_number: str = ""
    start_date: date | None = None
    end_date: date | None = None
    disposition: UUID | None = None
    numbers: Mapping[NumberKind, str] = field(default_factory=dict)
    verified_by: VerifiedBy | None = None
    marks: Mapping[NumberKind, str] = field(default_factory=dict)
    """What stands for `numbers` in the body: the office asks the vault for it."""

    def key(self) -> bytes:
        """The idempotency key's bytes, whatever characters it has."""
        return self.idempotency_key.encode("utf-8", "surrogatepass")

    def body(self) -> bytes:
        """What an idempotency key stands for: everything but the key itself, and marks for numbers."""
        told = {
            "effective_date": self.effective_date, "reason": self.reason, "legal_basis": self.legal_basis,
            "licence": self.licence, "expected_version": self.expected_version, "reason_text": self.reason_text,
            "delay_reason": self.delay_reason, "values": self.values, "kind": self.kind,
            "office_name": self.office_name, "office_code": self.office_code, "order_number": self.order_number,
            "start_date": self.start_date, "end_date": self.end_date, "disposition": self.disposition,
            "verified_by": self.verified_by, "numbers": dict(self.marks),
        }  # fmt: skip
        return json.dumps(told, default=str, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The licence and the action that an act led to; both None where it was only validated."""

    licence: UUID | None
    action: UUID | None
