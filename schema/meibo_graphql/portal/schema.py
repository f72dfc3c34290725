"""The portal's schema, put together from what is installed."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.exceptions import DuplicatedTypeName
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from meibo.errors import PluginError
from meibo.host import Host
from meibo_graphql.groups import TypeRegistry
from meibo_graphql.ids import NodeKind
from meibo_graphql.portal.certificates import (
    certificate_nonce,
    certificate_of,
    issue_certificate,
    issue_qr_certificate,
    revoke_certificate,
)
from meibo_graphql.portal.context import of
from meibo_graphql.portal.licences import Licence, holder_of, licence_type
from meibo_graphql.portal.partners import PartnerQuery
from meibo_graphql.portal.shares import (
    ConsentText,
    Share,
    consent_text,
    share_licence,
    share_of,
    shares_of,
    withdraw_share,
)
from meibo_graphql.portal.types import Node
from meibo_graphql.registry import look_up
from meibo_graphql.scalars import SCALARS


@strawberry.type(description="Whoever has signed in.")
class Me:
    @strawberry.field(description="The name as the first of the licences has it; null without a licence.")
    async def display_name(self, info: Info[Any, Any]) -> str | None:
        heads = await of(info).licences()
        return (await holder_of(heads[0], info)).full_name if heads else None

    @strawberry.field(description="By profession. None: ask the office to link the portal pseudonym.")
    async def licences(self, info: Info[Any, Any]) -> list[Licence]:
        found: Any = await of(info).licences()
        return found  # type: ignore[no-any-return]

    @strawberry.field(description="What the holder lets others see, the newest first; ended ones included.")
    async def shares(self, info: Info[Any, Any]) -> list[Share]:
        return await shares_of(info)


@strawberry.type
class Query(PartnerQuery):
    @strawberry.field(description="Whoever has signed in.")
    def me(self) -> Me:
        return Me()

    @strawberry.field(
        description="A licence, a share or a certificate of the holder's by its id; null for everybody else's."
    )
    async def node(self, info: Info[Any, Any], id: strawberry.ID) -> Node | None:
        key = of(info).ids.open(id)
        if key and key.kind is NodeKind.SHARE:
            return await share_of(info, id)
        if key and key.kind is NodeKind.CERTIFICATE:
            return await certificate_of(info, id)
        found: Any = await of(info).licence(id)
        return found  # type: ignore[no-any-return]

    @strawberry.field(description="What the holder consents to before sharing.")
    def consent_text(self) -> ConsentText:
        return consent_text()


@strawberry.type
class Mutation:
    certificate_nonce = strawberry.field(
        resolver=certificate_nonce,
        description="What a wallet's proof is made upon, once, in 5 minutes. A mutation, so that no cache keeps it.",
    )
    issue_certificate = strawberry.field(
        resolver=issue_certificate, description="Issue an SD-JWT VC, bound to the key of the holder's wallet."
    )
    issue_qr_certificate = strawberry.field(
        resolver=issue_qr_certificate, description="Issue a QR certificate, open to whoever reads it."
    )
    revoke_certificate = strawberry.field(
        resolver=revoke_certificate,
        description="End a certificate for good: the telephone was lost. Verifiers know within a minute.",
    )
    share_licence = strawberry.field(
        resolver=share_licence, description="Let somebody see chosen claims of a licence."
    )
    withdraw_share = strawberry.field(resolver=withdraw_share, description="End that.")


def portal_schema(host: Host) -> strawberry.Schema:
    """The schema of `/portal/graphql` for what is installed. Raises PluginError for names that clash."""
    registry = TypeRegistry()
    made = [licence_type(registry, profession) for profession in host.professions.values()]
    config = StrawberryConfig(scalar_map=SCALARS, default_resolver=look_up)
    try:
        return strawberry.Schema(Query, Mutation, types=made, config=config)
    except DuplicatedTypeName as error:
        raise PluginError(f"{error.message}: rename the group or the profession.") from error
