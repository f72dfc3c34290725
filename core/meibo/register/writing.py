"""Writing a licence's history within a unit of work: an action in, versions and spans brought up to it.

Versions are immutable. A span that no longer holds is closed in known time, never changed in place, so the office
can always say what it believed on an earlier day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.crypto.keys import KeyProvider
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.randomness import new_id
from meibo.register import tables
from meibo.register.fold import Act, Segment, SegmentKey, spans
from meibo.register.rows import RowWriter, StoredVersion, standing


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


class LicenceWriter(RowWriter):
    """Writes rows of one profession; every method runs inside the caller's unit of work."""

    def __init__(
        self, connection: AsyncConnection, profession: Profession, scope: int, keys: KeyProvider
    ) -> None:
        super().__init__(profession, scope, keys)
        self.connection = connection

    async def flush(self) -> None:
        """Insert the queued rows, parents first."""
        taken = self.take()
        for table in tables.metadata.sorted_tables:
            if rows := taken.get(table.name):
                await self.connection.execute(insert(table), rows)

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
            .values(version=newest, **standing(segments, at, lambda s: versions[s.key].content))
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
                stored = StoredVersion(new_id(), number, content)
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
