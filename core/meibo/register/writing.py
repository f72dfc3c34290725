"""Writing a licence's history within a unit of work: an action in, versions and spans brought up to it.

Versions are immutable. A span that no longer holds is closed in known time, never changed in place, so the office
can always say what it believed on an earlier day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider
from meibo.professions.compiled import GroupSpec, Profession
from meibo.professions.rules import Record
from meibo.register import sealing, search, tables
from meibo.register.dispositions import Order, dump_order
from meibo.register.fold import Act, Patch, Segment, SegmentKey, Status, Verb, spans


@dataclass(frozen=True, slots=True)
class Known:
    """A licence as it stands in the database, opened for writing."""

    id: UUID
    pseudonym: str
    scope: int
    version: int
    secret: bytes
    acts: Sequence[Act]
    segments: Sequence[Segment]
    versions: Mapping[SegmentKey, StoredVersion]

    def kept(self, segment: Segment) -> StoredVersion | None:
        """The version of a segment that was there before with the very same content."""
        same = any(s.key == segment.key and s.same_content(segment) for s in self.segments)
        return self.versions.get(segment.key) if same else None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """Where a segment is stored."""

    id: UUID
    number: int
    content: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One accepted act of an office, as it is recorded: everything but verb, day and basis is sealed. `details` are
    the reason and its words; `order` is that of a measure, `disposition` the one that the act follows up."""

    verb: Verb
    effective_date: date
    legal_basis: str
    patch: Patch
    details: Mapping[str, Any]
    order: Order | None = None
    disposition: UUID | None = None

    def act(self, id: UUID, number: int) -> Act:
        """The decision as the fold takes it."""
        return Act(id, number, self.verb, self.effective_date, self.patch, self.order, self.disposition)


def next_change_date(segments: Sequence[Segment], at: datetime) -> date | None:
    """The first day after that of an instant on which the standing changes by itself; None where it stays."""
    return min((s.start for s in segments if s.start > clock.japan_day(at)), default=None)


class LicenceWriter:
    """Writes rows of one profession; every method runs inside the caller's unit of work."""

    def __init__(
        self, connection: AsyncConnection, profession: Profession, scope: int, keys: KeyProvider
    ) -> None:
        self.connection = connection
        self.profession = profession
        self.scope = scope
        self.keys = keys
        self.envelope = sealing.licence_envelope(keys, profession.code)
        self.tables = tables.profession_tables(profession)
        self.plugin_version = profession.plugin.version
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: Any, **row: Any) -> None:
        """Queue a row; rows of one table are inserted together."""
        self.rows.setdefault(table.name, []).append({"scope": self.scope, **row})

    async def flush(self) -> None:
        """Insert the queued rows, parents first."""
        for table in tables.metadata.sorted_tables:
            if rows := self.rows.pop(table.name, None):
                await self.connection.execute(insert(table), rows)

    def add_licence(
        self,
        licence: UUID,
        pseudonym: str,
        alias: str,
        issuing: str,
        number: str,
        office: str | None,
        recorded_at: datetime,
        *,
        version: int = 0,
        next_change: date | None = None,
    ) -> bytes:
        """Queue the licence's own row; gives its fresh key."""
        secret, wrapped = sealing.new_licence_key(self.envelope, licence)
        self.add(
            tables.licence,
            id=licence,
            pseudonym=pseudonym,
            portal_alias=alias,
            issuing_register=issuing,
            registration_number=number,
            number_key=tables.number_key(number),
            office=office,
            version=version,
            next_change_date=next_change,
            recorded_at=recorded_at,
            wrapped_key=wrapped.wrapped,
            key_version=wrapped.version,
        )
        return secret

    def add_action(
        self,
        principal: Principal,
        licence: UUID,
        secret: bytes,
        number: int,
        act: UUID,
        decision: Decision,
        recorded_at: datetime,
        resulting_version: int,
    ) -> None:
        """Queue the action row: it is the change's audit leaf too."""
        sealed = {
            "patch": sealing.dump_patch(self.profession.groups, decision.patch),
            "order": dump_order(decision.order) if decision.order else None,
            "disposition": decision.disposition.hex if decision.disposition else None,
            **decision.details,
        }
        where = sealing.place("action", licence, act.hex, self.plugin_version)
        self.add(
            tables.action,
            id=act,
            licence_id=licence,
            number=number,
            verb=decision.verb,
            status=Status.ACCEPTED,
            effective_date=decision.effective_date,
            recorded_at=recorded_at,
            account=principal.account,
            institution=principal.institution,
            terminal=principal.terminal,
            legal_basis=decision.legal_basis,
            plugin_version=self.plugin_version,
            resulting_version=resulting_version,
            sealed=sealing.seal_json(secret, sealed, where),
        )

    def add_version(
        self, licence: UUID, secret: bytes, stored: StoredVersion, segment: Segment, at: datetime
    ) -> None:
        """Queue a version, and its content where the content number is its own."""
        self.add(
            tables.licence_version,
            id=stored.id,
            licence_id=licence,
            number=stored.number,
            state=segment.state,
            content=stored.content,
            action_id=segment.act,
            effective_date=segment.start,
            recorded_at=at,
            plugin_version=self.plugin_version,
        )
        if stored.content == stored.number:
            self.add_content(licence, secret, stored.content, segment.record)

    def add_content(self, licence: UUID, secret: bytes, content: int, record: Record) -> None:
        """Queue one row for each group that stands once, and the rows of each list."""
        for key in self.tables.keys() & record.groups.keys():
            spec = self.profession.groups[key]
            for position, group in enumerate(record.rows(key)):
                place = {"content": content} | ({"position": position} if spec.repeats else {})
                self._add_group(licence, secret, spec, dict(group.values()), place)

    def add_reply(
        self,
        licence: UUID,
        secret: bytes,
        spec: GroupSpec,
        row: UUID,
        values: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """Queue a row of a group that a licence gathers."""
        self._add_group(licence, secret, spec, values, {"id": row, "recorded_at": at})

    def _add_group(
        self,
        licence: UUID,
        secret: bytes,
        spec: GroupSpec,
        values: Mapping[str, Any],
        place: Mapping[str, Any],
    ) -> None:
        table = self.tables[spec.key]
        clear, hidden = sealing.split(spec, values)
        where = sealing.place(table.name, licence, sealing.part_of(spec, place), self.plugin_version)
        self.add(
            table,
            **place,
            licence_id=licence,
            plugin_version=self.plugin_version,
            **clear,
            sealed=sealing.seal_json(secret, hidden, where),
        )

    def add_span(self, licence: UUID, version: UUID, start: date, end: date | None, at: datetime) -> None:
        """Queue a span."""
        self.add(
            tables.licence_span,
            licence_id=licence,
            version_id=version,
            valid_from=start,
            valid_to=end,
            known_from=at,
            known_to=None,
        )

    def add_search_keys(self, licence: UUID, record: Record) -> None:
        """Queue the hashes by which the holder is found."""
        key = search.search_key_of(self.keys, self.profession.code)
        for kind, text in search.terms(self.profession.plugin.holder, record):
            self.add(
                tables.search_key,
                licence_id=licence,
                kind=kind,
                hash=search.digest(key, kind, text),
                key_version=key.version,
            )

    async def project(self, known: Known, segments: Sequence[Segment], at: datetime) -> int:
        """Bring versions and spans to the folded segments; gives the newest version's number.

        Segments that were there before keep their version; what no longer holds is closed at `at`.
        """
        versions = self._place_versions(known, segments, at)
        await self._replace_spans(
            known.id, {(versions[s.key].id, start, end) for s, start, end in spans(segments)}, at
        )
        newest = max(v.number for v in versions.values())
        newest = max(newest, known.version)
        await self.connection.execute(
            update(tables.licence)
            .where(tables.licence.c.id == known.id)
            .values(version=newest, next_change_date=next_change_date(segments, at))
        )
        return newest

    def _place_versions(
        self, known: Known, segments: Sequence[Segment], at: datetime
    ) -> dict[SegmentKey, StoredVersion]:
        versions: dict[SegmentKey, StoredVersion] = {}
        number, before = known.version, None
        for segment in segments:
            stored = known.kept(segment)
            if stored is None:
                number += 1
                same = before is not None and before.record == segment.record
                content = versions[before.key].content if before is not None and same else number
                stored = StoredVersion(uuid4(), number, content)
                self.add_version(known.id, known.secret, stored, segment, at)
            versions[segment.key] = stored
            before = segment
        return versions

    async def _replace_spans(
        self, licence: UUID, wanted: set[tuple[UUID, date, date | None]], at: datetime
    ) -> None:
        span = tables.licence_span
        current = await self.connection.execute(
            select(span.c.id, span.c.version_id, span.c.valid_from, span.c.valid_to).where(
                span.c.licence_id == licence, span.c.known_to.is_(None)
            )
        )
        held = {(row.version_id, row.valid_from, row.valid_to): row.id for row in current}
        gone = [held[key] for key in held.keys() - wanted]
        if gone:
            await self.connection.execute(update(span).where(span.c.id.in_(gone)).values(known_to=at))
        for version, start, end in sorted(wanted - held.keys(), key=lambda w: w[1]):
            self.add_span(licence, version, start, end, at)

    def add_unique_values(self, licence: UUID, record: Record) -> None:
        """Queue the hashes of values that no other licence may have."""
        for path, digest in search.unique_values(self.keys, self.profession, record):
            self.add(tables.unique_value, licence_id=licence, path=path, hash=digest)

    async def follow(self, licence: UUID, record: Record) -> None:
        """Let the licence's own row, its search keys and unique values follow the record that holds now."""
        number, office = str(record.value(self.profession.plugin.number)), self.profession.office(record)
        row = tables.licence
        changed = or_(row.c.registration_number != number, row.c.office.is_distinct_from(office))
        await self.connection.execute(
            update(row)
            .where(row.c.id == licence, changed)
            .values(registration_number=number, number_key=tables.number_key(number), office=office)
        )
        for table in (tables.search_key, tables.unique_value):
            await self.connection.execute(delete(table).where(table.c.licence_id == licence))
        self.add_search_keys(licence, record)
        self.add_unique_values(licence, record)
