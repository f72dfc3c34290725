"""Licences: the interface that every profession's type implements, and the types made for each profession."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.audit.subjects import subject_access
from meibo.database.stores import Store
from meibo.identity import NumberKind
from meibo.items.declaration import Cardinality
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec
from meibo.professions.compiled import Profession as Compiled
from meibo.register.fold import State
from meibo.register.tables import stored
from meibo.registry.claims import certificate_claims, claim_groups
from meibo.registry.paging import PageRequest
from meibo.registry.views import Head, masked, visible
from meibo.values.eras import day_of
from meibo_graphql import types
from meibo_graphql.certificates import CertificateClaim
from meibo_graphql.context import of, present
from meibo_graphql.groups import (
    TypeRegistry,
    field_name,
    group_type,
    is_of_licence,
    owner_of,
    shown,
    type_name,
)
from meibo_graphql.ids import NodeKind
from meibo_graphql.professions import Profession
from meibo_graphql.types import Node, code_of

HeadParent = strawberry.Parent[Any]
AsOf = Annotated[date | None, strawberry.argument(description="A day in Japan; null: today.")]
KnownAt = Annotated[
    datetime | None, strawberry.argument(description="As was known then; null: as is known now.")
]


async def holder_of(head: Head, info: Info[Any, Any]) -> types.Holder:
    """Who holds a licence, from the groups that say so."""
    context = of(info)
    keys = context.reader.holder_groups(head)
    groups = {key: await context.group(key).load(head) for key in keys}
    view = context.reader.holder(head, groups)
    birth, profession = view.values["birth_date"], context.installation.host[head.profession]
    sex = profession.item(profession.plugin.holder.sex)
    return types.Holder(
        full_name=view.values["full_name"],
        full_name_kana=view.values["full_name_kana"],
        birth_date=birth and types.PartialDate(source=birth),
        sex=code_of(view.values["sex"], sex.codes if sex else None),
        redacted=[types.Redaction(item=types.camel(r.item), reason=r.reason) for r in view.redacted],
    )


async def history_of(
    head: Head,
    info: Info[Any, Any],
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> types.ActionConnection:
    """A page of a licence's actions."""
    context = of(info)
    page = await context.reader.history(head, PageRequest(first, after, last, before))
    edges = [
        types.ActionEdge(
            cursor=cursor, node=types.action_of(context.ids.seal(NodeKind.ACTION, action.id, head.id), action)
        )
        for action, cursor in zip(page.nodes, page.cursors, strict=True)
    ]
    return types.ActionConnection(edges=edges, page_info=page_info(page))


def page_info(page: Any) -> types.PageInfo:
    """Where a page stands."""
    return types.PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )


@strawberry.interface(
    description="All that a list or a header needs without fragments; every profession's type implements it."
)
class Licence(Node):
    @strawberry.field(description="Opaque, never reused: the cache's key.")  # type: ignore[misc]
    def id(self: Any, info: Info[Any, Any]) -> strawberry.ID:
        return strawberry.ID(of(info).ids.seal(NodeKind.LICENCE, self.id))

    @strawberry.field(description="資格仮名ID with its check character: a name, not a credential.")
    def pseudonym(self: Any) -> str:
        return str(self.pseudonym)

    @strawberry.field
    def profession(self: Any, info: Info[Any, Any]) -> Profession:
        return Profession(source=of(info).installation.host[self.profession])

    @strawberry.field(description="As it was given. Null where it is masked, as in its group.")
    def registration_number(self: Any, info: Info[Any, Any]) -> str | None:
        profession = of(info).installation.host[self.profession]
        key, _, name = profession.plugin.number.partition(".")
        spec = profession.groups[key]
        seen = visible(of(info).principal, self.profession, spec, spec.items[name])
        return str(self.registration_number) if seen else None

    @strawberry.field(description="Null where it is masked, as in its group.")
    async def registration_date(self: Any, info: Info[Any, Any]) -> date | None:
        key, _, name = of(info).installation.host[self.profession].plugin.registered.partition(".")
        return day_of((await of(info).group(key).load(self)).values.get(name))

    @strawberry.field
    async def holder(self: Any, info: Info[Any, Any]) -> types.Holder:
        return await holder_of(self, info)

    @strawberry.field(
        description="The standing on a day; null: today in Japan. Null where there was no entry yet."
    )
    async def state(self: Any, info: Info[Any, Any], on: AsOf = None) -> State | None:
        if on is None:
            return State(self.state)
        found = await of(info).past(on).load(self.id)
        return found.state if found else None

    @strawberry.field(description="Sent back as expectedVersion.")
    def version(self: Any) -> int:
        return int(self.version)

    @strawberry.field(
        description="The verbs that the caller may use on it now: the buttons to show. A disposition has its own."
    )
    def viewer_may(self: Any, info: Info[Any, Any]) -> list[str]:
        return [types.camel(verb) for verb in of(info).reader.viewer_may(self)]

    @strawberry.field(description="What happened to the licence, oldest first.")
    async def history(
        self: Any,
        info: Info[Any, Any],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> types.ActionConnection:
        return await history_of(self, info, first, after, last, before)

    @strawberry.field(
        description="Who looked at the licence, newest first; at most 500. Changes stand in its history."
    )
    async def accesses(self: Any, info: Info[Any, Any], first: int = 50) -> list[types.Access]:
        await of(info).demand(Permission.AUDIT_READ, "accesses", self.profession)
        size = PageRequest(first=first).size
        found = await subject_access(of(info).installation.databases[Store.AUDIT], self.pseudonym, limit=size)
        return [
            types.Access(
                at=each.at,
                institution=each.institution,
                purpose=each.purpose or None,
                operation=each.operation,
                kind=each.kind,
                outcome=each.outcome,
            )
            for each in found
        ]

    @strawberry.field(
        description="What a certificate of the licence shows today, in order. Empty where the licence does not stand,"
        " or its profession has no certificate."
    )
    async def certificate_claims(self: Any, info: Info[Any, Any]) -> list[CertificateClaim]:
        context = of(info)
        profession = context.installation.host[self.profession]
        groups = {key: await context.group(key).load(self) for key in claim_groups(profession)}
        claims = certificate_claims(profession, self, groups, context.installation.codes)
        return [CertificateClaim(source=claim) for claim in claims]

    @strawberry.field(description="Whether the vault holds the holder's individual number.")
    async def individual_number(self: Any, info: Info[Any, Any]) -> types.NumberStatus:
        status = await of(info).numbers(NumberKind.INDIVIDUAL_NUMBER).load(self)
        return types.NumberStatus(held=status.held, destroyed_at=status.destroyed_at)


def make_group_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A group that stands once."""

    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return shown(spec, await of(info).group(spec.key).load(root))

    return resolve


def make_list_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A list that the version holds, in order."""

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

    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        told = await number_statuses(root, info, kinds)
        return [{**shown(spec, view), **told} for _, view in await of(info).replies(spec.key).load(root)]

    return resolve


def make_view_resolver(spec: GroupSpec) -> Callable[..., Any]:
    """A group that core computes for a licence."""

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

    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        return {**await number_statuses(root, info, kinds), "redacted": []}

    return resolve


async def resolve_dispositions(root: HeadParent, info: Info[Any, Any]) -> list[types.Disposition]:
    """The measures against the holder, in the order in which they were ordered."""
    context = of(info)
    part = root.version_id if root.past else root.id
    return [
        types.disposition_of(context.ids.seal(NodeKind.DISPOSITION, d.disposition.id, part), d)
        for d in await context.dispositions.load(root)
    ]


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
    """The fields by which a licence shows its groups. The vault knows the present alone: a version leaves it out."""
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
    fields["dispositions"] = strawberry.field(
        resolver=resolve_dispositions,
        description="行政処分 (measures), as they stood then. Empty without the permission to read personal data.",
    )
    return fields


def version_type(registry: TypeRegistry, profession: Compiled) -> type:
    """The licence on another day, under an id that never changes: clients' caches keep it apart from the present."""

    def make(name: str) -> type:
        async def at_id(root: HeadParent, info: Info[Any, Any]) -> strawberry.ID:
            return strawberry.ID(of(info).ids.seal(NodeKind.VERSION, root.version_id))

        fields = {
            "id": strawberry.field(resolver=at_id),
            "number": strawberry.field(resolver=_attribute("version_number", int)),
            "state": strawberry.field(resolver=_attribute("state", State)),
            "effective_date": strawberry.field(resolver=_attribute("effective_date", date)),
            "recorded_at": strawberry.field(resolver=_attribute("recorded_at", datetime)),
            "plugin_version": strawberry.field(resolver=_attribute("plugin_version", str)),
            "holder": strawberry.field(resolver=_holder),
            **group_fields(registry, profession, but=Cardinality.VAULT),
            "is_type_of": classmethod(lambda cls, value, info: _is(value, profession, past=True)),
            "__module__": __name__,
        }
        made = type(name, (Node,), fields)
        return strawberry.type(
            made, description=f"{profession.plugin.name[0]}: the groups as they stood on another day."
        )

    return registry.once(f"{pascal(profession)}LicenceVersion", profession.code, make)


def licence_type(registry: TypeRegistry, profession: Compiled) -> type:
    """A profession's licence."""
    version: Any = version_type(registry, profession)

    async def at(root: HeadParent, info: Info[Any, Any], as_of: AsOf = None, known_at: KnownAt = None) -> Any:
        if as_of is None and known_at is None:
            return await of(info).versions.load(root.version_id)
        return await of(info).past(as_of, known_at).load(root.id)

    def make(name: str) -> type:
        fields = {
            **group_fields(registry, profession),
            "at": strawberry.field(
                resolver=at,
                graphql_type=version | None,
                description="The licence on another day. Null: no entry on that day, as far as was known.",
            ),
            "is_type_of": classmethod(lambda cls, value, info: _is(value, profession, past=False)),
            "__module__": __name__,
        }
        made = type(name, (Licence,), fields)
        return strawberry.type(
            made,
            description="{} ({}). Groups live in a client's cache under their licence.".format(
                *profession.plugin.name
            ),
        )

    return registry.once(f"{pascal(profession)}Licence", profession.code, make)


def pascal(profession: Compiled) -> str:
    """`ClinicalLaboratoryTechnologist`."""
    return "".join(part.capitalize() for part in profession.code.split("_"))


def _is(value: Any, profession: Compiled, *, past: bool) -> bool:
    return isinstance(value, Head) and value.profession == profession.code and value.past is past


def _attribute(name: str, kind: Any) -> Callable[..., Any]:
    def resolve(root: Any) -> Any:
        return getattr(root, name)

    resolve.__annotations__ = {"root": HeadParent, "return": kind}
    return resolve


async def _holder(root: HeadParent, info: Info[Any, Any]) -> types.Holder:
    return await holder_of(root, info)


__all__ = ["Licence", "group_fields", "licence_type", "page_info", "pascal", "present", "version_type"]
