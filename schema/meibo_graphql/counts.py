"""Daily counts as root queries: how many entries a register made on which day, telling of nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.items.views import View
from meibo.professions.compiled import GroupSpec, Profession
from meibo.registry.filtering import DateRange
from meibo.registry.viewing import ViewReader
from meibo_graphql.context import of
from meibo_graphql.groups import TypeRegistry, group_type, owner_of, root_or_field_name, shown, type_name


def count_fields(registry: TypeRegistry, profession: Profession) -> dict[str, Any]:
    """A root field for each daily count that a profession lists."""
    fields: dict[str, Any] = {}
    for spec in profession.view_groups:
        if spec.type.view is not View.DAILY_COUNT:
            continue
        about = spec.type.about
        made: Any = registry.once(
            type_name(profession, spec), owner_of(profession, spec), group_type(profession, spec)
        )
        fields[root_or_field_name(profession, spec)] = strawberry.field(
            resolver=_counts(profession, spec), graphql_type=list[made],
            description=f"{about.title}: the entries made from one day to another, both included; at most 366 days.",
        )  # fmt: skip
    return fields


def _counts(profession: Profession, spec: GroupSpec) -> Callable[..., Any]:
    async def resolve(info: Info[Any, Any], first_day: date, last_day: date) -> Any:
        reader = ViewReader(of(info).reader)
        counted = await reader.counts(profession.code, spec.key, DateRange(first_day, last_day))
        return [shown(spec, view) for view in counted]

    return resolve
