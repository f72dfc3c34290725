"""The registry's schema, put together from what is installed."""

from __future__ import annotations

import asyncio
from typing import Any

import strawberry
from strawberry.exceptions import DuplicatedTypeName
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.errors import InvalidValue, PluginError
from meibo.host import Host
from meibo.identity import NumberKind
from meibo.items.declaration import Privacy
from meibo.registry.views import Head
from meibo_graphql import checking, connectors, exchange, family, jobs, partners, residents, types
from meibo_graphql.batching import Alongside, rooted
from meibo_graphql.clashes import refuse_clashes
from meibo_graphql.codes import code_fields
from meibo_graphql.context import RegistryContext, of
from meibo_graphql.counts import count_fields
from meibo_graphql.groups import Fields, TypeRegistry, type_name
from meibo_graphql.ids import NodeKey, NodeKind
from meibo_graphql.licences import Licence, licence_type, pascal, version_type
from meibo_graphql.lists import connection_type, list_resolver
from meibo_graphql.mutations import mutation_fields
from meibo_graphql.professions import Profession
from meibo_graphql.scalars import SCALARS
from meibo_graphql.types import Node

MOST_NODES = 100
PERSONAL = frozenset(
    {
        "IndividualNumberKey.number",
        "EnrolNumberInput.number",
        "LinkPortalInput.portalPseudonym",
        "NameMatch.full",
        "NameMatch.family",
        "NameMatch.kanaPrefix",
    }
)
"""Inputs that take variables only; those of each profession's items are added from their declarations."""


@strawberry.input(description="A register number within its profession.")
class RegistrationNumberKey:
    profession: strawberry.ID
    number: str


@strawberry.input(
    description="An individual number, as a variable only: it goes in, and only the licence comes out."
)
class IndividualNumberKey:
    profession: strawberry.ID
    number: str


@strawberry.input(one_of=True, description="Which licence: exactly one of these.")
class LicenceKey:
    id: strawberry.ID | None = strawberry.UNSET
    pseudonym: str | None = strawberry.UNSET
    registration_number: RegistrationNumberKey | None = strawberry.UNSET
    individual_number: IndividualNumberKey | None = strawberry.UNSET


@strawberry.type(description="Who asks, and what they may.")
class Viewer:
    account: str
    institution: str
    terminal: str
    permissions: list[str]
    professions: list[strawberry.ID]


async def resolve_node(info: Info[Any, Any], id: strawberry.ID) -> Node | None:
    """Anything by its id; null where there is none, or none that the caller may know of."""
    await of(info).demand(Permission.LICENCE_READ, "node")
    key = of(info).ids.open(id)
    return await _node(info, key) if key else None


async def resolve_nodes(info: Info[Any, Any], ids: list[strawberry.ID]) -> list[Node | None]:
    """Several, in the order asked for; at most 100."""
    await of(info).demand(Permission.LICENCE_READ, "nodes")
    if len(ids) > MOST_NODES:
        raise InvalidValue(
            "nodes.many", "一度に100件までです。", f"Ask for at most {MOST_NODES} nodes at a time."
        )
    keys = [of(info).ids.open(id) for id in ids]
    return list(await asyncio.gather(*(_node(info, key) if key else _nothing() for key in keys)))


async def _nothing() -> None:
    return None


async def _node(info: Info[Any, Any], key: NodeKey) -> Any:
    context = of(info)
    if key.kind is NodeKind.LICENCE:
        return await context.heads.load(key.id)
    if key.kind is NodeKind.VERSION:
        return await context.versions.load(key.id)
    head = await _whole(context, key)
    if head is None:
        return None
    if key.kind is NodeKind.ACTION:
        action = await context.reader.action(head, key.id)
        return action and types.action_of(context.ids.seal(*key), action)
    found = [d for d in await context.dispositions.load(head) if d.disposition.id == key.id]
    return types.disposition_of(key, found[0]) if found else None


async def _whole(context: RegistryContext, key: NodeKey) -> Head | None:
    """The licence of an action or a disposition, or the version at which a disposition was read."""
    if key.part is None:
        return None
    return await context.heads.load(key.part) or await context.versions.load(key.part)


async def read_licence(info: Any, alongside: Alongside | None, by: LicenceKey) -> Head | None:
    """A licence by one of its keys, with the groups that are read alongside."""
    context = of(info)
    await context.demand(Permission.LICENCE_READ, "licence")
    key = await key_of(context, by)
    if key is None or alongside is None:
        return await context.reader.licence(**key) if key else None
    named = key.get("number")
    along = alongside.of(named[0]) if named else alongside.guess()
    head = await context.reader.licence(**key, along=along)
    alongside.found(head)
    return head


@rooted(read_licence)
async def resolve_licence(info: Info[Any, Any], by: LicenceKey) -> Licence | None:
    """A licence by one of its keys; unknown or out of scope: null, no error."""
    return await read_licence(info, None, by)  # type: ignore[return-value]


async def key_of(context: RegistryContext, by: LicenceKey) -> dict[str, Any] | None:
    """The key by which the reader finds the licence; None where it names none, or none that the caller may know."""
    if by.id:
        key = context.ids.open(by.id)
        return {"id": key.id} if key and key.kind is NodeKind.LICENCE else None
    if by.pseudonym:
        return {"pseudonym": by.pseudonym}
    if by.registration_number:
        return {"number": (by.registration_number.profession, by.registration_number.number)}
    if by.individual_number:
        given, kind = by.individual_number, NumberKind.INDIVIDUAL_NUMBER
        found = await context.reader.pseudonym_of(given.profession, kind, given.number)
        return {"pseudonym": found} if found else None
    return None


async def resolve_professions(info: Info[Any, Any]) -> list[Profession]:
    """The professions in the caller's scope."""
    context = of(info)
    await context.demand(Permission.LICENCE_READ, "professions")
    seen = context.principal.professions
    return [Profession(source=p) for p in context.installation.host.professions.values() if p.code in seen]


async def resolve_viewer(info: Info[Any, Any]) -> Viewer:
    """Who asks."""
    principal = of(info).principal
    return Viewer(
        account=principal.account,
        institution=principal.institution,
        terminal=principal.terminal,
        permissions=sorted(principal.permissions),
        professions=[strawberry.ID(p) for p in sorted(principal.professions)],
    )


def registry_schema(host: Host) -> strawberry.Schema:
    """The schema of `/registry/graphql` for what is installed. Raises PluginError for names that clash."""
    registry = TypeRegistry()
    fields = Fields(
        {
            "node": strawberry.field(resolver=resolve_node, description="Anything by its id."),
            "nodes": strawberry.field(resolver=resolve_nodes, description="Several by their ids."),
            "licence": strawberry.field(
                resolver=resolve_licence, description="A licence by one of its keys."
            ),
            "professions": strawberry.field(
                resolver=resolve_professions, description="What is kept here, as forms need it."
            ),
            "viewer": strawberry.field(resolver=resolve_viewer, description="Who asks."),
            **partners.QUERIES,
            **residents.QUERIES,
            **family.QUERIES,
            **connectors.QUERIES,
            **checking.QUERIES,
            **exchange.QUERIES,
            **jobs.QUERIES,
        }
    )
    made: list[type] = []
    for profession in host.professions.values():
        refuse_clashes(profession)
        licence = licence_type(registry, profession)
        connection = connection_type(registry, profession, licence)
        about = (
            f"{profession.plugin.register_name[0]}: the licences in order, narrowed by what an index serves."
        )
        resolver = list_resolver(registry, profession, connection)
        fields[f"{profession.code}_licences"] = strawberry.field(resolver=resolver, description=about)
        for name, field in count_fields(registry, profession).items():
            fields[name] = field
        made += [licence, version_type(registry, profession)]
    for name, field in code_fields(registry, host.professions).items():
        fields[name] = field
    query = strawberry.type(type("Query", (), {**fields, "__module__": __name__}))
    mutations = mutation_fields(registry, host.professions)
    mutation = strawberry.type(type("Mutation", (), {**mutations, "__module__": __name__}))
    config = StrawberryConfig(scalar_map=SCALARS, default_resolver=look_up)
    try:
        return strawberry.Schema(
            query, mutation, types=[*made, types.Action, types.Disposition], config=config
        )
    except DuplicatedTypeName as error:
        raise PluginError(f"{error.message}: rename the group or the profession.") from error


def look_up(source: Any, name: str) -> Any:
    """A field without a resolver: a key of a dict, an attribute of anything else."""
    return source[name] if isinstance(source, dict) else getattr(source, name)


def personal_coordinates(host: Host) -> frozenset[str]:
    """Every input field that may hold personal data, as `Type.field`."""
    found = set(PERSONAL | residents.PERSONAL | checking.PERSONAL | exchange.PERSONAL)
    for profession in host.professions.values():
        prefix = pascal(profession)
        found |= {f"Register{prefix}LicenceInput.individualNumber", f"{prefix}LicenceFilter.birthDate"}
        for spec in profession.content_groups:
            found |= {
                f"{type_name(profession, spec)}Input.{types.camel(i.name)}"
                for i in spec.items.values()
                if i.settable and i.privacy is not Privacy.PUBLIC
            }
    return frozenset(found)
