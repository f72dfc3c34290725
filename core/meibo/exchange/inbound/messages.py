"""What is sent here, and answered. Whatever is personal stands in `encrypted`: a message may lie on a medium."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from meibo.connectors import Message
from meibo.linkage.papers import PaperOutcome, Text

NUMBERS, PSEUDONYMS, CERTIFICATE, PASS_LIST = "numbers", "pseudonyms", "certificate", "pass_list"
MOST_NUMBERS = 1_000
"""Lines of a batch of numbers."""
MOST_PASSED = 3_000
"""Rows of a list; the pass list of a year comes as several."""


class PaperNumbers(Message, frozen=True):
    """A batch of numbers with what identifies their holders (`PaperLine`), encrypted to the vault. `on_paper` says that
    there is paper too, which is to be destroyed as the data are."""

    profession: str
    batch: UUID
    count: Annotated[int, Meta(ge=1, le=MOST_NUMBERS)]
    on_paper: bool
    encrypted: str


class PseudonymLine(Message, frozen=True):
    """What came of a line, under the sender's reference, and the pseudonym of the licence whose number is held now."""

    reference: UUID
    outcome: PaperOutcome
    licence: str | None


class Pseudonyms(Message, frozen=True):
    """The answer to a batch: by these alone the sender knows its holders from here on."""

    profession: str
    batch: UUID
    lines: tuple[PseudonymLine, ...]


class Proof(StrEnum):
    """What a certificate proves: that data were erased (消去証明書), or that paper was destroyed (廃棄証明書)."""

    ERASURE = "erasure"
    DISPOSAL = "disposal"


class Method(StrEnum):
    """How it was done, so that nobody can bring it back."""

    OVERWRITTEN = "overwritten"
    KEY_DESTROYED = "key_destroyed"
    DEGAUSSED = "degaussed"
    SHREDDED = "shredded"
    DISSOLVED = "dissolved"
    INCINERATED = "incinerated"


class Certificate(Message, frozen=True):
    """The sender's signed word that it has nothing of a batch any more; `count` lines of it, on that day in Japan."""

    profession: str
    batch: UUID
    proof: Proof
    count: int
    destroyed_date: date
    method: Method


class PassList(Message, frozen=True):
    """Those who passed the national examination of a year (`PassRow`), encrypted to the register, in full or a part of
    them. `replaces` names a list that was wrong."""

    profession: str
    list: UUID
    year: Annotated[int, Meta(ge=1900, le=2999)]
    count: Annotated[int, Meta(ge=1, le=MOST_PASSED)]
    encrypted: str
    replaces: UUID | None = None


class PassRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One who passed: the number by which the profession's entries name a pass (受験番号 or 合格証書番号), name, day of
    birth. It never prints them."""

    number: Annotated[str, Meta(min_length=1, max_length=32)]
    family_name: Text
    birth_date: date
    given_name: Annotated[str, Meta(max_length=200)] = ""

    def __repr__(self) -> str:
        return "PassRow()"
