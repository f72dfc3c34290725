"""Reading views: groups computed from a licence's versions, from its measures, or by counting a register.

A row is the licence at one of its versions beside what the view's source says of itself. The licence's part is
read as its groups are, so that it is masked as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission
from meibo.database.direct.statements import Statement, among
from meibo.errors import InvalidValue
from meibo.items.declaration import Item
from meibo.items.views import View
from meibo.professions.compiled import GroupSpec
from meibo.register import tables
from meibo.register.dispositions import Disposition
from meibo.registry import selecting
from meibo.registry.filtering import DateRange
from meibo.registry.reader import Reader
from meibo.registry.views import DispositionView, GroupView, Head, masked

LONGEST_COUNT = timedelta(days=366)
"""The longest period of which the entries are counted at once."""

_version, _span = tables.licence_version.c, tables.licence_span.c
_VERSIONS = Statement(
    select(
        _version.licence_id, _version.id, _version.content, _span.valid_from, _span.known_from, _span.known_to
    )
    .join(tables.licence_version, _version.id == _span.version_id)
    .where(among(_span.licence_id, "ids"))
    .order_by(_span.valid_from)
)

Row = tuple[Head, Mapping[str, Any]]
"""The licence at a version, and the fields of the view's source."""


@dataclass(frozen=True, slots=True)
class ViewReader:
    """Reads views through a request's reader: in its scope, with its permissions, into its log."""

    reader: Reader

    async def rows(self, key: str, heads: Sequence[Head]) -> list[list[GroupView]]:
        """The rows of a view of each licence; licences of one profession share their statements.

        Raises Forbidden for a history without `registry:history:read`; measures are none without
        `registry:personal:read`.
        """
        found: dict[UUID, list[GroupView]] = {}
        for code in {head.profession for head in heads}:
            spec = self.reader.scopes.host[code].groups[key]
            mine = [head for head in heads if head.profession == code]
            found |= await self._shown(spec, mine, await self._sources(spec, mine))
        return [found[head.version_id] for head in heads]

    async def counts(self, code: str, key: str, days: DateRange) -> list[GroupView]:
        """How many entries were made on each day from one to another, both included.

        Raises Forbidden, and InvalidValue for a period of more than 366 days.
        """
        await self.reader.guard.demand(self.reader.principal, Permission.LICENCE_READ, key, code)
        start, end = days.start, days.end
        if start is None or end is None or not timedelta() <= end - start < LONGEST_COUNT:
            raise InvalidValue(
                "count.period", "期間は366日以内で指定してください。", "Give a period of at most 366 days."
            )
        profession, reach = self.reader.scopes.host[code], self.reader.reach
        shown = {i.name: i.derived for i in profession.groups[key].items.values()}
        paths = [path for path in shown.values() if "." in path]
        statement = Statement(selecting.counted(profession, paths, bound=reach.offices is not None))
        rows = await self.reader.database.fetch(
            statement, reach, profession=self.reader.scopes.of(code), offices=reach.offices, day=clock.today(),
            start=start, end=end,
        )  # fmt: skip
        counted = [dict(zip([*paths, "count"], row, strict=True)) for row in rows]
        return [GroupView({name: row[path] for name, path in shown.items()}) for row in counted]

    async def _sources(self, spec: GroupSpec, heads: Sequence[Head]) -> list[list[Row]]:
        if spec.type.view is View.HISTORY:
            return await self._versions(heads)
        measures = await self.reader.dispositions(heads)
        return [
            [(head, _measured(number, view)) for number, view in enumerate(views, 1)]
            for head, views in zip(heads, measures, strict=True)
        ]

    async def _versions(self, heads: Sequence[Head]) -> list[list[Row]]:
        """Each licence at its versions until the head's own, as was known at the head's own instant."""
        reader, code = self.reader, heads[0].profession
        await reader.guard.demand(reader.principal, Permission.HISTORY_READ, "history", code)
        rows = await reader.database.fetch(_VERSIONS, reader.reach, ids={head.id for head in heads})
        return [
            [
                (_at(head, row), {"number": number, "effective_date": row.valid_from})
                for number, row in enumerate(
                    (r for r in rows if r.licence_id == head.id and _knew(head, r)), 1
                )
            ]
            for head in heads
        ]

    async def _shown(
        self, spec: GroupSpec, heads: Sequence[Head], sources: Sequence[Sequence[Row]]
    ) -> dict[UUID, list[GroupView]]:
        """The rows, each item taken from where it is derived."""
        keys = sorted({i.derived.partition(".")[0] for i in spec.items.values() if "." in i.derived})
        flat = [head for rows in sources for head, _ in rows]
        groups = {key: iter(await self.reader.groups(key, flat)) for key in keys}
        return {
            head.version_id: [
                self._row(spec, at, fields, {key: next(found) for key, found in groups.items()})
                for at, fields in rows
            ]
            for head, rows in zip(heads, sources, strict=True)
        }

    def _row(
        self, spec: GroupSpec, head: Head, fields: Mapping[str, Any], groups: Mapping[str, GroupView]
    ) -> GroupView:
        values = {item.name: _value(item, fields, groups) for item in spec.items.values()}
        return masked(self.reader.principal, head.profession, spec, values)


def _value(item: Item, fields: Mapping[str, Any], groups: Mapping[str, GroupView]) -> Any:
    key, _, name = item.derived.partition(".")
    return groups[key].values.get(name) if name else fields[key]


def _at(head: Head, row: Any) -> Head:
    """The head's licence at another of its versions."""
    assert head.stored, "Views are asked of heads that were read whole."
    stored = replace(head.stored, version_id=row.id)
    return replace(head, stored=stored, content=row.content, effective_date=row.valid_from, came={}, blobs={})


def _knew(head: Head, row: Any) -> bool:
    """Whether a version took effect until the head's own, and stood as was known at its instant."""
    if row.valid_from > head.effective_date:
        return False
    if not head.past:
        return row.known_to is None
    return row.known_from <= head.recorded_at and (row.known_to is None or row.known_to > head.recorded_at)


def _measured(number: int, view: DispositionView) -> dict[str, Any]:
    """What a disposition says of itself."""
    told, order = view.disposition, view.disposition.order
    years, months = told.period or (None, None)
    return {
        "number": number,
        "kind": order.code,
        "ordered_date": told.ordered_date,
        "start_date": order.start_date,
        "end_date": order.end_date,
        "years": years,
        "months": months,
        "order_number": order.number or None,
        "remarks": order.remarks or None,
        "reeducation_ordered_date": told.reeducation_ordered_date,
        "reeducation_completed_date": told.reeducation_completed_date,
        "reeducation_status": _reeducation(told),
    }


def _reeducation(told: Disposition) -> str:
    """Whether re-education was not ordered, is under way, or was completed: a code of our own."""
    if told.reeducation_ordered_date is None:
        return "1"
    return "2" if told.reeducation_completed_date is None else "3"
