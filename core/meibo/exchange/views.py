"""What a licence is to each of the other sides, and how its changes are said there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from meibo.connectors import Message
from meibo.exchange.messages import PUBLISH, TELL, PublicBatch, PublicEntry, RecordBatch, RecordEntry
from meibo.professions.compiled import NumberedItem, Profession
from meibo.professions.rules import Record
from meibo.register.fold import Segment, State

ON_THE_REGISTER = frozenset({State.REGISTERED, State.SUSPENDED})
"""Whom the public search tells of: who stands in the register, whether or not they may practise today."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the other side has of a licence, by pseudonym, and what it should have; None: nothing."""

    licence: str
    told: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Form:
    """The form of what one other side is told: a message's name, the message, and an entry in it."""

    name: str
    batch: type[Message]
    entry: type[Message]


class View(Protocol):
    """One profession as one other side sees it."""

    @property
    def connector(self) -> str:
        """The connector that leads there."""

    @property
    def form(self) -> Form:
        """How it is told there."""

    def without(self, paths: Container[str]) -> View:
        """The same without items that the other side changes: it is not told what it has said itself."""

    def entry(self, pseudonym: str, segment: Segment) -> Message | None:
        """A licence as it stands; None where the other side is to have nothing of it."""

    def batch(self, series: UUID, number: int, differences: Sequence[Difference]) -> Message:
        """Differences as the other side takes them."""


@dataclass(frozen=True, slots=True)
class PublicView:
    """Name, year of registration and sex of those who stand in the register."""

    profession: Profession
    connector: str = "public_search"
    form: Form = Form(PUBLISH, PublicBatch, PublicEntry)

    def without(self, paths: Container[str]) -> PublicView:
        return self

    def entry(self, pseudonym: str, segment: Segment) -> PublicEntry | None:
        day, holder = self.profession.registered_on(segment.record), self.profession.plugin.holder
        if segment.state not in ON_THE_REGISTER or day is None:
            return None
        names = (segment.record.value(path) for path in (holder.family_name, holder.given_name))
        sex = segment.record.value(holder.sex)
        return PublicEntry(day.year, "　".join(str(part) for part in names if part), str(sex or ""))

    def batch(self, series: UUID, number: int, differences: Sequence[Difference]) -> PublicBatch:
        """Sorted, so that the order says nothing of whose change was whose."""
        added = tuple(sorted(each.now for each in differences if each.now))
        removed = tuple(sorted(each.told for each in differences if each.told))
        return PublicBatch(self.profession.code, series, number, added, removed)


@dataclass(frozen=True, slots=True)
class RecordView:
    """The items that the existing system of a profession may be told, under the licence's pseudonym."""

    profession: Profession
    connector: str
    items: tuple[NumberedItem, ...]
    form: Form = Form(TELL, RecordBatch, RecordEntry)

    def without(self, paths: Container[str]) -> RecordView:
        return replace(self, items=tuple(each for each in self.items if each.path not in paths))

    def entry(self, pseudonym: str, segment: Segment) -> RecordEntry:
        return RecordEntry(pseudonym, segment.state, dict(self._told(segment.record)))

    def batch(self, series: UUID, number: int, differences: Sequence[Difference]) -> RecordBatch:
        entries = tuple(each.now for each in differences if each.now)
        return RecordBatch(self.profession.code, series, number, entries)

    def _told(self, record: Record) -> Iterable[tuple[str, Any]]:
        for each in self.items:
            value = record.value(each.path)
            yield each.path, None if value is None else each.item.kind.dump(value)


def views_of(profession: Profession) -> list[View]:
    """The other sides of a profession."""
    found: list[View] = []
    if profession.plugin.public_search is not None:
        found.append(PublicView(profession))
    if (system := profession.plugin.existing_system) is not None:
        first, last = system.items or (1, len(profession.numbered))
        found.append(RecordView(profession, system.connector, tuple(_items(profession, first, last))))
    return found


def _items(profession: Profession, first: int, last: int) -> Iterable[NumberedItem]:
    """Items of the record within a part of the official list; numbers lie in the vault and are none of them."""
    once = {group.key for group in profession.content_groups if not group.repeats}
    return (
        n for n in profession.numbered if first <= n.number <= last and n.group in once and n.item.settable
    )
