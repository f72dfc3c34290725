"""Partners at the registry: who they are, what was done to them, and the office's verbs on them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import clock, partners
from meibo.consent import Purpose
from meibo.errors import FindingCode, Refused
from meibo.partners import ActRequest, Application, Binding, PartnerState, PartnerVerb
from meibo.partners.keys import thumbprint
from meibo.partners.records import Jwk
from meibo_graphql.context import of
from meibo_graphql.types import UserError, user_error

strawberry.enum(Purpose, name="SharePurpose", description="What somebody is let see a licence for.")
strawberry.enum(Binding, name="PartnerBinding", description="What a partner's access tokens are bound to.")
strawberry.enum(PartnerState, name="PartnerState", description="How a partner stands.")
strawberry.enum(PartnerVerb, name="PartnerVerb", description="What the office does with a partner.")


@strawberry.type(description="A public key of a partner.")
class PartnerKey:
    kid: str
    thumbprint: str = strawberry.field(description="RFC 7638, to compare by telephone.")


@strawberry.type(description="What was done to a partner.")
class PartnerAction:
    number: int = strawberry.field(description="The version that it led to.")
    verb: PartnerVerb
    recorded_at: datetime
    account: str
    institution: str
    reason: str


@strawberry.type(description="A hospital or employer that may check certificates.")
class Partner:
    id: strawberry.ID = strawberry.field(description="Its client_id, and what a share names.")
    source: strawberry.Private[partners.Partner]

    @strawberry.field
    def version(self) -> int:
        return self.source.version

    @strawberry.field
    def state(self) -> PartnerState:
        return self.source.state

    @strawberry.field(description="Whether it may call today.")
    def active(self) -> bool:
        return self.source.may_call(clock.today())

    @strawberry.field
    def name(self) -> str:
        return self.source.name

    @strawberry.field(description="法人番号.")
    def corporate_number(self) -> str:
        return self.source.corporate_number

    @strawberry.field
    def purpose(self) -> Purpose:
        return self.source.purpose

    @strawberry.field(description="The most that it may be shown: full_name of all, doctor.full_name of one.")
    def claims(self) -> list[str]:
        return list(self.source.claims)

    @strawberry.field
    def binding(self) -> Binding:
        return self.source.binding

    @strawberry.field
    def keys(self) -> list[PartnerKey]:
        return _keys(self.source.keys)

    @strawberry.field(description="Keys that wait for a second person.")
    def proposed_keys(self) -> list[PartnerKey]:
        return _keys(self.source.proposed_keys)

    @strawberry.field(
        description="SHA-256 of its client certificate in Base64URL, where tokens are bound by it."
    )
    def certificate_thumbprint(self) -> str | None:
        return self.source.certificate_thumbprint

    @strawberry.field
    def addresses(self) -> list[str]:
        return list(self.source.addresses)

    @strawberry.field
    def contact(self) -> str:
        return self.source.contact

    @strawberry.field(description="From this day on it may call no longer.")
    def expiry_date(self) -> date:
        return self.source.expiry_date

    @strawberry.field(description="What was done to it, oldest first.")
    async def actions(self, info: Info[Any, Any]) -> list[PartnerAction]:
        context = of(info)
        return [
            PartnerAction(
                number=each.number, verb=each.verb, recorded_at=each.recorded_at, account=each.account,
                institution=each.institution, reason=each.reason,
            )
            for each in await context.installation.partners.actions(context.principal, self.source.id)
        ]  # fmt: skip


@strawberry.input(description="Enter a partner, which waits for somebody else's approval.")
class ApplyPartnerInput:
    idempotency_key: strawberry.ID
    reason: str = strawberry.field(description="Kept for good: name no person.")
    name: str
    corporate_number: str = strawberry.field(description="法人番号: 13 digits.")
    purpose: Purpose
    claims: list[str] = strawberry.field(
        description="The most that it may be shown, by name: full_name of all, doctor.full_name of one."
    )
    binding: Binding
    jwks: str = strawberry.field(
        description="Its key set as JSON: one or two public P-256 keys, never a private one."
    )
    certificate_thumbprint: str | None = strawberry.field(
        default=None, description="For MTLS alone: SHA-256 of the client certificate in Base64URL."
    )
    addresses: list[str] = strawberry.field(default_factory=list, description="https alone, at most five.")
    contact: str = strawberry.field(description="A desk, not a person.")
    expiry_date: date = strawberry.field(description="Within three years.")
    validate_only: bool = False


@strawberry.input(description="A verb on a partner.")
class PartnerActInput:
    idempotency_key: strawberry.ID
    partner_id: strawberry.ID
    expected_version: int = strawberry.field(description="Partner.version as you read it.")
    reason: str = strawberry.field(description="Kept for good: name no person.")
    validate_only: bool = False


@strawberry.input(description="New keys of a partner; those in force hold until somebody else approves.")
class ProposePartnerKeysInput(PartnerActInput):
    jwks: str = strawberry.field(description="As in ApplyPartnerInput: all keys that shall hold.")


@strawberry.type(description="The partner as it is now, and why the verb was refused if it was.")
class PartnerPayload:
    partner: Partner | None
    user_errors: list[UserError]


async def resolve_partners(info: Info[Any, Any]) -> list[Partner]:
    """Every partner, by name."""
    context = of(info)
    return [shown(each) for each in await context.installation.partners.partners(context.principal)]


async def resolve_partner(info: Info[Any, Any], id: strawberry.ID) -> Partner | None:
    """A partner by its id; null where there is none."""
    context = of(info)
    found = await context.installation.partners.partner(context.principal, id)
    return shown(found) if found else None


async def apply_partner(info: Info[Any, Any], input: ApplyPartnerInput) -> PartnerPayload:
    """Enter a partner."""
    application = Application(
        name=input.name, corporate_number=input.corporate_number, purpose=input.purpose,
        claims=tuple(input.claims), binding=input.binding, jwks=_jwks(input.jwks),
        certificate_thumbprint=input.certificate_thumbprint, addresses=tuple(input.addresses),
        contact=input.contact, expiry_date=input.expiry_date,
    )  # fmt: skip
    request = ActRequest(
        idempotency_key=input.idempotency_key, reason=input.reason, validate_only=input.validate_only
    )
    context = of(info)
    return await _payload(
        info, "", lambda: context.installation.partners.apply(context.principal, application, request)
    )


def act(verb: PartnerVerb, taken: type[PartnerActInput] = PartnerActInput) -> Callable[..., Any]:
    """The resolver of another verb."""

    async def resolve(info: Info[Any, Any], input: Any) -> PartnerPayload:
        request = ActRequest(
            idempotency_key=input.idempotency_key, reason=input.reason, partner=input.partner_id,
            expected_version=input.expected_version, validate_only=input.validate_only,
            jwks=_jwks(input.jwks) if isinstance(input, ProposePartnerKeysInput) else None,
        )  # fmt: skip
        context = of(info)
        return await _payload(
            info,
            input.partner_id,
            lambda: context.installation.partners.act(context.principal, verb, request),
        )

    resolve.__annotations__ |= {"input": taken}
    return resolve


QUERIES = {
    "partners": strawberry.field(resolver=resolve_partners, description="連携先: every partner, by name."),
    "partner": strawberry.field(resolver=resolve_partner, description="A partner by its id."),
}
"""The root fields, by name."""
MUTATIONS = {
    "apply_partner": strawberry.field(resolver=apply_partner, description="連携先の申請: enter a partner."),
    "approve_partner": strawberry.field(
        resolver=act(PartnerVerb.APPROVE),
        description="承認: let a partner call, or its new keys hold. By another person than who applied.",
    ),
    "suspend_partner": strawberry.field(
        resolver=act(PartnerVerb.SUSPEND), description="停止: let it call no more, at once."
    ),
    "lift_partner_suspension": strawberry.field(
        resolver=act(PartnerVerb.LIFT_SUSPENSION), description="停止解除: let it call again."
    ),
    "end_partner": strawberry.field(resolver=act(PartnerVerb.END), description="終了: end it for good."),
    "propose_partner_keys": strawberry.field(
        resolver=act(PartnerVerb.PROPOSE_KEYS, ProposePartnerKeysInput),
        description="鍵の登録: new keys, which wait for approval.",
    ),
}
"""The office's verbs, by name."""


def shown(source: partners.Partner) -> Partner:
    """A partner as the API shows it."""
    return Partner(id=strawberry.ID(source.id), source=source)


async def _payload(
    info: Info[Any, Any], id: str, act: Callable[[], Awaitable[partners.Partner | None]]
) -> PartnerPayload:
    """Do it, and show the partner as it is now: also where somebody else changed it first."""
    try:
        done = await act()
    except Refused as error:
        is_stale = any(each.code is FindingCode.STALE_VERSION for each in error.findings)
        present = await of(info).installation.partners.callers.find(id) if is_stale else None
        errors = [user_error(finding) for finding in error.findings]
        return PartnerPayload(partner=shown(present) if present else None, user_errors=errors)
    return PartnerPayload(partner=shown(done) if done else None, user_errors=[])


def _keys(keys: tuple[Jwk, ...]) -> list[PartnerKey]:
    return [PartnerKey(kid=key["kid"], thumbprint=thumbprint(key)) for key in keys]


def _jwks(text: str) -> dict[str, Any]:
    """A key set from its JSON; empty where it is none, which the register refuses with the reason."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
