"""Reading, for one request: everything that is handed out is in scope, masked, and noted for the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.certificates.instances import Instance, instance_of
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider, derive
from meibo.database.direct.reaches import Reach
from meibo.database.direct.statements import Statement
from meibo.database.paging import Cursors, Marks, Page, PageRequest, Position, cut
from meibo.database.recording import LAST
from meibo.database.stores import Database
from meibo.errors import Forbidden, InvalidValue
from meibo.identity import NumberKind, NumberStatus
from meibo.professions.compiled import GroupSpec
from meibo.register import search, tables
from meibo.register.fold import DISPOSING, State, Verb
from meibo.register.written import Columns, Written
from meibo.registry import selecting
from meibo.registry.filtering import NUL, ListFilter, Order, sort_value
from meibo.registry.numbers import NumberDesk
from meibo.registry.opening import Opening
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import Scopes
from meibo.registry.selecting import Along, By, Statements
from meibo.registry.views import ActionView, DispositionView, GroupView, Head
from meibo.values.pseudonyms import LicencePseudonym, parse_licence_pseudonym


@dataclass(slots=True)
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
    reach: Reach = field(init=False)
    opening: Opening = field(init=False)

    def __post_init__(self) -> None:
        self.reach = self.scopes.reach(self.principal)
        self.opening = Opening(self.scopes, self.keys, self.principal)

    async def licence(
        self,
        *,
        id: UUID | None = None,
        pseudonym: str | None = None,
        number: tuple[str, str] | None = None,
        along: Along | None = None,
    ) -> Head | None:
        """A licence as it stands today, by id, pseudonym or (profession, register number); None where the caller may
        know of none."""
        if id is not None:
            return await self._one(By.ID, along, id=id)
        if pseudonym is not None:
            try:
                return await self._one(By.PSEUDONYM, along, pseudonym=parse_licence_pseudonym(pseudonym))
            except InvalidValue:
                return None
        assert number is not None
        code, text = number
        if code not in self.principal.sees(self.scopes.numbers) or NUL in text:
            return None
        key = tables.number_key(text)
        self.log.searched(code, key)
        return await self._one(By.NUMBER, along, profession=self.scopes.of(code), number=key)

    async def find_id(self, **key: Any) -> UUID | None:
        """The id of a licence by a key of `licence`; None where the caller may know of none."""
        head = await self.licence(**key)
        return head.id if head else None

    async def find_by_number(self, code: str, kind: NumberKind, number: str) -> UUID | None:
        """The id of the licence of an individual number: the number goes in, only the licence comes out."""
        found = await self.pseudonym_of(code, kind, number)
        return await self.find_id(pseudonym=found) if found else None

    async def pseudonym_of(self, code: str, kind: NumberKind, number: str) -> LicencePseudonym | None:
        """The licence of an individual number, as the vault knows it. Raises Forbidden, with a leaf."""
        profession = self.scopes.host.professions.get(code)
        if profession is None or code not in self.principal.professions:
            named = code if profession else None  # What is no profession may be anything: it is not recorded.
            await self.guard.refused(self.principal, "licence", named, Forbidden.code)
            raise Forbidden(Permission.NUMBER_FIND)
        return await self.identity.find(self.principal, code, profession.file, number, kind=kind)

    async def heads(
        self,
        ids: Sequence[UUID],
        as_of: date | None = None,
        known_at: datetime | None = None,
        along: Along | None = None,
    ) -> list[Head | None]:
        """Each licence at a day (None: today in Japan), as known at an instant; None where there is none to see."""
        past = as_of is not None or known_at is not None
        statement = self.statements.heads(By.IDS, along, bound=self._bound, past=known_at is not None)
        when = {"day": as_of or clock.today(), **({"known_at": known_at} if known_at else {})}
        rows = await self._fetch(statement, ids=set(ids), **when)
        found = {head.id: head for head in self._heads(rows, along, past=past)}
        self._note(found.values())
        return [found.get(id) for id in ids]

    async def present(self, ids: Iterable[UUID], along: Along) -> list[Head]:
        """Those of the licences whose own rows say how they stand today, and that are of the profession of what is read
        along with them. They are not noted: whose leaf each belongs to, the caller knows alone."""
        wanted = set(ids)
        if len(wanted) == 1:
            return await self._present(By.ID, along, {"id": wanted.pop()})
        return await self._present(By.IDS, along, {"ids": wanted})

    async def versions(self, ids: Sequence[UUID]) -> list[Head | None]:
        """Licences at stored versions, by the versions' own ids."""
        rows = await self._fetch(self.statements.versions(bound=self._bound), ids=set(ids))
        found = {head.version_id: head for head in self._heads(rows, past=True)}
        self._note(found.values())
        return [found.get(id) for id in ids]

    async def page(
        self, code: str, filter: ListFilter, order: Order, request: PageRequest, along: Along | None = None
    ) -> Page[Head]:
        """A page of one profession's licences; all pages of a walk share the instant of the first."""
        cursors = self._cursors(code, filter, order)
        sides = {"after": cursors.open(request.after), "before": cursors.open(request.before)}
        beyond = {side: position for side, position in sides.items() if position}
        values = filter.values() | self._positions(code, order, beyond)
        values |= {"profession": self._scope(code), "day": clock.today(), "size": request.size + 1}
        shape = code, filter.shape(), order, along, tuple(beyond)
        rows, is_brief = await self._page(shape, values, backward=request.backward)
        known_at = next((p.known_at for p in beyond.values()), None)
        known_at = known_at or (rows[0].known if rows else await self._last_recorded())
        kept, has_next, has_previous = cut(rows, request)
        heads = self.opening.present(kept, values["day"], known_at) if is_brief else self.opening.heads(kept)
        nodes = self._along(heads, kept, along)
        self._note(nodes)
        marks = Marks(cursors, kept, lambda row: Position((row.sort, row.id.hex), known_at))
        return Page(nodes, marks, has_next, has_previous, known_at)

    async def _page(
        self, shape: tuple[Any, ...], values: Mapping[str, Any], *, backward: bool
    ) -> tuple[list[Any], bool]:
        """(the rows of a page and one more, whether they are the licences' own): by these alone where nothing else is
        asked, unless they do not say what the page must show."""
        *_, along, _ = shape
        if along and along.is_brief:
            statement = self.statements.present_page(*shape, backward=backward, bound=self._bound)
            if rows := await self._fetch(statement, **values):
                return rows, True
        statement = self.statements.page(*shape, backward=backward, bound=self._bound)
        return await self._fetch(statement, **values), False

    async def count(self, code: str, filter: ListFilter, known_at: datetime) -> int:
        """How many licences a list has in all."""
        statement = self.statements.count(code, filter.shape(), bound=self._bound)
        when = {"day": clock.today(), "known_at": known_at}
        [row] = await self._fetch(statement, profession=self._scope(code), **when, **filter.values())
        return int(row[0])

    def name_hash(
        self, code: str, kind: search.SearchKind, text: str
    ) -> tuple[search.SearchKind, list[bytes]]:
        """The hashes of a search term, noted for the audit log; demands that the caller may read personal data."""
        self.principal.demand(Permission.PERSONAL_READ, code)
        self.log.searched(code, text)
        return kind, search.digests(search.search_key_of(self.keys, code), kind, text)

    async def groups(
        self, spec_key: str, heads: Sequence[Head], items: frozenset[str] | None = None
    ) -> list[GroupView]:
        """A group that stands once, of each head, opened and masked; `items` alone are needed, None: all."""
        views = [self._came(spec_key, head, items) for head in heads]
        missing = [head for head, view in zip(heads, views, strict=True) if view is None]
        if not missing:
            return [view for view in views if view]
        rows = iter(await self.rows(spec_key, missing, items))
        return [
            view or next(iter(next(rows)), None) or self.opening.empty(self._spec(head, spec_key), head)
            for head, view in zip(heads, views, strict=True)
        ]

    async def rows(
        self, spec_key: str, heads: Sequence[Head], items: frozenset[str] | None = None
    ) -> list[list[GroupView]]:
        """The rows that the version of each head holds of a list (of a group that stands once: the one), in order,
        opened and masked; heads of one profession go into one statement. `items` alone are needed, None: all."""
        found = await self._rows(spec_key, heads, items)
        return [
            [self.opening.group(self._spec(head, spec_key), head, row._asdict()) for row in rows]
            for head, rows in zip(heads, found, strict=True)
        ]

    async def written(self, spec_key: str, heads: Sequence[Head], items: frozenset[str]) -> list[Written]:
        """A group that stands once, of each head, all of one profession: `items` in alphabetical order as they are
        written, None where there is none or it is masked; last of all what is masked."""
        code, came = heads[0].profession, heads[0].came.get(spec_key)
        spec = self._spec(heads[0], spec_key)
        if came and items <= came.items and all(head.came is heads[0].came for head in heads):
            return self.opening.written(code, spec, came.columns, items, heads, [head.row for head in heads])
        empty = (*(None for _ in items), self.opening.sight.kept_back(code, spec)[0])
        rows = await self.written_rows(spec_key, heads, items)
        return [next(iter(found), empty) for found in rows]

    async def written_rows(
        self, spec_key: str, heads: Sequence[Head], items: frozenset[str]
    ) -> list[list[Written]]:
        """The rows of a list of each head, in order, each as `written` gives a group."""
        found = await self._rows(spec_key, heads, items)
        names = next((row._fields for rows in found for row in rows), None)
        if names is None:
            return [[] for _ in heads]
        code, spec = heads[0].profession, self._spec(heads[0], spec_key)
        owners = [head for head, rows in zip(heads, found, strict=True) for _ in rows]
        every = [row for rows in found for row in rows]
        written = iter(self.opening.written(code, spec, Columns(names), items, owners, every))
        return [list(islice(written, len(rows))) for rows in found]

    async def _rows(
        self, spec_key: str, heads: Sequence[Head], items: frozenset[str] | None
    ) -> list[list[Any]]:
        found: dict[tuple[UUID, int], list[Any]] = {}
        for code in {head.profession for head in heads}:
            mine = {(head.id, head.content) for head in heads if head.profession == code}
            ids, contents = {id for id, _ in mine}, {content for _, content in mine}
            statement = self.statements.rows(code, spec_key, items)
            for row in await self._fetch(statement, ids=ids, contents=contents):
                found.setdefault((row.licence_id, row.content), []).append(row)
        return [found.get((head.id, head.content), []) for head in heads]

    def _came(self, key: str, head: Head, items: frozenset[str] | None) -> GroupView | None:
        """A group that came along with its licence, if it did as far as these items need."""
        came = head.came.get(key)
        if came is None or items is None or not items <= came.items:
            return None
        row, spec = came.columns.of(head.row), self._spec(head, key)
        if row["plugin_version"] is None:
            return self.opening.empty(spec, head)
        return self.opening.group(spec, head, {**row, "content": head.content})

    async def replies(self, spec_key: str, heads: Sequence[Head]) -> list[list[tuple[UUID, GroupView]]]:
        """The rows of a group that a licence gathers, oldest first, up to the head's own instant where it is past.

        Heads of one profession go into one statement.
        """
        rows: dict[UUID, list[Mapping[str, Any]]] = {}
        for code in {head.profession for head in heads}:
            mine = {head.id for head in heads if head.profession == code}
            for row in await self._fetch(self.statements.replies(code, spec_key), ids=mine):
                rows.setdefault(row.licence_id, []).append(row._asdict())
        return [
            [
                (row["id"], self.opening.group(self._spec(head, spec_key), head, row))
                for row in rows.get(head.id, ())
                if _had(head, row)
            ]
            for head in heads
        ]

    async def dispositions(self, heads: Sequence[Head]) -> list[list[DispositionView]]:
        """The dispositions of each licence in the order in which they were ordered, as they stood at the head:
        empty without the permission to read personal data. All heads go into one statement."""
        allowed = {h.id for h in heads if self.principal.may(Permission.PERSONAL_READ, h.profession)}
        rows: dict[UUID, list[Any]] = {}
        for row in await self._fetch(selecting.BY_VERBS, ids=allowed, verbs=DISPOSING) if allowed else ():
            rows.setdefault(row.licence_id, []).append(row)
        return [self.opening.dispositions(head, rows.get(head.id, ())) for head in heads]

    async def certificates(self, heads: Sequence[Head]) -> list[list[Instance]]:
        """The certificates of each licence, the newest first: empty without the permission to read personal data. All
        heads go into one statement."""
        allowed = {h.id for h in heads if self.principal.may(Permission.PERSONAL_READ, h.profession)}
        found: dict[UUID, list[Instance]] = {}
        for row in await self._fetch(selecting.CERTIFICATES, ids=allowed) if allowed else ():
            found.setdefault(row.licence_id, []).append(instance_of(row))
        return [found.get(head.id, []) for head in heads]

    async def history(self, head: Head, request: PageRequest) -> Page[ActionView]:
        """The actions of a licence, newest last; demands `registry:history:read`."""
        await self.guard.demand(self.principal, Permission.HISTORY_READ, "history", head.profession)
        cursors = Cursors(derive(self.keys.newest("cursors"), "history"), b"history|" + head.id.bytes)
        sides = {"after": cursors.open(request.after), "before": cursors.open(request.before)}
        beyond = {side: int(position.values[0]) for side, position in sides.items() if position}
        statement = selecting.history(
            after="after" in beyond, before="before" in beyond, backward=request.backward
        )
        rows = await self._fetch(statement, licence=head.id, size=request.size + 1, **beyond)
        kept, has_next, has_previous = cut(rows, request)
        self._note([head])
        marks = Marks(cursors, kept, lambda row: Position((row.number,), row.recorded_at))
        actions = [self.opening.action(head, row) for row in kept]
        return Page(actions, marks, has_next, has_previous, clock.now())

    async def action(self, head: Head, id: UUID) -> ActionView | None:
        """One action of a licence; None without the permission to read its history."""
        if not self.principal.may(Permission.HISTORY_READ, head.profession):
            return None
        rows = await self._fetch(selecting.ONE_ACTION, licence=head.id, id=id)
        return self.opening.action(head, rows[0]) if rows else None

    async def state_on(self, heads: Sequence[Head], day: date) -> list[State | None]:
        """The standing of licences on a day, as known now; None before their first entry."""
        found = await self.heads([head.id for head in heads], as_of=day)
        return [None if head is None else head.state for head in found]

    def viewer_may(self, head: Head) -> list[Verb]:
        """The verbs that this caller may use on the licence now; those upon a disposition stand there."""
        return self.opening.viewer_may(head)

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
        return self.opening.holder(head, groups)

    def holder_groups(self, head: Head) -> tuple[str, ...]:
        """The groups in which the holder's items stand."""
        return self.opening.holder_groups(head)

    @property
    def statements(self) -> Statements:
        """Those of the host."""
        return self.scopes.statements

    @property
    def _bound(self) -> bool:
        """Whether the caller is bound to some receiving offices."""
        return self.principal.offices is not None

    async def _one(self, by: By, along: Along | None, **key: Any) -> Head | None:
        heads = await self._present(by, along, key) if along and along.is_brief else []
        if not heads:
            statement = self.statements.heads(by, along, bound=self._bound, past=False)
            heads = self._heads(await self._fetch(statement, day=clock.today(), **key), along)
        self._note(heads)
        return next(iter(heads), None)

    async def _present(self, by: By, along: Along, key: Mapping[str, Any]) -> list[Head]:
        """A licence from its own row; none where that does not say how it stands, or it is of another profession."""
        day = clock.today()
        rows = await self._fetch(self.statements.present(by, along, bound=self._bound), day=day, **key)
        if not rows:
            return []
        heads = self._along(self.opening.present(rows, day, rows[0].known), rows, along)
        return [head for head in heads if head.profession == along.profession]

    async def _fetch(self, statement: Statement, **values: Any) -> list[Any]:
        """The rows of a statement, as far as the caller reaches."""
        reach = self.reach
        return await self.database.fetch(statement, reach, scope=reach.scope, offices=reach.offices, **values)

    def _heads(self, rows: Sequence[Any], along: Along | None = None, *, past: bool = False) -> list[Head]:
        """The licences of rows, with what came along."""
        return self._along(self.opening.heads(rows, past=past), rows, along)

    def _along(self, heads: list[Head], rows: Sequence[Any], along: Along | None) -> list[Head]:
        """The licences with what came along in their rows."""
        if along and rows:
            came = self.statements.places(along, len(rows[0]))
            for head, row in zip(heads, rows, strict=True):
                if head.profession == along.profession:
                    head.came, head.row = came, row
        return heads

    def _note(self, heads: Collection[Head]) -> None:
        seen: dict[str, list[str]] = {}
        for head in heads:
            seen.setdefault(head.profession, []).append(head.pseudonym)
        for code, pseudonyms in seen.items():
            self.log.saw(code, pseudonyms)

    def _scope(self, code: str) -> int:
        """The number of a profession; one that there is not, where the caller does not reach it."""
        number = self.scopes.of(code)
        return number if number in self.reach.scope else 0

    def _spec(self, head: Head, key: str) -> GroupSpec:
        return self.scopes.host[head.profession].groups[key]

    def _cursors(self, code: str, filter: ListFilter, order: Order) -> Cursors:
        items = sorted(filter.items.items(), key=str)
        shape = repr((code, order, sorted(filter.hashes), filter.states, items, self.principal.account))
        return Cursors(derive(self.keys.newest("cursors"), "list"), shape.encode())

    def _positions(self, code: str, order: Order, beyond: Mapping[str, Position]) -> dict[str, Any]:
        """The parameters that say from where on a page shows its rows, and as known when."""
        values: dict[str, Any] = {}
        for side, position in beyond.items():
            sort, id = position.values
            profession = self.scopes.host[code]
            values |= {f"{side}_sort": sort_value(profession, order, sort), f"{side}_id": UUID(str(id))}
            values.setdefault("known_at", position.known_at)
        return values

    async def _last_recorded(self) -> datetime:
        [row] = await self._fetch(LAST)
        at: datetime = row.last_at
        return at


def _had(head: Head, row: Mapping[str, Any]) -> bool:
    """Whether a row was there at a past head's own instant; the present has every row."""
    return not head.past or row["recorded_at"] <= head.recorded_at
