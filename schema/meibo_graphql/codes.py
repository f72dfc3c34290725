"""The code tables as root queries: rows by date, with their trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.codes.service import CodeRow
from meibo.codes.tables import CodeTable
from meibo.items.shared.code_tables import EVERY_TABLE
from meibo.professions.compiled import GroupSpec, Profession
from meibo.registry.views import GroupView
from meibo_graphql.context import of
from meibo_graphql.groups import Fields, TypeRegistry, group_type, owner_of, shown, type_name


def code_fields(registry: TypeRegistry, professions: Mapping[str, Profession]) -> dict[str, Any]:
    """A root field for each code table of the installation."""
    fields = Fields()
    for profession, spec in _tables(professions):
        about = spec.type.about
        made: Any = registry.once(
            type_name(profession, spec), owner_of(profession, spec), group_type(profession, spec)
        )
        fields[about.plural] = strawberry.field(
            resolver=_rows(spec), graphql_type=list[made],
            description=f"{about.title}: the rows that hold on a day; without one, every row that there was.",
        )  # fmt: skip
    return fields


def _tables(professions: Mapping[str, Profession]) -> Iterator[tuple[Profession, GroupSpec]]:
    """Core's tables, since an item may take its codes from one that its profession does not list; then the tables
    that professions bring."""
    for anyone in list(professions.values())[:1]:
        yield from ((anyone, GroupSpec(group.about.key, group, group.items)) for group in EVERY_TABLE)
    for profession in professions.values():
        yield from ((profession, spec) for spec in profession.own_code_tables)


def _rows(spec: GroupSpec) -> Callable[..., Any]:
    async def resolve(info: Info[Any, Any], on: date | None = None, code: str | None = None) -> Any:
        context = of(info)
        await context.demand(Permission.CODE_READ, info.field_name)
        await context.installation.codes.refresh()
        rows = context.installation.codes.rows(spec.key, on)
        table = context.installation.codes.tables[spec.key]
        return [_shown(spec, table, row) for row in rows if code is None or row.code == code]

    return resolve


def _shown(spec: GroupSpec, table: CodeTable, row: CodeRow) -> dict[str, Any]:
    told = {
        "code": row.code, "valid_from": row.valid_from, "valid_to": row.valid_to,
        "labels": (table.label(row.values, "ja"), table.label(row.values, "en")),
    }  # fmt: skip
    return shown(spec, GroupView(row.values), **told)
