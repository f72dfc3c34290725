"""Letting a holder see their licences at the portal, and ending that: a clerk does it who has identified the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.errors import Finding, FindingCode, InvalidValue, Refused
from meibo.identity import VerifiedBy
from meibo.registry import refusals
from meibo.registry.views import Head
from meibo.values.pseudonyms import LicencePseudonym, parse_portal_pseudonym
from meibo_graphql import types
from meibo_graphql.context import of
from meibo_graphql.ids import NodeKind

T = TypeVar("T")


@strawberry.input(
    description="マイナポータル仮名ID of the person, who was identified as its holder and as the licence's."
)
class LinkPortalInput:
    licence_id: strawberry.ID
    portal_pseudonym: str = strawberry.field(description="As a variable only, never as a literal.")
    verified_by: VerifiedBy


@strawberry.type(
    description="The pseudonym is not told again: it would join the licences of one person in a client's cache."
)
class LinkPortalPayload:
    linked: bool
    user_errors: list[types.UserError]


@strawberry.input
class UnlinkPortalInput:
    licence_id: strawberry.ID


@strawberry.type
class UnlinkPortalPayload:
    unlinked: bool = strawberry.field(description="Whether anybody saw the licence at the portal until now.")
    user_errors: list[types.UserError]


async def link_portal(info: Info[Any, Any], input: LinkPortalInput) -> LinkPortalPayload:
    """Let whoever signs in under the pseudonym see the licence, and every other of its person."""

    async def link(head: Head) -> bool:
        await of(info).installation.identity.link_portal(
            of(info).principal,
            profession=head.profession,
            file=of(info).installation.host[head.profession].file,
            pseudonym=LicencePseudonym(head.pseudonym),
            portal=parse_portal_pseudonym(input.portal_pseudonym),
            verified_by=input.verified_by,
        )
        return True

    done, errors = await _acted(info, "link_portal", input.licence_id, link)
    return LinkPortalPayload(linked=bool(done), user_errors=errors)


async def unlink_portal(info: Info[Any, Any], input: UnlinkPortalInput) -> UnlinkPortalPayload:
    """End that anybody sees the licence at the portal, and every other of its person."""

    async def unlink(head: Head) -> bool:
        return await of(info).installation.identity.unlink_portal(
            of(info).principal,
            profession=head.profession,
            file=of(info).installation.host[head.profession].file,
            pseudonym=LicencePseudonym(head.pseudonym),
        )

    done, errors = await _acted(info, "unlink_portal", input.licence_id, unlink)
    return UnlinkPortalPayload(unlinked=bool(done), user_errors=errors)


async def _acted(
    info: Info[Any, Any], operation: str, id: strawberry.ID, act: Callable[[Head], Awaitable[T]]
) -> tuple[T | None, list[types.UserError]]:
    """What an act on a licence led to; a refusal is recorded before it is told."""
    context = of(info)
    await context.demand(Permission.PORTAL_LINK, operation)
    try:
        key = context.ids.open(id)
        head = await context.heads.load(key.id) if key and key.kind is NodeKind.LICENCE else None
        if head is None:
            raise Refused(refusals.no_licence())
        return await act(head), []
    except InvalidValue as error:
        finding = Finding(("portal_pseudonym",), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)
        refused = Refused(finding)
    except Refused as error:
        refused = error
    await context.installation.guard.refused(context.principal, operation, None, refused.code)
    return None, [types.user_error(finding) for finding in refused.findings]
