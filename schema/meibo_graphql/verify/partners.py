"""Root fields for partners: who they are, and what they have checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.consent import Recipient
from meibo.errors import Refused
from meibo.verifying import Shown, Verdict
from meibo_graphql.types import UserError, user_error
from meibo_graphql.verify.context import of
from meibo_graphql.verify.inputs import (
    RedeemShareTokenInput,
    RedeemShareTokensInput,
    VerifyCredentialInput,
    VerifyCredentialsInput,
    credential_shown,
    findings,
    token_shown,
)
from meibo_graphql.verify.results import (
    CheckAllowance,
    Verification,
    VerificationPayload,
    VerificationsPayload,
    verification,
)

Check = Callable[[Recipient, Sequence[Shown], str], Awaitable[Sequence[Verdict]]]


@strawberry.type(description="The partner that asks.")
class Viewer:
    source: strawberry.Private[Recipient]

    @strawberry.field(description="Its registered id: what a holder names as the recipient of a share.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.source.partner or "")

    @strawberry.field
    def name(self) -> str:
        return self.source.name

    @strawberry.field(
        description="Whom a wallet must make a presentation for (aud), so that it is verified here."
    )
    def audience(self, info: Info[Any, Any]) -> str:
        return of(info).verifying.credentials.audience(self.source)

    @strawberry.field(description="The claims that it may be shown at all; null: any.")
    def claims(self) -> list[str] | None:
        return None if self.source.cap is None else sorted(self.source.cap)

    @strawberry.field
    def allowance(self, info: Info[Any, Any]) -> CheckAllowance:
        context = of(info)
        return CheckAllowance.of(context.allowances.told(context.partner_id))


@strawberry.type
class PartnerQuery:
    """Root fields for partners that change nothing."""

    @strawberry.field(description="The partner that asks; null without a partner's token.")
    def viewer(self, info: Info[Any, Any]) -> Viewer | None:
        partner = of(info).partner
        return Viewer(source=partner) if partner else None


@strawberry.type
class PartnerMutation:
    """Root fields for partners that use something up."""

    @strawberry.mutation(description="Look at what a holder shares, which uses the share up by one.")
    async def redeem_share_token(
        self, info: Info[Any, Any], input: RedeemShareTokenInput
    ) -> VerificationPayload:
        shares = of(info).verifying.shares
        errors = list(findings(input.idempotency_key, [input]))
        return _one(*await _checked(info, shares.redeem, errors, [token_shown(input)], input.idempotency_key))

    @strawberry.mutation(description="Look at up to 1,000 shares, in the order of the request.")
    async def redeem_share_tokens(
        self, info: Info[Any, Any], input: RedeemShareTokensInput
    ) -> VerificationsPayload:
        shares = of(info).verifying.shares
        errors = list(findings(input.idempotency_key, input.items))
        shown = [token_shown(each) for each in input.items]
        return _all(*await _checked(info, shares.redeem, errors, shown, input.idempotency_key))

    @strawberry.mutation(description="Verify a certificate that a holder shows.")
    async def verify_credential(
        self, info: Info[Any, Any], input: VerifyCredentialInput
    ) -> VerificationPayload:
        credentials = of(info).verifying.credentials
        errors = list(findings(input.idempotency_key, [input]))
        shown = [credential_shown(input)]
        return _one(*await _checked(info, credentials.verify, errors, shown, input.idempotency_key))

    @strawberry.mutation(description="Verify up to 1,000 certificates, in the order of the request.")
    async def verify_credentials(
        self, info: Info[Any, Any], input: VerifyCredentialsInput
    ) -> VerificationsPayload:
        credentials = of(info).verifying.credentials
        errors = list(findings(input.idempotency_key, input.items))
        shown = [credential_shown(each) for each in input.items]
        return _all(*await _checked(info, credentials.verify, errors, shown, input.idempotency_key))


async def _checked(
    info: Info[Any, Any], check: Check, errors: Sequence[Any], shown: Sequence[Shown], key: str
) -> tuple[list[Verification], CheckAllowance, list[UserError]]:
    """The outcomes, or why nothing was checked; counted against the partner's allowance before anything is."""
    context = of(info)
    partner = context.demand_partner()
    if errors:
        untouched = CheckAllowance.of(context.allowances.told(context.partner_id))
        return [], untouched, [user_error(finding) for finding in errors]
    left = CheckAllowance.of(context.allowances.take(context.partner_id, len(shown)))
    try:
        verdicts = await check(partner, shown, key)
    except Refused as error:
        return [], left, [user_error(finding) for finding in error.findings]
    return [verification(s, v) for s, v in zip(shown, verdicts, strict=True)], left, []


def _one(
    found: list[Verification], allowance: CheckAllowance, errors: list[UserError]
) -> VerificationPayload:
    one = found[0] if found else None
    return VerificationPayload(verification=one, allowance=allowance, user_errors=errors)


def _all(
    found: list[Verification], allowance: CheckAllowance, errors: list[UserError]
) -> VerificationsPayload:
    return VerificationsPayload(verifications=found, allowance=allowance, user_errors=errors)
