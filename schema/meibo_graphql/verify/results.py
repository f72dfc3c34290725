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
    source: strawberry.Private[Any]

    @strawberry.field(
        description="Text; days as YYYY-MM-DD or EDTF, a code as such, true or false; JSON where a certificate nests."
    )
    def value(self) -> str | None:
        value = self.source["code"] if _is_coded(self.source) else self.source
        if isinstance(value, bool | Mapping | list):
            return orjson.dumps(value).decode()
        return None if value is None else str(value)

    @strawberry.field(description="What the value means, where it is a code.")
    def label(self, language: Language = Language.JA) -> str | None:
        if not _is_coded(self.source):
            return None
        label: str | None = self.source["label_en"] if language is Language.EN else self.source["label"]
        return label


@strawberry.type(description="What one check came to.")
class Verification:
    shown: strawberry.Private[Shown]
    verdict: strawberry.Private[Verdict]

    @strawberry.field(description="The partner's own, as it was sent.")
    def reference(self) -> str | None:
        return self.shown.reference

    @strawberry.field(description="What to act upon.")
    def outcome(self) -> VerificationOutcome:
        return self.verdict.outcome

    @strawberry.field(
        description="How the licence stands in the register now; null where it is not known, as of a foreign one."
    )
    def standing(self) -> State | None:
        return self.verdict.standing

    @strawberry.field(description="The certificate's own state; null for a share, which has none.")
    def certificate(self) -> CertificateState | None:
        return self.verdict.certificate

    @strawberry.field(description="Why the certificate is not valid.")
    def reason(self) -> Reason | None:
        return self.verdict.reason

    @strawberry.field(description="When it was checked.")
    def checked_at(self) -> datetime:
        return self.verdict.checked_at

    @strawberry.field(description="As of when the state is known; null where nobody says.")
    def status_as_of(self) -> datetime | None:
        return self.verdict.status_as_of

    @strawberry.field(
        description="The profession by its code, such as doctor; null for a foreign certificate."
    )
    def profession(self) -> str | None:
        return self.verdict.profession

    @strawberry.field(description="The certificate's type (vct).")
    def type(self) -> str | None:
        return self.verdict.type

    @strawberry.field(description="Who issued the certificate.")
    def issuer(self) -> str | None:
        return self.verdict.issuer

    @strawberry.field(description="When the certificate ends.")
    def expires_at(self) -> datetime | None:
        return self.verdict.expires_at

    @strawberry.field(description="What the holder shares it for.")
    def purpose(self) -> Purpose | None:
        return self.verdict.purpose

    @strawberry.field(description="What the holder consented to, as far as the partner may see it.")
    def claims(self) -> list[VerifiedClaim]:
        return [VerifiedClaim(name=name, source=value) for name, value in self.verdict.claims.items()]

    @strawberry.field(
        description="The licence by a name that this partner alone is told: the same whenever it is checked again."
    )
    def subject(self) -> strawberry.ID | None:
        return strawberry.ID(self.verdict.subject) if self.verdict.subject else None

    @strawberry.field(
        description="A signed record of this check, to be filed: anybody can check it with the keys of receiptIssuer."
    )
    def receipt(self, info: Info[Any, Any]) -> str:
        context = of(info)
        return context.verifying.receipts.write(context.partner_id, self.shown, self.verdict)


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
