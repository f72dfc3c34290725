"""Sharing by consent: what holders share, with whom, until when; made and withdrawn by mutations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import clock, consent
from meibo.consent import CONSENT_TEXTS, CURRENT_TEXT, Purpose, ShareRequest, UseOutcome
from meibo.errors import Finding, FindingCode, NotFound, Refused
from meibo.registry import refusals
from meibo_graphql.ids import NodeKind
from meibo_graphql.portal.context import of
from meibo_graphql.portal.licences import Licence
from meibo_graphql.portal.partners import Partner, partner
from meibo_graphql.portal.types import Node
from meibo_graphql.types import Language, UserError, user_error

strawberry.enum(UseOutcome, name="ShareUseOutcome", description="What came of presenting a share's link.")


@strawberry.type(description="The text that a holder consents to; show it whole.")
class ConsentText:
    source: strawberry.Private[consent.ConsentText]

    @strawberry.field(description="Sent back as textVersion.")
    def version(self) -> str:
        return self.source.version

    @strawberry.field
    def text(self, language: Language = Language.JA) -> str:
        return self.source.ja if language is Language.JA else self.source.en


@strawberry.type(description="One time that a share's link was presented.")
class ShareUse:
    source: strawberry.Private[consent.ShareUse]
    at: datetime
    claims: list[str] = strawberry.field(description="What was shown, by name; none where nothing was.")
    outcome: UseOutcome

    @strawberry.field(description="The partner; null: somebody who has the link.")
    async def who(self, info: Info[Any, Any]) -> Partner | None:
        return await partner(info, self.source.recipient)


@strawberry.type(
    description="Chosen claims of one licence, shown to whoever has the link, or to one partner."
)
class Share(Node):
    id: strawberry.ID
    source: strawberry.Private[consent.Share]

    @strawberry.field
    async def licence(self, info: Info[Any, Any]) -> Licence:
        [found] = [head for head in await of(info).licences() if head.id == self.source.licence]
        return found  # type: ignore[return-value]

    @strawberry.field(description="By name, as Licence.claims has them.")
    def claims(self) -> list[str]:
        return list(self.source.claims)

    @strawberry.field
    def purpose(self) -> Purpose:
        return self.source.purpose

    @strawberry.field(description="The partner that alone may look; null: whoever has the link.")
    async def recipient(self, info: Info[Any, Any]) -> Partner | None:
        return await partner(info, self.source.recipient)

    @strawberry.field
    def made_at(self) -> datetime:
        return self.source.made_at

    @strawberry.field
    def expires_at(self) -> datetime:
        return self.source.expires_at

    @strawberry.field(description="How often it may be looked at in all.")
    def max_uses(self) -> int:
        return self.source.uses

    @strawberry.field
    def uses_left(self) -> int:
        return self.source.uses_left

    @strawberry.field
    def withdrawn_at(self) -> datetime | None:
        return self.source.withdrawn_at

    @strawberry.field(description="Whether the link shows anything now.")
    def active(self) -> bool:
        return self.source.stands(clock.now())

    @strawberry.field(description="Who presented the link, newest first.")
    async def uses(self, info: Info[Any, Any]) -> list[ShareUse]:
        return [
            ShareUse(
                source=use,
                at=use.at,
                claims=list(self.source.claims) if use.outcome is UseOutcome.SHOWN else [],
                outcome=use.outcome,
            )
            for use in await of(info).uses.load(self.source)
        ]


@strawberry.input(
    description="Chosen claims of a licence that stands. The holder has read the consent's text."
)
class ShareLicenceInput:
    licence_id: strawberry.ID
    claims: list[str] = strawberry.field(description="Some of Licence.claims, by name.")
    purpose: Purpose
    recipient: str | None = strawberry.field(
        default=None, description="Of partners, by its id; null: whoever has the link."
    )
    expires_at: datetime = strawberry.field(description="Within 90 days from now.")
    uses: int = strawberry.field(default=1, description="How often it may be looked at: 1 to 100.")
    text_version: str = strawberry.field(description="Of consentText, as it was shown.")
    language: Language = strawberry.field(default=Language.JA, description="In which the text was shown.")


@strawberry.type
class ShareLicencePayload:
    share: Share | None
    url: str | None = strawberry.field(
        description="The link, told this once: its fragment is the secret. Show it to the holder; store it nowhere."
    )
    user_errors: list[UserError]


@strawberry.input(description="End a share. What was seen before cannot be undone.")
class WithdrawShareInput:
    share_id: strawberry.ID
    language: Language = strawberry.field(default=Language.JA, description="Of the page.")


@strawberry.type
class WithdrawSharePayload:
    share: Share | None
    user_errors: list[UserError]


async def share_licence(info: Info[Any, Any], input: ShareLicenceInput) -> ShareLicencePayload:
    """Share claims of one of the holder's licences."""
    context = of(info)
    head = await context.licence(input.licence_id)
    if head is None:
        return ShareLicencePayload(share=None, url=None, user_errors=[user_error(refusals.no_licence())])
    request = ShareRequest(
        licence=head.id, claims=input.claims, purpose=input.purpose, recipient=input.recipient,
        expires_at=input.expires_at, uses=input.uses, text_version=input.text_version,
        language=input.language.value,
    )  # fmt: skip
    offered = [claim.spec.name for claim in await context.reader.claims(head) if claim.value is not None]
    try:
        caller = context.holder.acting(head.profession)
        made, token = await context.portal.consents.share(caller, head, request, offered)
    except Refused as error:
        return ShareLicencePayload(
            share=None, url=None, user_errors=[user_error(finding) for finding in error.findings]
        )
    url = f"{context.portal.settings.portal_share_url}#{token}"
    return ShareLicencePayload(share=shown(info, made), url=url, user_errors=[])


async def withdraw_share(info: Info[Any, Any], input: WithdrawShareInput) -> WithdrawSharePayload:
    """End one of the holder's shares; again is no harm."""
    context = of(info)
    found = await share_of(info, input.share_id)
    if found is None:
        error = NotFound("share")
        finding = Finding(("share_id",), error.ja, error.en, FindingCode.NOT_FOUND, "share.unknown")
        return WithdrawSharePayload(share=None, user_errors=[user_error(finding)])
    [head] = [head for head in await context.licences() if head.id == found.source.licence]
    withdrawn = await context.portal.consents.withdraw(
        context.holder.acting(head.profession),
        head,
        found.source.id,
        CURRENT_TEXT.version,
        input.language.value,
    )
    return WithdrawSharePayload(share=shown(info, withdrawn), user_errors=[])


async def share_of(info: Info[Any, Any], id: strawberry.ID) -> Share | None:
    """One of the holder's shares by its id; None for everybody else's."""
    return next((share for share in await shares_of(info) if share.id == id), None)


async def shares_of(info: Info[Any, Any]) -> list[Share]:
    """All of the holder's shares, the newest first."""
    found = await of(info).portal.consents.shares(await of(info).licences())
    return [shown(info, share) for share in found]


def shown(info: Info[Any, Any], share: consent.Share) -> Share:
    """A share as the API shows it."""
    return Share(id=strawberry.ID(of(info).ids.seal(NodeKind.SHARE, share.id)), source=share)


def consent_text() -> ConsentText:
    """The text in force."""
    return ConsentText(source=CONSENT_TEXTS[CURRENT_TEXT.version])
