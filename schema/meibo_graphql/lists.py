"""Lists of licences: for each profession a connection, a filter of what an index serves, and an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import clock
from meibo.access.permissions import Permission
from meibo.database.paging import Page, PageRequest
from meibo.errors import InvalidValue
from meibo.items.declaration import Item
from meibo.items.kinds import CodeKind, DayKind, EraDateKind
from meibo.professions.compiled import Profession
from meibo.register.fold import State
from meibo.register.search import SearchKind
from meibo.registry.filtering import DateRange, ListFilter, Order
from meibo.registry.reader import Reader
from meibo.registry.selecting import Along
from meibo.registry.views import NEEDS, Head
from meibo.values import names
from meibo.values.dates import PartialDate
from meibo_graphql import types
from meibo_graphql.batching import Alongside, rooted
from meibo_graphql.context import of
from meibo_graphql.groups import UNDOUBTED, TypeRegistry
from meibo_graphql.licences import Licence, pascal
from meibo_graphql.pages import page_info
from meibo_graphql.scalars import EDTF

MOST_CODES = 500
"""Codes of one filter's list."""

LicenceOrder = strawberry.enum(
    Order, name="LicenceOrder", description="By what a list is sorted; ties by id."
)


@strawberry.interface(description="One licence of a list.")
class LicenceEdge:
    cursor: str
    node: Licence


@strawberry.interface(
    description="A page of licences of any profession: one fragment serves the lists of all."
)
class LicenceConnection:
    edges: list[LicenceEdge]
    nodes: list[Licence] = strawberry.field(description="The nodes without their edges.")
    page_info: types.PageInfo

    @strawberry.field(description="Counted only when selected.")
    async def total_count(self: Any, info: Info[Any, Any]) -> int:
        return await of(info).reader.count(self.profession, self.filter, self.page.known_at)


def connection_type(registry: TypeRegistry, profession: Profession, licence: Any) -> Any:
    """The connection of a profession's licences."""

    def make_edge(name: str) -> type:
        body = {"__annotations__": {"node": licence}, "__module__": __name__, **UNDOUBTED}
        return strawberry.type(type(name, (LicenceEdge,), body))

    edge: Any = registry.once(f"{pascal(profession)}LicenceEdge", profession.code, make_edge)

    def make(name: str) -> type:
        body = {
            "__annotations__": {"edges": list[edge], "nodes": list[licence]},
            "__module__": __name__,
            **UNDOUBTED,
        }
        return strawberry.type(type(name, (LicenceConnection,), body))

    return registry.once(f"{pascal(profession)}LicenceConnection", profession.code, make)


class _Edge:
    """A licence of a page; its cursor is sealed when it is asked for."""

    __slots__ = ("_page", "_place")

    def __init__(self, page: Page[Head], place: int) -> None:
        self._page, self._place = page, place

    @property
    def node(self) -> Head:
        return self._page.nodes[self._place]

    @property
    def cursor(self) -> str:
        return self._page.cursors[self._place]


@dataclass(frozen=True, slots=True)
class _Found:
    """A page, and what it was found by; what is not asked for is not made."""

    profession: str
    page: Page[Head]
    filter: ListFilter

    @property
    def edges(self) -> list[_Edge]:
        return [_Edge(self.page, place) for place in range(len(self.page.nodes))]

    @property
    def nodes(self) -> Sequence[Head]:
        return self.page.nodes

    @property
    def page_info(self) -> types.PageInfo:
        return page_info(self.page)


def filter_type(registry: TypeRegistry, profession: Profession) -> Any:
    """The filter of a profession: names, birth date, state, and every item that has an index."""

    def make(name: str) -> type:
        annotations: dict[str, Any] = {
            "name": types.NameMatch | None,
            "birth_date": EDTF | None,
            "state_in": list[State] | None,
        }
        annotations |= {field: kind for field, (_, kind) in _indexed(profession).items()}
        body: dict[str, Any] = dict.fromkeys(annotations)
        return strawberry.input(
            type(name, (), {"__annotations__": annotations, "__module__": __name__, **body}),
            description="Fields are ANDed, an …In list ORed. A field exists only where an index serves it.",
        )

    return registry.once(f"{pascal(profession)}LicenceFilter", profession.code, make)


def list_resolver(registry: TypeRegistry, profession: Profession, connection: Any) -> Callable[..., Any]:
    """The root field `doctorLicences`."""
    filter_class = filter_type(registry, profession)

    async def read(
        info: Any,
        along: Along | None,
        filter: Any = None,
        order_by: Order = Order.REGISTRATION_NUMBER_ASC,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Any:
        context = of(info)
        await context.demand(Permission.LICENCE_READ, info.field_name)
        if profession.code not in context.principal.professions:
            return _empty(profession)
        for needed in _needed(profession, filter) if filter else ():
            await context.demand(needed, info.field_name, profession.code)
        narrowed = _filter(context.reader, profession, filter)
        request = PageRequest(first, after, last, before)
        page = await context.reader.page(profession.code, narrowed, order_by, request, along)
        return _Found(profession.code, page, narrowed)

    async def rooted_read(info: Any, alongside: Alongside, **arguments: Any) -> Any:
        return await read(info, alongside.of(profession.code), **arguments)

    @rooted(rooted_read)
    async def resolve(
        info: Info[Any, Any],
        filter: Any = None,
        order_by: Order = Order.REGISTRATION_NUMBER_ASC,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Any:
        return await read(info, None, filter, order_by, first, after, last, before)

    resolve.__annotations__ |= {"filter": filter_class | None, "return": connection}
    return resolve


def _empty(profession: Profession) -> _Found:
    """What a caller outside the scope sees: nothing, like an empty register."""
    nothing: Page[Head] = Page([], [], False, False, clock.now())
    return _Found(profession.code, nothing, ListFilter(states=[]))


def _needed(profession: Profession, given: Any) -> Iterator[Permission]:
    """What a filter demands: a list narrowed by a masked item would tell its value."""
    if given.name or given.birth_date:
        yield Permission.PERSONAL_READ
    for field, (path, _) in _indexed(profession).items():
        item = profession.item(path)
        if item and item.privacy in NEEDS and getattr(given, field) is not None:
            yield NEEDS[item.privacy]


def _filter(reader: Reader, profession: Profession, given: Any) -> ListFilter:
    if given is None:
        return ListFilter()
    hashes = [
        reader.name_hash(profession.code, kind, text)
        for kind, text in _terms(given.name, given.birth_date)
        if text is not None
    ]
    items = {}
    for field, (path, _) in _indexed(profession).items():
        value = getattr(given, field)
        _refuse_many(value)
        if value is not None:
            items[path] = DateRange(value.from_, value.to) if isinstance(value, types.DateRange) else value
    _refuse_many(given.state_in)
    states = None if given.state_in is None else [State(s) for s in given.state_in]
    return ListFilter(hashes, states, items)


def _refuse_many(given: object) -> None:
    """Refuse more codes than a statement takes parameters."""
    if isinstance(given, list) and len(given) > MOST_CODES:
        raise InvalidValue(
            "search.many", f"一度に{MOST_CODES}個までです。", f"Give at most {MOST_CODES} codes at a time."
        )


def _terms(name: types.NameMatch | None, birth_date: str | None) -> list[tuple[SearchKind, str | None]]:
    born = birth_date and PartialDate(birth_date).value
    terms: list[tuple[SearchKind, str | None]] = [(SearchKind.BIRTH_DATE, born)]
    if name is None:
        return terms
    folded = name.fold_variants
    key = names.folded_name_key if folded else names.name_key
    terms.append((SearchKind.FULL_FOLDED if folded else SearchKind.FULL, name.full and key(name.full)))
    terms.append(
        (SearchKind.FAMILY_FOLDED if folded else SearchKind.FAMILY, name.family and key(name.family))
    )
    prefix = name.kana_prefix and names.kana_key(name.kana_prefix)
    if prefix is not None and not 2 <= len(prefix) <= 8:
        raise InvalidValue(
            "search.kana_prefix",
            "読みは2〜8文字で指定してください。",
            "Give two to eight characters of the reading.",
        )
    return [*terms, (SearchKind.KANA_PREFIX, prefix)]


@lru_cache(200)
def _indexed(profession: Profession) -> Mapping[str, tuple[str, Any]]:
    """Filter field -> (path, type) of each item with an index."""
    fields: dict[str, tuple[str, Any]] = {}
    for key, item in profession.indexes:
        kind: Any = str | None
        if isinstance(item.kind, DayKind | EraDateKind):
            kind = types.DateRange | None
        elif isinstance(item.kind, CodeKind):
            kind = list[str] | None
        fields[filter_field(item)] = (f"{key}.{item.name}", kind)
    return fields


def filter_field(item: Item) -> str:
    """The name of the filter's field for an item with an index."""
    return f"{item.name.removesuffix('_code')}_in" if isinstance(item.kind, CodeKind) else item.name
