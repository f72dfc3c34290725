"""One line of the log: who did what, to whose licences, why, and what came of it. Never a value.

A leaf belongs to one profession. A request that reads two professions records two leaves, whose ids have nothing in
common but the second, as those of all requests of that second have.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
import orjson

from meibo.randomness import random_bytes

RANDOM_BYTES = 12
OPERATION_LENGTH = 200  # The client chooses an operation's name: nobody shall fill the log with one.


class LeafKind(StrEnum):
    """What was done; alphabetical."""

    CHANGE = "change"
    DONE = "done"
    EXPORT = "export"
    FIND = "find"
    IMPORT = "import"
    INTENT = "intent"
    READ = "read"
    REFUSAL = "refusal"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An act as it is recorded.

    `operation` is a GraphQL operation or field, or a command's name, never an argument. `subjects` are
    licence pseudonyms; `terms` are search terms as `AuditLog.term` hashes them. `reference` names what
    belongs together: an import's manifest, the intent of a done leaf.
    """

    kind: LeafKind
    account: str
    institution: str
    terminal: str
    surface: str
    operation: str
    profession: str | None = None
    subjects: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    purpose: str = ""
    legal_basis: str = ""
    outcome: str = "ok"
    count: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLeaf:
    """A leaf in the log: its id (32 hexadecimal digits, see `new_id`) and its instant."""

    id: str
    at: datetime
    leaf: Leaf


class _About(msgspec.Struct):
    """Of a body, what it is about."""

    subjects: tuple[str, ...]


_SUBJECTS = msgspec.json.Decoder(_About)


def new_id() -> str:
    """A leaf id in hexadecimal: the second, and 96 random bits.

    Ids of one time lie side by side in the log's indexes: by chance alone, each commit would touch other pages of
    theirs, and write these whole to the database's own log.
    """
    return f"{int(time.time()):08x}{random_bytes(RANDOM_BYTES).hex()}"


def encode(recorded: RecordedLeaf) -> bytes:
    """The canonical body, which is what gets hashed: JSON in UTF-8, keys sorted, nothing left out."""
    leaf = recorded.leaf
    fields = {
        "account": leaf.account,
        "at": recorded.at.astimezone(UTC),
        "count": leaf.count,
        "id": recorded.id,
        "institution": leaf.institution,
        "kind": leaf.kind,
        "legal_basis": leaf.legal_basis,
        "operation": leaf.operation[:OPERATION_LENGTH],
        "outcome": leaf.outcome,
        "profession": leaf.profession,
        "purpose": leaf.purpose,
        "reference": leaf.reference,
        "subjects": leaf.subjects,
        "surface": leaf.surface,
        "terminal": leaf.terminal,
        "terms": leaf.terms,
    }
    return orjson.dumps(fields, option=orjson.OPT_UTC_Z)


def subjects_of(body: bytes) -> tuple[str, ...]:
    """The licences that a leaf is about, without the rest of it."""
    return _SUBJECTS.decode(body).subjects


def decode(body: bytes) -> RecordedLeaf:
    """What `encode` wrote."""
    fields = orjson.loads(body)
    id, at = fields.pop("id"), datetime.fromisoformat(fields.pop("at"))
    fields |= {"kind": LeafKind(fields["kind"])}
    fields |= {name: tuple(fields[name]) for name in ("subjects", "terms")}
    return RecordedLeaf(id=id, at=at, leaf=Leaf(**fields))
