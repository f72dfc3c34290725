"""The fields by which a licence, or a version of it, shows its groups: one resolver for each cardinality."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.identity import NumberKind
from meibo.items.declaration import Cardinality
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec
from meibo.professions.compiled import Profession as Compiled
from meibo.register.tables import stored
from meibo.registry.views import Head, masked
from meibo_graphql import levels, types
from meibo_graphql.batching import batched
from meibo_graphql.context import of
from meibo_graphql.groups import (
    TypeRegistry,
    field_name,
    group_type,
    is_of_licence,
    owner_of,
    shown,
    type_name,
)

HeadParent = strawberry.Parent[Any]


def make_group_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A group that stands once."""

    @batched(levels.groups_of(spec))
    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return shown(spec, await of(info).group(spec.key).load(root))

    return resolve


def make_list_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A list that the version holds, in order."""

    @batched(levels.lists_of(spec))
    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return [shown(spec, view) for view in await of(info).rows(spec.key).load(root)]

    return resolve


def make_identity_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """The two pseudonyms, which stand on the licence itself."""

    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        values = dict(zip(spec.items, (root.pseudonym, root.portal_alias), strict=True))
        return shown(spec, masked(of(info).principal, root.profession, spec, values))

    return resolve


def make_replies_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A group of which a licence gathers rows; its numbers lie in the vault, one status for all rows."""
    kinds = number_kinds(spec)

    @batched(levels.replies_of(spec, kinds))
    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        told = await number_statuses(root, info, kinds)
        return [shown(spec, view, **told) for _, view in await of(info).replies(spec.key).load(root)]

    return resolve


def make_view_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A group that core computes for a licence."""

    @batched(levels.views_of(spec))
    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return [shown(spec, view) for view in await of(info).views(spec.key).load(root)]

    return resolve


def number_kinds(spec: GroupSpec) -> dict[str, NumberKind]:
    """The number items of a group, each with the kind by which the vault knows it."""
    return {i.name: NumberKind(i.kind.name) for i in spec.items.values() if i.storage is Storage.VAULT}


async def number_statuses(
    head: Head, info: Info[Any, Any], kinds: Mapping[str, NumberKind]
) -> dict[str, types.NumberStatus]:
    """Whether the vault holds each number."""
    loaded = {name: await of(info).numbers(kind).load(head) for name, kind in kinds.items()}
    return {n: types.NumberStatus(held=s.held, destroyed_at=s.destroyed_at) for n, s in loaded.items()}


def make_numbers_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """The group in the vault: a status for each number."""
    kinds = number_kinds(spec)

    @batched(levels.numbers_of(kinds))
    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return {**await number_statuses(root, info, kinds), "redacted": []}

    return resolve


async def dispositions_of(head: Head, info: Info[Any, Any]) -> list[types.Disposition]:
    """The measures against the holder, in the order in which they were ordered."""
    context = of(info)
    return levels.measures(context, head, await context.dispositions.load(head))


ROWS = (Cardinality.LIST, Cardinality.MANY, Cardinality.VIEW)
"""The groups that are shown as a list."""


def _resolver_of(spec: GroupSpec) -> Callable[..., Any]:
    match spec.cardinality:
        case Cardinality.LIST:
            return make_list_resolver(spec)
        case Cardinality.MANY:
            return make_replies_resolver(spec)
        case Cardinality.VIEW:
            return make_view_resolver(spec)
        case Cardinality.VAULT:
            return make_numbers_resolver(spec)
    return make_group_resolver(spec) if stored(spec) else make_identity_resolver(spec)


def group_fields(
    registry: TypeRegistry, profession: Compiled, *, but: Cardinality | None = None
) -> dict[str, Any]:
    """The fields by which a licence shows its groups, but those of one cardinality."""
    fields: dict[str, Any] = {}
    for spec in profession.groups.values():
        if spec.cardinality is but or not is_of_licence(spec):
            continue
        made: Any = registry.once(
            type_name(profession, spec), owner_of(profession, spec), group_type(profession, spec)
        )
        about, resolver = spec.type.about, _resolver_of(spec)
        fields[field_name(spec)] = strawberry.field(
            resolver=resolver,
            graphql_type=list[made] if spec.cardinality in ROWS else made,
            description=f"{about.title} ({about.en}).",
        )
    return fields
