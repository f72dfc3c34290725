"""What is said to the existing systems and to the public search. A field that is not here cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from meibo.connectors import Message

PUBLISH, TELL, TAKEN = "publish", "tell", "taken"


class PublicEntry(Message, frozen=True, order=True):
    """All that the public search may ever know of a holder: it is cut before it leaves (year, not day)."""

    registration_year: int
    full_name: str
    sex: str


class PublicBatch(Message, frozen=True):
    """A change of the public list: entries that come and entries that go, the latter as they were told before.

    Batches of a `series` count from 1; the first of a new series begins the list anew.
    """

    profession: str
    series: UUID
    number: int
    added: tuple[PublicEntry, ...]
    removed: tuple[PublicEntry, ...]


class RecordEntry(Message, frozen=True):
    """A licence as it stands: its pseudonym, its standing, and the items that the other system may be told, by path,
    each as the register writes it in JSON."""

    licence: str
    state: str
    items: Mapping[str, Any]


class RecordBatch(Message, frozen=True):
    """Licences that are new or have changed; each replaces what was told of it before."""

    profession: str
    series: UUID
    number: int
    entries: tuple[RecordEntry, ...]


class Taken(Message, frozen=True):
    """The answer to a batch: the number of the last one that was taken."""

    number: int
