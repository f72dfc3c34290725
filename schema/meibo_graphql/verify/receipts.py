"""Who signs verification receipts, and where the keys are with which anybody checks them."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from meibo.certificates.authority import JWKS
from meibo_graphql.verify.context import of


@strawberry.type(
    description="Who signs verification receipts: anybody who has one can check it with these keys."
)
class ReceiptIssuer:
    issuer: str = strawberry.field(description="The `iss` of a receipt.")
    jwks_url: str


@strawberry.type
class ReceiptQuery:
    """Root fields about receipts."""

    @strawberry.field(description="Who signs verification receipts.")
    def receipt_issuer(self, info: Info[Any, Any]) -> ReceiptIssuer:
        origin = of(info).verifying.authority.names.origin
        return ReceiptIssuer(issuer=origin, jwks_url=f"{origin}/.well-known/{JWKS}")
