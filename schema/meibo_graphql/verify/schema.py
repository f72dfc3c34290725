"""The schema of `/verify/graphql`, put together from the rooms that have root fields."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from meibo_graphql.registry import look_up
from meibo_graphql.scalars import SCALARS
from meibo_graphql.verify.partners import PartnerMutation, PartnerQuery
from meibo_graphql.verify.public import PublicQuery
from meibo_graphql.verify.receipts import ReceiptQuery


@strawberry.type
class Query(PartnerQuery, PublicQuery, ReceiptQuery):
    """Every room's root fields; a new room is one more base."""


@strawberry.type
class Mutation(PartnerMutation):
    """Likewise."""


def verify_schema() -> strawberry.Schema:
    """The schema: the same whatever professions are installed, for what is told of a licence are claims by name."""
    config = StrawberryConfig(scalar_map=SCALARS, default_resolver=look_up)
    return strawberry.Schema(Query, Mutation, config=config)
