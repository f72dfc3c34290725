"""Licences: the interfaces that every profession's types implement, and the types made for each profession."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.audit.subjects import subject_access
from meibo.database.paging import PageRequest
from meibo.database.stores import Store
from meibo.identity import NumberKind
from meibo.items.declaration import Cardinality
from meibo.professions.compiled import Profession as Compiled
from meibo.register.fold import State
from meibo.registry.claims import certificate_claims, claim_groups
from meibo.registry.views import Head
from meibo.values.eras import day_of
from meibo_graphql import levels, types, words
from meibo_graphql.batching import Batched, batched, columnar, told
from meibo_graphql.certificates import CertificateClaim, IssuedCertificate
from meibo_graphql.context import of
from meibo_graphql.groups import TypeRegistry, pascal
from meibo_graphql.ids import NodeKind
from meibo_graphql.pages import Connection, connected
from meibo_graphql.professions import Profession
from meibo_graphql.resolvers import dispositions_of, group_fields
from meibo_graphql.types import Node

AsOf = Annotated[date | None, strawberry.argument(description="A day in Japan; null: today.")]
KnownAt = Annotated[
    datetime | None, strawberry.argument(description="As was known then; null: as is known now.")
]
AT = "The licence on another day. Null: no entry on that day, as far as was known."
DISPOSITIONS = (
    "行政処分 (measures against the holder), in order. Empty without the permission to read personal data."
)
DISPOSITIONS_THEN = (
    "行政処分 (measures), as they stood then. Empty without the permission to read personal data."
)

HOLDERS = Batched(levels.holders, levels.items_of_holders, brief=True)
REGISTERED = Batched(levels.registration_dates, levels.registered_item, brief=True)
MEASURES = Batched(levels.dispositions, brief=True)


async def holder_of(head: Head, info: Info[Any, Any]) -> types.Holder:
    """Who holds a licence, from the groups that say so."""
    context = of(info)
    keys = context.reader.holder_groups(head)
    return levels.holder(context, head, {key: await context.group(key).load(head) for key in keys})


async def history_of(
    head: Head,
    info: Info[Any, Any],
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> Connection[types.Action]:
    """A page of a licence's actions."""
    context = of(info)
    page = await context.reader.history(head, PageRequest(first, after, last, before))
    return connected(
        page,
        lambda action: types.action_of(context.ids.seal(NodeKind.ACTION, action.id, head.id), action),
    )


@strawberry.interface(
    description="A licence on another day, under an id that never changes: clients' caches keep it apart from the"
    " present. All that a header needs; every profession's type adds the groups."
)
class LicenceVersion(Node):
    @strawberry.field(description="Opaque, and of this version alone.")  # type: ignore[misc]
    def id(self: Any, info: Info[Any, Any]) -> strawberry.ID:
        return strawberry.ID(of(info).ids.seal(NodeKind.VERSION, self.version_id))

    @strawberry.field(description="Its place among the licence's versions, from 1.")
    def number(self: Any) -> int:
        return int(self.version_number)

    @strawberry.field(description="How the licence stood from that day on.")
    def state(self: Any) -> State:
        return State(self.state)

    @strawberry.field(description="The state in words.")
    def state_label(self: Any, language: types.Language = types.Language.JA) -> str:
        return types.worded(words.STATES[State(self.state)], language)

    effective_date: date = strawberry.field(description="The day from which it holds.")
    recorded_at: datetime = strawberry.field(description="When it came to be known.")
    plugin_version: str = strawberry.field(description="The plugin's version that wrote it.")

    @strawberry.field(description="Who held it, as was known then.")
    @batched(HOLDERS)
    async def holder(self: Any, info: Info[Any, Any]) -> types.Holder:
        return await holder_of(self, info)

    @strawberry.field(description=DISPOSITIONS_THEN)
    @batched(MEASURES)
    async def dispositions(self: Any, info: Info[Any, Any]) -> list[types.Disposition]:
        return await dispositions_of(self, info)


async def state_on(head: Head, info: Info[Any, Any], on: date | None) -> State | None:
    """The standing of a licence on a day, today's where none is given; None where there was no entry."""
    if on is None:
        return State(head.state)
    found = await of(info).past(on).load(head.id)
    return found.state if found else None


async def version_at(head: Head, info: Info[Any, Any], as_of: date | None, known_at: datetime | None) -> Any:
    """The version of a licence on a day, as was known at an instant; None where there was no entry."""
    if as_of is None and known_at is None:
        return await of(info).versions.load(head.version_id)
    return await of(info).past(as_of, known_at).load(head.id)


@strawberry.interface(
    description="All that a list or a header needs without fragments; every profession's type implements it."
)
class Licence(Node):
    @strawberry.field(description="Opaque, never reused: the cache's key.")  # type: ignore[misc]
    @columnar(levels.ids)
    def id(self: Any, info: Info[Any, Any]) -> strawberry.ID:
        return strawberry.ID(of(info).ids.seal(NodeKind.LICENCE, self.id))

    pseudonym = strawberry.field(
        resolver=told("pseudonym", str),
        description="資格仮名ID with its check character: a name, not a credential.",
    )

    @strawberry.field
    def profession(self: Any, info: Info[Any, Any]) -> Profession:
        return Profession(source=of(info).installation.host[self.profession])

    @strawberry.field(description="As it was given. Null where it is masked, as in its group.")
    @columnar(levels.registration_numbers)
    def registration_number(self: Any, info: Info[Any, Any]) -> str | None:
        [number] = levels.registration_numbers(of(info), [self])
        return number

    @strawberry.field(description="Null where it is masked, as in its group.")
    @batched(REGISTERED)
    async def registration_date(self: Any, info: Info[Any, Any]) -> date | None:
        key, _, name = of(info).installation.host[self.profession].plugin.registered.partition(".")
        return day_of((await of(info).group(key).load(self)).values.get(name))

    @strawberry.field
    @batched(HOLDERS)
    async def holder(self: Any, info: Info[Any, Any]) -> types.Holder:
        return await holder_of(self, info)

    @strawberry.field(
        description="The standing on a day; null: today in Japan. Null where there was no entry yet."
    )
    @batched(Batched(levels.states, brief=True))
    async def state(self: Any, info: Info[Any, Any], on: AsOf = None) -> State | None:
        return await state_on(self, info, on)

    @strawberry.field(description="The standing in words: 業務停止中 / Suspended.")
    @batched(Batched(levels.state_labels, brief=True))
    async def state_label(
        self: Any, info: Info[Any, Any], on: AsOf = None, language: types.Language = types.Language.JA
    ) -> str | None:
        found = await state_on(self, info, on)
        return types.worded(words.STATES[found], language) if found else None

    @strawberry.field(description=DISPOSITIONS)
    @batched(MEASURES)
    async def dispositions(self: Any, info: Info[Any, Any]) -> list[types.Disposition]:
        return await dispositions_of(self, info)

    @strawberry.field(description=AT)
    @batched(levels.versions)
    async def at(
        self: Any, info: Info[Any, Any], as_of: AsOf = None, known_at: KnownAt = None
    ) -> LicenceVersion | None:
        found: LicenceVersion | None = await version_at(self, info, as_of, known_at)
        return found

    version = strawberry.field(resolver=told("version", int), description="Sent back as expectedVersion.")

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
    ) -> Connection[types.Action]:
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
    @batched(levels.claims)
    async def certificate_claims(self: Any, info: Info[Any, Any]) -> list[CertificateClaim]:
        context = of(info)
        profession = context.installation.host[self.profession]
        groups = {key: await context.group(key).load(self) for key in claim_groups(profession)}
        claims = certificate_claims(profession, self, groups, context.installation.codes)
        return [CertificateClaim(source=claim) for claim in claims]

    @strawberry.field(
        description="The certificates that its holder got, the newest first; ended ones included. Empty without the"
        " permission to read personal data."
    )
    @batched(levels.certificates)
    async def certificates(self: Any, info: Info[Any, Any]) -> list[IssuedCertificate]:
        [found] = await levels.certificates(of(info), [self], frozenset())
        return found

    @strawberry.field(description="Whether the vault holds the holder's individual number.")
    @batched(levels.individual_numbers)
    async def individual_number(self: Any, info: Info[Any, Any]) -> types.NumberStatus:
        status = await of(info).numbers(NumberKind.INDIVIDUAL_NUMBER).load(self)
        return types.NumberStatus(held=status.held, destroyed_at=status.destroyed_at)


def version_type(registry: TypeRegistry, profession: Compiled) -> type:
    """The licence on another day. The vault knows the present alone: a version leaves it out."""

    def make(name: str) -> type:
        fields = {
            **group_fields(registry, profession, but=Cardinality.VAULT),
            "is_type_of": classmethod(lambda cls, value, info: _is(value, profession, past=True)),
            "__module__": __name__,
        }
        return strawberry.type(
            type(name, (LicenceVersion,), fields),
            description=f"{profession.plugin.name[0]}: the groups as they stood on another day.",
        )

    return registry.once(f"{pascal(profession)}LicenceVersion", profession.code, make)


def licence_type(registry: TypeRegistry, profession: Compiled) -> type:
    """A profession's licence."""
    version: Any = version_type(registry, profession)

    @batched(levels.versions)
    async def at(
        root: strawberry.Parent[Any], info: Info[Any, Any], as_of: AsOf = None, known_at: KnownAt = None
    ) -> Any:
        return await version_at(root, info, as_of, known_at)

    def make(name: str) -> type:
        fields = {
            **group_fields(registry, profession),
            "at": strawberry.field(resolver=at, graphql_type=version | None, description=AT),
            "is_type_of": classmethod(lambda cls, value, info: _is(value, profession, past=False)),
            "__module__": __name__,
        }
        told = "{} ({}). Groups live in a client's cache under their licence."
        return strawberry.type(
            type(name, (Licence,), fields), description=told.format(*profession.plugin.name)
        )

    return registry.once(f"{pascal(profession)}Licence", profession.code, make)


def _is(value: Any, profession: Compiled, *, past: bool) -> bool:
    return isinstance(value, Head) and value.profession == profession.code and value.past is past


__all__ = ["Licence", "LicenceVersion", "licence_type", "pascal", "version_type"]
