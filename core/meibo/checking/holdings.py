"""What the register holds of the licences of a batch: one statement, and each sealed blob opened once, by whoever
needs what it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.checking.facts import Held
from meibo.crypto.envelopes import Envelope
from meibo.crypto.keys import KeyProvider
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import sealing, tables
from meibo.register.sealing import LicenceKey
from meibo.values.dates import as_partial

FACTS = (
    "family_name", "given_name", "family_name_kana", "given_name_kana", "birth_date", "sex", "address",
)  # fmt: skip
"""The fields of `Held`, which are those of `Holder`."""


class Holding:
    """A licence at a version, the key under which its evidence is sealed, and what the register holds; the two are
    opened when they are asked for."""

    def __init__(self, row: Row[Any], key: LicenceKey, reading: _Reading) -> None:
        self.licence: UUID = row.id
        self.version: int = row.version
        self._row, self._key, self._reading = row, key, reading

    @property
    def secret(self) -> bytes:
        """The licence's key; raises SealBroken."""
        return self._key.secret

    @cached_property
    def held(self) -> Held:
        """What the register holds; raises SealBroken."""
        return self._reading.held(self._row, self.secret)

    def age(self, day: date) -> int:
        """The decade of the holder's age on a day, such as 40; -1 where the year of birth is not known."""
        year = self.held.birth_date[:4]
        return (day.year - int(year)) // 10 * 10 if year.isdecimal() else -1


@dataclass(frozen=True, slots=True)
class Asked(Mapping[UUID, Held]):
    """What is held of the licences of a batch: a source that asks by number opens nothing."""

    holdings: Mapping[UUID, Holding]

    def __getitem__(self, licence: UUID) -> Held:
        return self.holdings[licence].held

    def __iter__(self) -> Iterator[UUID]:
        return iter(self.holdings)

    def __len__(self) -> int:
        return len(self.holdings)


async def holdings_between(
    connection: AsyncConnection,
    profession: Profession,
    scope: int,
    keys: KeyProvider,
    ids: tuple[UUID, UUID],
    standings: Collection[str],
    day: date,
) -> list[Holding]:
    """The holdings of the licences from one id to another that have one of these standings on a day."""
    statement = standing_licences(scope, standings, day).where(tables.licence.c.id.between(*ids))
    parts = _parts(profession)
    for spec in {id(part.spec): part.spec for part in parts}.values():
        statement = _with_group(statement, profession, spec, parts)
    read = _Reading(profession, sealing.licence_envelope(keys, profession.code), parts)
    return [read(row) for row in await connection.execute(statement)]


def standing_licences(scope: int, standings: Collection[str], day: date) -> Select[Any]:
    """Licences of a profession by their standing on a day, as is known now."""
    licence, span, version = tables.licence, tables.licence_span, tables.licence_version
    return (
        select(licence.c.id, licence.c.version, licence.c.wrapped_key, licence.c.key_version, version.c.state)
        .join(span, span.c.licence_id == licence.c.id)
        .join(version, version.c.id == span.c.version_id)
        .where(licence.c.scope == scope, version.c.state.in_(sorted(standings)))
        .where(span.c.known_to.is_(None), span.c.valid_from <= day)
        .where(or_(span.c.valid_to.is_(None), span.c.valid_to > day))
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a fact stands."""

    fact: str
    spec: GroupSpec
    item: str


@lru_cache(100)
def _parts(profession: Profession) -> tuple[_Part, ...]:
    """The facts that a profession's register holds, by place; those of lists are nobody's present ones."""
    found = []
    for fact in FACTS:
        key, _, name = getattr(profession.plugin.holder, fact).partition(".")
        spec = profession.groups.get(key)
        if spec is not None and name in spec.items and spec in profession.content_groups and not spec.repeats:
            found.append(_Part(fact, spec, name))
    return tuple(found)


def _with_group(
    statement: Select[Any], profession: Profession, spec: GroupSpec, parts: Sequence[_Part]
) -> Select[Any]:
    """The statement with the group's row of the version's content, under names of its own."""
    table, version = tables.group_table(profession.code, spec), tables.licence_version
    columns = [table.c[name].label(label) for name, label in _labels(spec, parts) if label]
    same = and_(table.c.licence_id == version.c.licence_id, table.c.content == version.c.content)
    return statement.add_columns(*columns).outerjoin(table, same)


def _labels(spec: GroupSpec, parts: Sequence[_Part]) -> list[tuple[str, str | None]]:
    """A group's columns, and as what those are read that its facts need; None for the others."""
    needed = {p.item for p in parts if p.spec is spec} | {"sealed", "content", "plugin_version"}
    names = [*(item.name for item in spec.clear), "sealed", "content", "plugin_version"]
    return [(name, f"{spec.key}__{name}" if name in needed else None) for name in names]


class _Reading:
    """Opens rows of one profession."""

    def __init__(self, profession: Profession, envelope: Envelope, parts: Sequence[_Part]) -> None:
        self.profession, self.envelope, self.parts = profession, envelope, parts
        specs = {id(part.spec): part.spec for part in parts}.values()
        self.labels = [(spec, _labels(spec, parts)) for spec in specs]

    def __call__(self, row: Row[Any]) -> Holding:
        return Holding(row, LicenceKey(self.envelope, row.id, row.wrapped_key, row.key_version), self)

    def held(self, row: Row[Any], secret: bytes) -> Held:
        """What the row holds, opened with its licence's key."""
        told = row._mapping
        values = {
            spec.key: self._values(spec, row.id, secret, {n: label and told[label] for n, label in labels})
            for spec, labels in self.labels
        }
        facts = {part.fact: _text(part.fact, values[part.spec.key].get(part.item)) for part in self.parts}
        return Held(**facts)

    def _values(self, spec: GroupSpec, licence: UUID, secret: bytes, row: Mapping[str, Any]) -> Any:
        """The group's values; none where the version has no such row."""
        if row["sealed"] is None:
            return {}
        table = f"{self.profession.code}_{spec.key}"
        where = sealing.place(table, licence, sealing.part_of(spec, row), row["plugin_version"])
        return sealing.joined(spec, row, sealing.open_json(secret, row["sealed"], where))


def _text(fact: str, value: Any) -> str:
    """A fact as it is compared; empty where there is none."""
    if value is None:
        return ""
    return as_partial(value).value if fact == "birth_date" else str(value)
