"""What a check came to, as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import strawberry
from strawberry.types import Info

from meibo.certificates.outcomes import Reason
from meibo.certificates.outcomes import State as CertificateState
from meibo.consent import Purpose
from meibo.register.fold import State
from meibo.verifying import Shown, Verdict, VerificationOutcome
from meibo_graphql.limits import Left
from meibo_graphql.types import Language, UserError
from meibo_graphql.verify.context import of

strawberry.enum(
    VerificationOutcome,
    description="What a check comes to. NOT_AVAILABLE is told alike of a token that is unknown, used up, expired,"
    " withdrawn or meant for somebody else.",
)
strawberry.enum(
    CertificateState,
    name="CertificateState",
    description="The state of a certificate, as its status list has it.",
)
strawberry.enum(
    Reason,
    name="CertificateReason",
    description="Why a certificate is not valid. More may be added: rely on outcome.",
)


@strawberry.type(description="A claim that the holder lets the partner see.")
class VerifiedClaim:
    name: str = strawberry.field(description="Such as registration_number: its name in a certificate.")
    value: str | None = strawberry.field(
        description="Text; days as YYYY-MM-DD or EDTF, a code as such, true or false; JSON where a certificate nests."
    )
    source: strawberry.Private[Any]

    @strawberry.field(description="What the value means, where it is a code.")
    def label(self, language: Language = Language.JA) -> str | None:
        if not _is_coded(self.source):
            return None
        label: str | None = self.source["label_en"] if language is Language.EN else self.source["label"]
        return label


@strawberry.type(description="What one check came to.")
class Verification:
    # Attributes, not methods: each method of an answer costs as much as reading a claim from the register.
    shown: strawberry.Private[Shown]
    verdict: strawberry.Private[Verdict]
    reference: str | None = strawberry.field(description="The partner's own, as it was sent.")
    outcome: VerificationOutcome = strawberry.field(description="What to act upon.")
    standing: State | None = strawberry.field(
        description="How the licence stands in the register now; null where it is not known, as of a foreign one."
    )
    certificate: CertificateState | None = strawberry.field(
        description="The certificate's own state; null for a share, which has none."
    )
    reason: Reason | None = strawberry.field(description="Why the certificate is not valid.")
    checked_at: datetime = strawberry.field(description="When it was checked.")
    status_as_of: datetime | None = strawberry.field(
        description="As of when the state is known; null where nobody says."
    )
    profession: str | None = strawberry.field(
        description="The profession by its code, such as doctor; null for a foreign certificate."
    )
    type: str | None = strawberry.field(description="The certificate's type (vct).")
    issuer: str | None = strawberry.field(description="Who issued the certificate.")
    expires_at: datetime | None = strawberry.field(description="When the certificate ends.")
    purpose: Purpose | None = strawberry.field(description="What the holder shares it for.")
    claims: list[VerifiedClaim] = strawberry.field(
        description="What the holder consented to, as far as the partner may see it."
    )
    subject: strawberry.ID | None = strawberry.field(
        description="The licence by a name that this partner alone is told: the same whenever it is checked again."
    )

    @strawberry.field(
        description="A signed record of this check, to be filed: anybody can check it with the keys of receiptIssuer."
    )
    def receipt(self, info: Info[Any, Any]) -> str:
        context = of(info)
        return context.verifying.receipts.write(context.partner_id, self.shown, self.verdict)


def verification(shown: Shown, verdict: Verdict) -> Verification:
    """A check as the API shows it."""
    return Verification(
        shown=shown, verdict=verdict, reference=shown.reference, outcome=verdict.outcome,
        standing=verdict.standing, certificate=verdict.certificate, reason=verdict.reason,
        checked_at=verdict.checked_at, status_as_of=verdict.status_as_of, profession=verdict.profession,
        type=verdict.type, issuer=verdict.issuer, expires_at=verdict.expires_at, purpose=verdict.purpose,
        claims=[VerifiedClaim(name=n, value=_as_text(v), source=v) for n, v in verdict.claims.items()],
        subject=strawberry.ID(verdict.subject) if verdict.subject else None,
    )  # fmt: skip


@strawberry.type(description="How many checks the partner may still ask at once.")
class CheckAllowance:
    limit: int
    left: int
    full_in_seconds: int = strawberry.field(description="Until as many as the limit are left again.")

    @classmethod
    def of(cls, left: Left) -> CheckAllowance:
        """As it was counted."""
        return cls(limit=left.limit, left=left.left, full_in_seconds=left.full_in_seconds)


@strawberry.type(description="The outcome, or why nothing was checked.")
class VerificationPayload:
    verification: Verification | None
    allowance: CheckAllowance
    user_errors: list[UserError]


@strawberry.type(description="The outcomes in the order of the request, or why nothing was checked.")
class VerificationsPayload:
    verifications: list[Verification]
    allowance: CheckAllowance
    user_errors: list[UserError]


def _is_coded(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"code", "label", "label_en"}


def _as_text(source: Any) -> str | None:
    value = source["code"] if _is_coded(source) else source
    if isinstance(value, bool | Mapping | list):
        return orjson.dumps(value).decode()
    return None if value is None else str(value)
