"""The statements by which licences are read: one head a licence, at a day and as known at an instant.

Each is made once for each shape in which it is asked; what differs from request to request is bound by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_

from meibo.certificates.tables import certificate
from meibo.database.direct.statements import Statement, among, given
from meibo.database.recording import recording
from meibo.host import Host
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import tables
from meibo.register.written import Columns
from meibo.registry.filtering import Held, Order, Shape, column_of, is_in_order, narrowed, sort_columns

KEPT = 500
"""Shapes of each statement that are remembered: those asked last."""
licence, version, span, action = tables.licence, tables.licence_version, tables.licence_span, tables.action

VERSION = Held(version.c.state, version.c.content)
"""What holds, as a version says it: on any day, as known at any instant."""
PRESENT = Held(licence.c.present_state, licence.c.present_content)
"""What holds today, as the licence's own row says it."""
HEAD = (
    licence.c.id, licence.c.scope, licence.c.pseudonym, licence.c.portal_alias, licence.c.registration_number,
    licence.c.version, licence.c.wrapped_key, licence.c.key_version,
    version.c.id.label("version_id"), version.c.number.label("version_number"), version.c.state, version.c.content,
    version.c.effective_date, version.c.recorded_at, version.c.plugin_version,
)  # fmt: skip
BRIEF = (
    licence.c.id, licence.c.scope, licence.c.pseudonym, licence.c.registration_number, licence.c.version,
    licence.c.wrapped_key, licence.c.key_version, *PRESENT,
)  # fmt: skip
"""What the licence's own row says of the present."""
KNOWN = select(recording.c.last_at).where(recording.c.id == 1).scalar_subquery().label("known")
"""The instant until which acts were recorded."""


class By(StrEnum):
    """By what licences are found."""

    ID = "id"
    IDS = "ids"
    NUMBER = "number"
    PSEUDONYM = "pseudonym"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group that is read in the statement of its licence, as far as these of its items need."""

    group: str
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Came:
    """A group that was read with its licence: as far as these items need, in these columns."""

    items: frozenset[str]
    columns: Columns


@dataclass(frozen=True, slots=True)
class Along:
    """The groups that are read in the statement of the licences of a profession."""

    profession: str
    groups: tuple[Wanted, ...] = ()
    is_brief: bool = False
    """Whether nothing else is asked of a licence than what its own row says of the present."""


def in_reach(*, bound: bool, one: bool = False) -> list[ColumnElement[bool]]:
    """Licences of the professions `scope` (of the `one` that is `profession`), and of `offices` where the caller is
    bound to some."""
    column = licence.c.scope
    professions = column == given(column, "profession") if one else among(column, "scope")
    return [professions, *([among(licence.c.office, "offices")] if bound else [])]


def heads(*, bound: bool, past: bool, one: bool = False) -> Select[Any]:
    """One row for each licence in reach that has an entry on `day`, as is known now, or `past`: was at `known_at`."""
    statement = (
        select(*HEAD)
        .join(span, span.c.licence_id == licence.c.id)
        .join(version, version.c.id == span.c.version_id)
        .where(*in_reach(bound=bound, one=one), span.c.valid_from <= given(span.c.valid_from, "day"))
        .where(or_(span.c.valid_to.is_(None), span.c.valid_to > given(span.c.valid_to, "day")))
    )
    if not past:
        return statement.where(span.c.known_to.is_(None))
    known_at = given(span.c.known_from, "known_at")
    return statement.where(
        span.c.known_from <= known_at, or_(span.c.known_to.is_(None), span.c.known_to > known_at)
    )


def present(*, bound: bool, one: bool = False) -> Select[Any]:
    """One row for each licence in reach that has an entry today, from its own row alone."""
    return select(*BRIEF).where(*in_reach(bound=bound, one=one), licence.c.present_content.is_not(None))


def _is_present(*, beyond: bool) -> Iterator[ColumnElement[bool]]:
    """That on `day` the rows of a profession's licences say how these stand: none has fallen due since midnight, and
    of what is `beyond` a first page, that none was changed since `known_at`."""
    due = licence.alias("due")
    of_profession = due.c.scope == given(due.c.scope, "profession")
    fell_due = due.c.next_change_date <= given(due.c.next_change_date, "day")
    yield not_(select(due.c.id).where(of_profession, fell_due).exists())
    if beyond:
        row = recording.c
        unchanged = row.last_at <= given(row.last_at, "known_at")
        yield select(row.id).where(row.id == -given(row.id, "profession"), unchanged).exists()


class Statements:
    """The statements of one host."""

    def __init__(self, host: Host) -> None:
        self.host = host
        kept = lru_cache(KEPT)  # For each by itself.
        self.heads, self.versions, self.page = kept(self._heads), kept(self._versions), kept(self._page)
        self.present, self.present_page = kept(self._present), kept(self._present_page)
        self.count, self.rows, self.replies = kept(self._count), kept(self._rows), kept(self._replies)
        self.places = kept(self._places)

    def _heads(self, by: By, along: Along | None, *, bound: bool, past: bool) -> Statement:
        """Licences by a key."""
        statement = self.joined(heads(bound=bound, past=past).where(*_found(by)), along, VERSION)
        return Statement(statement, brief=by is not By.IDS, steady=True)

    def _present(self, by: By, along: Along, *, bound: bool) -> Statement:
        """A licence by a key, from its own row; none where that does not say how it stands on `day`."""
        next_day = licence.c.next_change_date
        stands = or_(next_day.is_(None), next_day > given(next_day, "day"))
        statement = present(bound=bound).add_columns(KNOWN).where(stands, *_found(by))
        return Statement(self.joined(statement, along, PRESENT), brief=True, steady=True)

    def _versions(self, *, bound: bool) -> Statement:
        """Licences at stored versions, by the versions' own `ids`."""
        statement = select(*HEAD).join(version, version.c.licence_id == licence.c.id)
        return Statement(statement.where(among(version.c.id, "ids"), *in_reach(bound=bound)))

    def _page(
        self, code: str, shape: Shape, order: Order, along: Along | None, beyond: tuple[str, ...],
        *, backward: bool, bound: bool,
    ) -> Statement:  # fmt: skip
        """A page of a profession's licences, `size` at most, with what each is sorted by, and the instant until which
        acts were recorded. `beyond` says from where on: `after` a position, `before` one, or both; the pages that
        follow the first show what was known then."""
        statement = heads(bound=bound, past=bool(beyond), one=True).add_columns(KNOWN)
        return Statement(self._cut(statement, code, shape, order, along, beyond, VERSION, backward=backward))

    def _present_page(
        self, code: str, shape: Shape, order: Order, along: Along, beyond: tuple[str, ...],
        *, backward: bool, bound: bool,
    ) -> Statement:  # fmt: skip
        """The same from the licences' own rows; none where these do not say what the page must show."""
        statement = present(bound=bound, one=True).where(*_is_present(beyond=bool(beyond)))
        statement = statement if beyond else statement.add_columns(KNOWN)  # A cursor tells it.
        statement = self._cut(statement, code, shape, order, along, beyond, PRESENT, backward=backward)
        # How many another filter leaves, and where, depends on its values.
        return Statement(statement, steady=is_in_order(self.host[code], shape, order))

    def _cut(
        self, statement: Select[Any], code: str, shape: Shape, order: Order, along: Along | None,
        beyond: tuple[str, ...], held: Held, *, backward: bool,
    ) -> Select[Any]:  # fmt: skip
        profession = self.host[code]
        columns = sort_columns(profession, order)
        ascending = order.endswith("ASC")
        statement, groups = narrowed(
            statement.add_columns(columns[0].label("sort")), profession, shape, order, held
        )
        for side in beyond:
            statement = statement.where(_beyond(columns, side, greater=ascending == (side == "after")))
        sorted_by = columns if ascending != backward else [c.desc() for c in columns]
        size = given(version.c.number, "size")
        return self.joined(statement, along, held, groups).order_by(*sorted_by).limit(size)

    def _count(self, code: str, shape: Shape, *, bound: bool) -> Statement:
        """How many licences a list has in all."""
        every = heads(bound=bound, past=True, one=True)
        statement, _ = narrowed(every, self.host[code], shape, Order.REGISTRATION_NUMBER_ASC, VERSION)
        return Statement(
            select(func.count()).select_from(statement.with_only_columns(licence.c.id).subquery())
        )

    def _rows(self, code: str, group: str, items: frozenset[str] | None) -> Statement:
        """The rows of a group at some of the `contents` of licences, as far as these items need (None: all)."""
        table, spec = self.table(code, group), self.host[code].groups[group]
        needed = (
            [*table.primary_key, *(table.c[name] for name in along_columns(spec, items))]
            if items is not None
            else table.c
        )
        statement = select(*needed).where(
            among(table.c.licence_id, "ids"), among(table.c.content, "contents")
        )
        return Statement(statement.order_by(*table.primary_key), steady=True)

    def _replies(self, code: str, group: str) -> Statement:
        """The rows that licences have gathered, oldest first."""
        table = self.table(code, group)
        statement = select(table).where(among(table.c.licence_id, "ids"))
        return Statement(statement.order_by(table.c.recorded_at, table.c.id))

    def _places(self, along: Along, width: int) -> dict[str, Came]:
        """Where at the end of a row of some width stands what came along, by group."""
        groups = self.host[along.profession].groups
        named = [(wanted, along_columns(groups[wanted.group], wanted.items)) for wanted in along.groups]
        start, found = width - sum(len(names) for _, names in named), {}
        for wanted, names in named:
            found[wanted.group] = Came(wanted.items, Columns(tuple(names), start))
            start += len(names)
        return found

    def table(self, code: str, group: str) -> Any:
        """The table of a group."""
        return tables.group_table(code, self.host[code].groups[group])

    def joined(
        self, statement: Select[Any], along: Along | None, held: Held, groups: Collection[str] = ()
    ) -> Select[Any]:
        """The statement with the columns of the groups that come along, in their order; `groups` are joined."""
        if along is None:
            return statement
        for wanted in along.groups:
            spec, table = (
                self.host[along.profession].groups[wanted.group],
                self.table(along.profession, wanted.group),
            )
            if wanted.group not in groups:
                on = and_(table.c.licence_id == licence.c.id, table.c.content == held.content)
                statement = statement.outerjoin(table, on)
            names = along_columns(spec, wanted.items)
            statement = statement.add_columns(
                *(table.c[name].label(f"{wanted.group}__{name}") for name in names)
            )
        return statement


def along_columns(spec: GroupSpec, items: frozenset[str]) -> list[str]:
    """The columns that some items of a group need, first one that no row lacks; the blob only where one lies in it."""
    if spec.upcasts:
        clear, sealed = [item.name for item in spec.stored(Storage.CLEAR)], True
    else:
        needed = [spec.items[name] for name in sorted(items)]
        clear = [i.name for i in needed if i.storage is Storage.CLEAR and not i.kind.verbatim]
        sealed = any(i.settable and (i.storage is not Storage.CLEAR or i.kind.verbatim) for i in needed)
    return ["plugin_version", *clear, *(["sealed"] if sealed else [])]


def _found(by: By) -> Sequence[ColumnElement[bool]]:
    match by:
        case By.ID:
            return [licence.c.id == given(licence.c.id, "id")]
        case By.IDS:
            return [among(licence.c.id, "ids")]
        case By.PSEUDONYM:
            return [licence.c.pseudonym == given(licence.c.pseudonym, "pseudonym")]
    return [
        licence.c.scope == given(licence.c.scope, "profession"),
        licence.c.number_key == given(licence.c.number_key, "number"),
    ]


def _beyond(columns: tuple[ColumnElement[Any], ...], side: str, *, greater: bool) -> ColumnElement[bool]:
    """Rows after (or before) a position: the parameters `after_sort` and `after_id`, or those of `before`."""
    pair = tuple_(*columns)
    there = tuple_(given(columns[0], f"{side}_sort"), given(columns[1], f"{side}_id"))
    return pair > there if greater else pair < there


def counted(profession: Profession, paths: Sequence[str], *, bound: bool) -> Select[Any]:
    """How many licences share each combination of these clear items, of those registered from `start` to `end`."""
    registered = profession.plugin.registered
    statement = heads(bound=bound, past=False, one=True)
    for group in sorted({path.partition(".")[0] for path in (*paths, registered)}):
        table = tables.group_table(profession.code, profession.groups[group])
        on = and_(table.c.licence_id == licence.c.id, table.c.content == version.c.content)
        statement = statement.join(table, on)
    columns, day = [column_of(profession, path) for path in paths], column_of(profession, registered)
    statement = statement.where(day >= given(day, "start"), day <= given(day, "end"))
    return statement.with_only_columns(*columns, func.count()).group_by(*columns).order_by(*columns)


ACT = (
    action.c.id, action.c.licence_id, action.c.number, action.c.verb, action.c.effective_date, action.c.recorded_at,
    action.c.plugin_version, action.c.sealed,
)  # fmt: skip
"""What an act is opened from."""
BY_VERBS = Statement(
    select(*ACT)
    .where(among(action.c.licence_id, "ids"), among(action.c.verb, "verbs"))
    .order_by(action.c.number),
    steady=True,
)
"""The actions of licences by some `verbs`."""
CERTIFICATES = Statement(
    select(certificate)
    .where(among(certificate.c.licence_id, "ids"))
    .order_by(certificate.c.issued_at.desc(), certificate.c.id)
)
"""The certificates of licences, the newest first."""
ONE_ACTION = Statement(
    select(action).where(
        action.c.licence_id == given(action.c.licence_id, "licence"), action.c.id == given(action.c.id, "id")
    )
)


@lru_cache
def history(*, after: bool, before: bool, backward: bool) -> Statement:
    """A page of the actions of a licence, `size` at most, from a position on: `after` and `before` are numbers."""
    number = action.c.number
    statement = select(action).where(action.c.licence_id == given(action.c.licence_id, "licence"))
    if after:
        statement = statement.where(number > given(number, "after"))
    if before:
        statement = statement.where(number < given(number, "before"))
    return Statement(statement.order_by(number.desc() if backward else number).limit(given(number, "size")))
