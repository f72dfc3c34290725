"""The rows of a licence's history, queued by table: pure, so that other processes may prepare them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meibo import clock
from meibo.access.principals import Principal
from meibo.crypto.keys import Key, KeyProvider
from meibo.professions.compiled import GroupSpec, Profession
from meibo.professions.rules import Record
from meibo.register import sealing, search, tables
from meibo.register.dispositions import Order, dump_order
from meibo.register.fold import Act, Patch, Segment, Status, Verb, on

REMEMBERED = 20_000
"""Hashes of search terms in memory."""


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


def standing(segments: Sequence[Segment], at: datetime, content: Callable[[Segment], int]) -> dict[str, Any]:
    """What the licence's own row says of the day of an instant, and until when; `content` gives a segment's."""
    present = on(segments, clock.japan_day(at))
    return {
        "present_state": present and present.state,
        "present_content": present and content(present),
        "next_change_date": next_change_date(segments, at),
    }


class RowWriter:
    """Queues rows of one profession."""

    def __init__(self, profession: Profession, scope: int, keys: KeyProvider) -> None:
        self.profession = profession
        self.scope = scope
        self.keys = keys
        self.envelope = sealing.licence_envelope(keys, profession.code)
        self.tables = tables.profession_tables(profession)
        self.plugin_version = profession.plugin.version
        self.rows: dict[str, list[dict[str, Any]]] = {}

    @cached_property
    def content(self) -> Sequence[GroupSpec]:
        """The groups of a version that have a table."""
        return [spec for spec in self.profession.content_groups if spec.key in self.tables]

    @cached_property
    def search_key(self) -> Key:
        """The key of the search hashes."""
        return search.search_key_of(self.keys, self.profession.code)

    @cached_property
    def digest(self) -> Callable[[search.SearchKind, str], bytes]:
        """The hash of a term; those of the last ones are remembered, since names and days of birth repeat."""
        return lru_cache(REMEMBERED)(partial(search.digest, self.search_key))

    @cached_property
    def unique_digest(self) -> search.UniqueDigest:
        """The hash of a value that no other licence may have; an import asks for it twice."""
        return lru_cache(REMEMBERED)(partial(search.unique_digest, self.search_key))

    @cached_property
    def cipher(self) -> Callable[[bytes], AESGCM]:
        """The cipher of a licence's key; the last is remembered, since a licence's blobs follow one another."""
        return lru_cache(1)(AESGCM)

    def take(self) -> dict[str, list[dict[str, Any]]]:
        """The queued rows by table, which are queued no longer."""
        taken, self.rows = self.rows, {}
        return taken

    def add(self, table: Any, **row: Any) -> None:
        """Queue a row; rows of one table are inserted together."""
        self.rows.setdefault(table.name, []).append({"scope": self.scope, **row})

    def add_licence(
        self,
        licence: UUID,
        pseudonym: str,
        alias: str,
        issuing: str,
        number: str,
        office: str | None,
        recorded_at: datetime,
        segments: Sequence[Segment],
    ) -> bytes:
        """Queue the licence's own row, whose segments are its first versions, of one content; gives its fresh key."""
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
            version=len(segments),
            **standing(segments, recorded_at, lambda _: 1),
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
            sealed=sealing.seal_json(self.cipher(secret), sealed, where),
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
        """Queue one row for each group of the record that stands once, and the rows of each list."""
        for spec in (each for each in self.content if each.key in record.groups):
            for position, group in enumerate(record.rows(spec.key)):
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
            sealed=sealing.seal_json(self.cipher(secret), hidden, where),
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
        of_licence = {"scope": self.scope, "licence_id": licence, "key_version": self.search_key.version}
        self.rows.setdefault(tables.search_key.name, []).extend(
            {**of_licence, "kind": kind, "hash": self.digest(kind, text)}
            for kind, text in search.terms(self.profession.plugin.holder, record)
        )

    def unique_values(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """(path, hash) of the values that no other licence of the profession may have."""
        return search.unique_values(self.profession, record, self.unique_digest)

    def add_unique_values(self, licence: UUID, record: Record) -> None:
        """Queue the hashes of values that no other licence may have."""
        for path, digest in self.unique_values(record):
            self.add(tables.unique_value, licence_id=licence, path=path, hash=digest)
