"""What is said to the existing systems and to the public search. A field that is not here cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from meibo.connectors import Message

PUBLISH, TELL, TAKEN = "publish", "tell", "taken"
ASK, CHANGES = "ask", "changes"


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
    """A licence as it stands: its pseudonym, its standing, and the items that are ours to change, by path, each as the
    register writes it in JSON, null where there is nothing. An item that is not named is the other side's own."""

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


class Asked(Message, frozen=True):
    """The question for what was changed over there, after a cursor of theirs; "" is from the beginning."""

    profession: str
    after: str


class TheirChange(Message, frozen=True):
    """What was changed over there: items of one licence by path, as a clerk would enter them, from a day on.

    `because` names the batch of ours that it follows from, if it does: an echo.
    """

    id: UUID
    licence: str
    effective_date: date
    reason: str
    items: Mapping[str, str | int | bool | None]
    delay_reason: str = ""
    because: UUID | None = None


class TheirChanges(Message, frozen=True):
    """The answer: changes in the order in which they were made there, and the cursor after them."""

    cursor: Annotated[str, Meta(max_length=64)]
    changes: Annotated[tuple[TheirChange, ...], Meta(max_length=1_000)]
