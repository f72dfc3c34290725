"""Reading, for one request: everything that is handed out is in scope, masked, and noted for the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider, derive
from meibo.database.recording import recording
from meibo.database.stores import Database
from meibo.errors import Forbidden, InvalidValue
from meibo.identity import NumberKind, NumberStatus
from meibo.professions.compiled import GroupSpec
from meibo.register import sealing, search, tables
from meibo.register.dispositions import Disposition
from meibo.register.fold import ALLOWED, DISPOSING, FOLLOWING, Act, State, Verb, dispositions_of, open_to
from meibo.register.opening import open_act, open_details
from meibo.registry import measures, selecting
from meibo.registry.guard import Guard
from meibo.registry.numbers import NumberDesk
from meibo.registry.paging import Cursors, Page, PageRequest, Position, cut
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import Scopes
from meibo.registry.selecting import ListFilter, Order
from meibo.registry.views import (
    ActionView,
    DispositionView,
    GroupView,
    Head,
    Redaction,
    RedactionReason,
    masked,
    visible,
)
from meibo.values.dates import as_partial
from meibo.values.pseudonyms import LicencePseudonym, parse_licence_pseudonym


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one principal and one request."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    codes: CodeTables
    identity: NumberDesk
    guard: Guard
    principal: Principal
    log: ReadLog

    async def find_id(
        self, *, pseudonym: str | None = None, number: tuple[str, str] | None = None
    ) -> UUID | None:
        """The id of a licence by pseudonym or by (profession, register number); None where the caller may know none."""
        row = tables.licence.c
        if pseudonym is not None:
            try:
                condition = row.pseudonym == parse_licence_pseudonym(pseudonym)
            except InvalidValue:
                return None
        else:
            assert number is not None
            code, text = number
            if code not in self.principal.sees(self.scopes.numbers) or selecting.NUL in text:
                return None
            self.log.searched(code, tables.number_key(text))
            condition = (row.scope == self.scopes.of(code)) & (row.number_key == tables.number_key(text))
        scope = self._scope()
        async with self._read(scope) as connection:
            found = await connection.execute(
                select(row.id).where(condition, *selecting.in_reach(scope, self.principal.offices))
            )
            return found.scalar_one_or_none()

    async def find_by_number(self, code: str, kind: NumberKind, number: str) -> UUID | None:
        """The licence of an individual number: the number goes in, only the licence comes out."""
        profession = self.scopes.host.professions.get(code)
        if profession is None or code not in self.principal.professions:
            named = code if profession else None  # What is no profession may be anything: it is not recorded.
            await self.guard.refused(self.principal, "licence", named, Forbidden.code)
            raise Forbidden(Permission.NUMBER_FIND)
        found = await self.identity.find(self.principal, code, profession.file, number, kind=kind)
        return await self.find_id(pseudonym=found) if found else None

    async def heads(
        self, ids: Sequence[UUID], as_of: date | None = None, known_at: datetime | None = None
    ) -> list[Head | None]:
        """Each licence at a day (None: today in Japan), as known at an instant; None where there is none to see."""
        scope = self._scope()
        past = as_of is not None or known_at is not None
        statement = selecting.heads(scope, self.principal.offices, as_of or clock.today(), known_at).where(
            tables.licence.c.id.in_(set(ids))
        )
        async with self._read(scope) as connection:
            rows = (await connection.execute(statement)).all()
        found = {row.id: self._head(row, past=past) for row in rows}
        self._note(found.values())
        return [found.get(id) for id in ids]

    async def versions(self, ids: Sequence[UUID]) -> list[Head | None]:
        """Licences at stored versions, by the versions' own ids."""
        scope = self._scope()
        licence, version = tables.licence, tables.licence_version
        statement = (
            select(*selecting.HEAD)
            .join(version, version.c.licence_id == licence.c.id)
            .where(version.c.id.in_(set(ids)), *selecting.in_reach(scope, self.principal.offices))
        )
        async with self._read(scope) as connection:
            rows = (await connection.execute(statement)).all()
        found = {row.version_id: self._head(row, past=True) for row in rows}
        self._note(found.values())
        return [found.get(id) for id in ids]

    async def page(self, code: str, filter: ListFilter, order: Order, request: PageRequest) -> Page[Head]:
        """A page of one profession's licences; all pages of a walk share the instant of the first."""
        profession, scope = self.scopes.host[code], [self.scopes.of(code)]
        cursors = self._cursors(code, filter, order)
        after, before = cursors.open(request.after), cursors.open(request.before)
        size = request.size
        columns = selecting.sort_columns(profession, order)
        ascending = order.endswith("ASC") != request.backward
        async with self._read(scope) as connection:
            known_at = await self._known_at(connection, after or before)
            statement = selecting.narrowed(
                selecting.heads(scope, self.principal.offices, clock.today(), known_at),
                profession,
                filter,
                order,
            )
            for position, is_after in ((after, True), (before, False)):
                if position:
                    greater = order.endswith("ASC") == is_after
                    statement = statement.where(selecting.beyond(columns, position.values, greater=greater))
            statement = statement.add_columns(columns[0].label("sort"))
            statement = statement.order_by(*(c if ascending else c.desc() for c in columns)).limit(size + 1)
            rows = (await connection.execute(statement)).all()
        kept, has_next, has_previous = cut(rows, request)
        nodes = [self._head(row) for row in kept]
        self._note(nodes)
        marks = [cursors.seal(Position((row.sort, row.id.hex), known_at)) for row in kept]
        return Page(nodes, marks, has_next, has_previous, known_at)

    async def count(self, code: str, filter: ListFilter, known_at: datetime) -> int:
        """How many licences a list has in all."""
        profession, scope = self.scopes.host[code], [self.scopes.of(code)]
        inner = selecting.narrowed(
            selecting.heads(scope, self.principal.offices, clock.today(), known_at),
            profession,
            filter,
            Order.REGISTRATION_NUMBER_ASC,
        )
        async with self._read(scope) as connection:
            counted = await connection.execute(
                select(func.count()).select_from(inner.with_only_columns(tables.licence.c.id).subquery())
            )
            return int(counted.scalar_one())

    def name_hash(self, code: str, kind: search.SearchKind, text: str) -> tuple[str, bytes]:
        """The hash of a search term, noted for the audit log; demands that the caller may read personal data."""
        self.principal.demand(Permission.PERSONAL_READ, code)
        self.log.searched(code, text)
        return kind, search.digest(search.search_key_of(self.keys, code), kind, text)

    async def groups(self, spec_key: str, heads: Sequence[Head]) -> list[GroupView]:
        """A group that stands once, of each head, opened and masked."""
        found = await self.rows(spec_key, heads)
        return [
            rows[0] if rows else masked(self.principal, head.profession, self._spec(head, spec_key), {})
            for head, rows in zip(heads, found, strict=True)
        ]

    async def rows(self, spec_key: str, heads: Sequence[Head]) -> list[list[GroupView]]:
        """The rows that the version of each head holds of a list (of a group that stands once: the one), in order,
        opened and masked; heads of one profession go into one statement."""
        opened: dict[tuple[UUID, int], list[GroupView]] = {}
        for code in {head.profession for head in heads}:
            pairs = {(head.id, head.content): head for head in heads if head.profession == code}
            table = self._table(code, spec_key)
            statement = select(table).where(tuple_(table.c.licence_id, table.c.content).in_(list(pairs)))
            async with self._read([self.scopes.of(code)]) as connection:
                found = (await connection.execute(statement.order_by(*table.primary_key))).mappings().all()
            for row in found:
                pair = row["licence_id"], row["content"]
                opened.setdefault(pair, []).append(self._open_group(spec_key, pairs[pair], row))
        return [opened.get((head.id, head.content), []) for head in heads]

    def _open_group(self, key: str, head: Head, row: Any) -> GroupView:
        spec, table = self._spec(head, key), self._table(head.profession, key)
        where = sealing.place(table.name, head.id, sealing.part_of(spec, row), row["plugin_version"])
        values = sealing.joined(spec, row, sealing.open_json(head.secret, row["sealed"], where))
        return masked(self.principal, head.profession, spec, values)

    def _spec(self, head: Head, key: str) -> GroupSpec:
        return self.scopes.host[head.profession].groups[key]

    async def replies(self, spec_key: str, heads: Sequence[Head]) -> list[list[tuple[UUID, GroupView]]]:
        """The rows of a group that a licence gathers, oldest first, up to the head's own instant where it is past.

        Heads of one profession go into one statement.
        """
        rows: dict[UUID, list[Any]] = {}
        for code in {head.profession for head in heads}:
            table = self._table(code, spec_key)
            mine = [head.id for head in heads if head.profession == code]
            rows |= await self._gathered(table, [self.scopes.of(code)], mine)
        return [
            [(r["id"], self._open_group(spec_key, head, r)) for r in rows.get(head.id, ()) if _had(head, r)]
            for head in heads
        ]

    async def _gathered(
        self, table: Table, scope: Iterable[int], ids: Sequence[UUID]
    ) -> dict[UUID, list[Any]]:
        """The rows that licences have gathered in a table, by licence, oldest first."""
        statement = select(table).where(table.c.licence_id.in_(set(ids)))
        async with self._read(scope) as connection:
            found = await connection.execute(statement.order_by(table.c.recorded_at, table.c.id))
            rows: dict[UUID, list[Any]] = {}
            for row in found.mappings():
                rows.setdefault(row["licence_id"], []).append(row)
        return rows

    def _table(self, code: str, group: str) -> Table:
        return tables.group_table(code, self.scopes.host[code].groups[group])

    async def dispositions(self, heads: Sequence[Head]) -> list[list[DispositionView]]:
        """The dispositions of each licence in the order in which they were ordered, as they stood at the head:
        empty without the permission to read personal data. All heads go into one statement."""
        allowed = {h.id for h in heads if self.principal.may(Permission.PERSONAL_READ, h.profession)}
        action = tables.action
        statement = select(action).where(action.c.licence_id.in_(allowed), action.c.verb.in_(DISPOSING))
        async with self._read(self._scope()) as connection:
            rows = (await connection.execute(statement.order_by(action.c.number))).all()
        return [
            [self._disposition(head, d) for d in dispositions_of(self._acts(head, rows))] for head in heads
        ]

    def _acts(self, head: Head, rows: Iterable[Row[Any]]) -> list[Act]:
        """The acts of a licence that had taken effect at a head, as far as they were recorded when it was."""
        profession = self.scopes.host[head.profession]
        return [
            open_act(profession, row, head.secret)
            for row in rows
            if row.licence_id == head.id
            and row.effective_date <= head.effective_date
            and row.recorded_at <= head.recorded_at
        ]

    def _disposition(self, head: Head, disposition: Disposition) -> DispositionView:
        if head.past:
            return DispositionView(disposition, head.profession)
        today = clock.today()
        open_now = [verb for verb in self._permitted(head, FOLLOWING) if open_to(disposition, verb, today)]
        return DispositionView(disposition, head.profession, tuple(open_now))

    async def history(self, head: Head, request: PageRequest) -> Page[ActionView]:
        """The actions of a licence, newest last; demands `registry:history:read`."""
        await self.guard.demand(self.principal, Permission.HISTORY_READ, "history", head.profession)
        cursors = Cursors(derive(self.keys.newest("cursors"), "history"), b"history|" + head.id.bytes)
        after, before = cursors.open(request.after), cursors.open(request.before)
        action = tables.action
        statement = select(action).where(action.c.licence_id == head.id)
        if after:
            statement = statement.where(action.c.number > int(after.values[0]))
        if before:
            statement = statement.where(action.c.number < int(before.values[0]))
        order = action.c.number.desc() if request.backward else action.c.number
        async with self._read([self.scopes.of(head.profession)]) as connection:
            rows = (await connection.execute(statement.order_by(order).limit(request.size + 1))).all()
        kept, has_next, has_previous = cut(rows, request)
        self._note([head])
        marks = [cursors.seal(Position((row.number,), row.recorded_at)) for row in kept]
        return Page([self._action(head, row) for row in kept], marks, has_next, has_previous, clock.now())

    async def action(self, head: Head, id: UUID) -> ActionView | None:
        """One action of a licence; None without the permission to read its history."""
        if not self.principal.may(Permission.HISTORY_READ, head.profession):
            return None
        statement = select(tables.action).where(
            tables.action.c.licence_id == head.id, tables.action.c.id == id
        )
        async with self._read([self.scopes.of(head.profession)]) as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else self._action(head, row)

    async def state_on(self, heads: Sequence[Head], day: date) -> list[State | None]:
        """The standing of licences on a day, as known now; None before their first entry."""
        found = await self.heads([head.id for head in heads], as_of=day)
        return [None if head is None else head.state for head in found]

    def viewer_may(self, head: Head) -> list[Verb]:
        """The verbs that this caller may use on the licence now; those upon a disposition stand there."""
        return self._permitted(head, ALLOWED.keys() - FOLLOWING)

    def _permitted(self, head: Head, verbs: Set[Verb]) -> list[Verb]:
        """Those that the standing, the profession's law and the caller's permissions allow."""
        profession = self.scopes.host[head.profession]
        return [
            verb
            for verb in Verb
            if verb in verbs
            and head.state in ALLOWED[verb]
            and measures.known_to(profession, verb)
            and self.principal.may(Permission(f"registry:licence:{verb}"), head.profession)
        ]

    async def number_statuses(self, heads: Sequence[Head], kind: NumberKind) -> list[NumberStatus]:
        """Whether the vault holds each holder's number."""
        statuses: dict[LicencePseudonym, NumberStatus] = {}
        for code in {head.profession for head in heads}:
            mine = [LicencePseudonym(head.pseudonym) for head in heads if head.profession == code]
            statuses |= await self.identity.statuses(mine, self.scopes.host[code].file, kind)
        return [
            statuses.get(LicencePseudonym(head.pseudonym), NumberStatus(held=False, destroyed_at=None))
            for head in heads
        ]

    def holder(self, head: Head, groups: Mapping[str, GroupView]) -> GroupView:
        """Name, reading, birth date and sex of the holder, from the groups that hold them, as far as visible."""
        profession = self.scopes.host[head.profession]
        paths = profession.plugin.holder
        seen: dict[str, Any] = {}
        hidden: list[Redaction] = []
        for target, parts in _HOLDER.items():
            values = [_at(groups, getattr(paths, part)) for part in parts]
            seen[target] = "　".join(v for v in values if v) if len(parts) > 1 else values[0]
            items = [
                (profession.groups[p.partition(".")[0]], profession.item(p))
                for p in (getattr(paths, part) for part in parts)
                if profession.item(p)
            ]
            if any(i and not visible(self.principal, head.profession, spec, i) for spec, i in items):
                hidden.append(Redaction(target, RedactionReason.NO_PERMISSION))
        seen["birth_date"] = seen["birth_date"] and as_partial(seen["birth_date"])
        return GroupView({name: value or None for name, value in seen.items()}, tuple(hidden))

    def holder_groups(self, head: Head) -> tuple[str, ...]:
        """The groups in which the holder's items stand."""
        profession = self.scopes.host[head.profession]
        paths = {getattr(profession.plugin.holder, part) for parts in _HOLDER.values() for part in parts}
        return tuple(sorted({p.partition(".")[0] for p in paths if profession.item(p)}))

    def _action(self, head: Head, row: Row[Any]) -> ActionView:
        details = open_details(row, head.secret)
        may = self.principal.may(Permission.PERSONAL_READ, head.profession)
        return ActionView(
            row.id, row.number, row.verb, row.status, row.effective_date, row.recorded_at, row.institution, row.account,
            row.legal_basis, row.resulting_version, details.get("reason") if may else None,
        )  # fmt: skip

    def _head(self, row: Any, *, past: bool = False) -> Head:
        code = self.scopes.code(row.scope)
        envelope = sealing.licence_envelope(self.keys, code)
        return Head(
            row.id, code, row.pseudonym, row.portal_alias, row.registration_number, row.version, State(row.state),
            row.version_id, row.version_number, row.content, row.effective_date, row.recorded_at, row.plugin_version,
            sealing.open_licence_key(envelope, row.id, row.wrapped_key, row.key_version), past,
        )  # fmt: skip

    def _note(self, heads: Iterable[Head]) -> None:
        for head in heads:
            self.log.saw(head.profession, [head.pseudonym])

    def _read(self, scope: Iterable[int]) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection that reaches these professions, and the caller's offices."""
        return self.database.read(scope, self.principal.offices)

    def _scope(self) -> list[int]:
        if not self.principal.may(Permission.LICENCE_READ):
            return []
        return self.scopes.of_principal(self.principal)

    def _cursors(self, code: str, filter: ListFilter, order: Order) -> Cursors:
        shape = repr(
            (
                code,
                order,
                sorted(filter.hashes),
                filter.states,
                sorted(filter.items.items(), key=str),
                self.principal.account,
            )
        )
        return Cursors(derive(self.keys.newest("cursors"), "list"), shape.encode())

    async def _known_at(self, connection: Any, position: Position | None) -> datetime:
        if position:
            return position.known_at
        found = await connection.execute(select(recording.c.last_at).where(recording.c.id == 1))
        at: datetime = found.scalar_one()
        return at


_HOLDER: Mapping[str, tuple[str, ...]] = {
    "full_name": ("family_name", "given_name"),
    "full_name_kana": ("family_name_kana", "given_name_kana"),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
}


def _had(head: Head, row: Any) -> bool:
    """Whether a row was there at a past head's own instant; the present has every row."""
    return not head.past or row["recorded_at"] <= head.recorded_at


def _at(groups: Mapping[str, GroupView], path: str) -> Any:
    key, _, name = path.partition(".")
    return groups[key].values.get(name) if key in groups else None
