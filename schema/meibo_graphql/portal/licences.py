"""Licences as their holders see them: the interface, and a type for each profession of what it shows holders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.database.paging import PageRequest
from meibo.items.declaration import Item
from meibo.professions.compiled import GroupSpec
from meibo.professions.compiled import Profession as Compiled
from meibo.register.fold import State
from meibo.registry.views import Head
from meibo.values.eras import day_of
from meibo_graphql.certificates import CertificateClaim
from meibo_graphql.groups import OUTPUT, Fields, TypeRegistry, field_name, show
from meibo_graphql.ids import NodeKind
from meibo_graphql.pages import page_info
from meibo_graphql.portal import types
from meibo_graphql.portal.certificates import Certificate, certificates_of
from meibo_graphql.portal.context import of
from meibo_graphql.portal.sections import Section, section
from meibo_graphql.portal.types import Node
from meibo_graphql.types import Language, PartialDate, code_of

HeadParent = strawberry.Parent[Any]
STATES: Mapping[State, tuple[str, str]] = {
    State.REGISTERED: ("有効", "In force"),
    State.SUSPENDED: ("業務停止中", "Suspended"),
    State.REVOKED: ("取消し", "Revoked"),
    State.STRUCK_OFF: ("抹消", "Struck off"),
    State.EXPIRED: ("期限満了", "Expired"),
}


@strawberry.interface(
    description="A licence of whoever has signed in; every profession's type implements it."
)
class Licence(Node):
    @strawberry.field(description="Opaque, never reused: the cache's key.")  # type: ignore[misc]
    def id(self: Any, info: Info[Any, Any]) -> strawberry.ID:
        return strawberry.ID(of(info).ids.seal(NodeKind.LICENCE, self.id))

    @strawberry.field(description="資格仮名ID with its check character: a name, not a credential.")
    def pseudonym(self: Any) -> str:
        return str(self.pseudonym)

    @strawberry.field
    def profession(self: Any, info: Info[Any, Any]) -> types.Profession:
        return types.Profession(source=of(info).portal.host[self.profession])

    @strawberry.field
    def registration_number(self: Any) -> str:
        return str(self.registration_number)

    @strawberry.field
    async def registration_date(self: Any, info: Info[Any, Any]) -> date | None:
        return day_of(await of(info).reader.registered(self))

    @strawberry.field
    async def holder(self: Any, info: Info[Any, Any]) -> types.Holder:
        return await holder_of(self, info)

    @strawberry.field(description="The standing today.")
    def state(self: Any) -> State:
        return State(self.state)

    @strawberry.field(description="有効 / In force …")
    def state_text(self: Any, language: Language = Language.JA) -> str:
        return STATES[State(self.state)][language is Language.EN]

    @strawberry.field(description="The measures against the holder, in the order in which they were ordered.")
    async def measures(self: Any, info: Info[Any, Any]) -> list[types.Measure]:
        [found] = await of(info).reader.dispositions([self])
        return [types.Measure(source=view) for view in found]

    @strawberry.field(description="What happened to the licence, oldest first.")
    async def history(
        self: Any, info: Info[Any, Any], first: int | None = None, after: str | None = None
    ) -> types.ActConnection:
        page = await of(info).reader.history(self, PageRequest(first, after))
        acts = [
            types.Act(
                number=act.number, verb=act.verb, effective_date=act.effective_date,
                recorded_at=act.recorded_at, institution=act.institution, legal_basis=act.legal_basis,
            )
            for act in page.nodes
        ]  # fmt: skip
        return types.ActConnection(nodes=acts, page_info=page_info(page))

    @strawberry.field(description="Who looked at the licence, newest first.")
    async def accesses(
        self: Any, info: Info[Any, Any], first: int | None = None, after: str | None = None
    ) -> types.AccessConnection:
        page = await of(info).reader.accesses(self, PageRequest(first, after))
        looks = [types.Access(source=each) for each in page.nodes]
        return types.AccessConnection(nodes=looks, page_info=page_info(page))

    @strawberry.field(description="What may be shared today, as a certificate shows it; none of a licence that does"
                      " not stand.")  # fmt: skip
    async def claims(self: Any, info: Info[Any, Any]) -> list[CertificateClaim]:
        return [CertificateClaim(source=claim) for claim in await of(info).reader.claims(self)]

    @strawberry.field(
        description="Those issued here, the newest first; ended ones included. Never their text."
    )
    async def certificates(self: Any, info: Info[Any, Any]) -> list[Certificate]:
        return await certificates_of(info, self)

    @strawberry.field(
        description="The groups as labels and texts: what a page needs that knows no profession."
    )
    async def sections(self: Any, info: Info[Any, Any], language: Language = Language.JA) -> list[Section]:
        context = of(info)
        profession = context.portal.host[self.profession]
        rows = {key: await context.rows(key).load(self) for key in profession.shown_to_holder}
        return [section(profession, key, found, context.codes, language) for key, found in rows.items()]


async def holder_of(head: Head, info: Info[Any, Any]) -> types.Holder:
    """Who holds a licence."""
    context = of(info)
    values, profession = (await context.reader.who(head)).values, context.portal.host[head.profession]
    birth, sex = values["birth_date"], profession.item(profession.plugin.holder.sex)
    return types.Holder(
        full_name=values["full_name"],
        full_name_kana=values["full_name_kana"],
        birth_date=birth and PartialDate(source=birth),
        sex=code_of(values["sex"], sex.codes if sex else None),
    )


def licence_type(registry: TypeRegistry, profession: Compiled) -> type:
    """A profession's licence: the interface, and the groups with the items that holders are shown."""
    prefix = "".join(part.capitalize() for part in profession.code.split("_"))

    def make(name: str) -> type:
        fields = Fields()
        for key, items in profession.shown_to_holder.items():
            spec = profession.groups[key]
            fields[field_name(spec)] = _group_field(registry, prefix, spec, items)
        body = {
            **fields,
            "is_type_of": classmethod(
                lambda cls, value, info: isinstance(value, Head) and value.profession == profession.code
            ),
            "__module__": __name__,
        }
        description = "{} ({}).".format(*profession.plugin.name)
        return strawberry.type(type(name, (Licence,), body), description=description)

    return registry.once(f"{prefix}Licence", profession.code, make)


def _group_field(registry: TypeRegistry, prefix: str, spec: GroupSpec, items: tuple[Item, ...]) -> Any:
    stem = spec.type.__name__
    name = stem if stem.startswith(prefix) else prefix + stem
    made: Any = registry.once(name, (prefix, spec.key), _group_type(spec, items))
    about = spec.type.about
    return strawberry.field(
        resolver=_rows_of(spec, items),
        graphql_type=list[made] if spec.repeats else made | None,
        description=f"{about.title} ({about.en}).",
    )


def _group_type(spec: GroupSpec, items: tuple[Item, ...]) -> Callable[[str], type]:
    def make(name: str) -> type:
        annotations = {item.name: OUTPUT[item.kind.name] for item in items}
        fields = {i.name: strawberry.field(description=f"{i.label} · {i.en}") for i in items}
        body = {"__annotations__": annotations, "__module__": __name__, **fields}
        about = spec.type.about
        return strawberry.type(type(name, (), body), description=f"{about.title} ({about.en}).")

    return make


def _rows_of(spec: GroupSpec, items: tuple[Item, ...]) -> Callable[..., Any]:
    """The rows of a list; the one, or null, of a group that stands once."""

    async def resolve(root: HeadParent, info: Info[Any, Any]) -> Any:
        rows = [
            {item.name: show(item, row.get(item.name)) for item in items}
            for row in await of(info).rows(spec.key).load(root)
        ]
        return rows if spec.repeats else next(iter(rows), None)

    return resolve
