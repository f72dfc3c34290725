"""The code tables as root queries: rows by date, with their trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.codes.service import CodeRow
from meibo.professions.compiled import GroupSpec, Profession
from meibo.registry.views import GroupView
from meibo_graphql.context import of
from meibo_graphql.groups import TypeRegistry, group_type, owner_of, shown, type_name


def code_fields(registry: TypeRegistry, professions: Mapping[str, Profession]) -> dict[str, Any]:
    """A root field for each code table that an installed profession lists."""
    fields: dict[str, Any] = {}
    for profession in professions.values():
        for spec in profession.code_tables:
            about = spec.type.about
            made: Any = registry.once(
                type_name(profession, spec), owner_of(profession, spec), group_type(profession, spec)
            )
            fields[about.plural] = strawberry.field(
                resolver=_rows(spec), graphql_type=list[made],
                description=f"{about.title}: the rows that hold on a day; without one, every row that there was.",
            )  # fmt: skip
    return fields


def _rows(spec: GroupSpec) -> Callable[..., Any]:
    async def resolve(info: Info[Any, Any], on: date | None = None, code: str | None = None) -> Any:
        context = of(info)
        await context.demand(Permission.CODE_READ, info.field_name)
        await context.installation.codes.refresh()
        rows = context.installation.codes.rows(spec.key, on)
        return [_shown(spec, row) for row in rows if code is None or row.key.rsplit("/", 1)[-1] == code]

    return resolve


def _shown(spec: GroupSpec, row: CodeRow) -> dict[str, Any]:
    return {**shown(spec, GroupView(row.values)), "valid_from": row.valid_from, "valid_to": row.valid_to}
