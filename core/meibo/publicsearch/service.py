"""The answer to the public: who of that name stands in the register, since which year, of which sex."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.audit.log import AuditLog
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.publicsearch.candidates import Candidate, Decoys, candidates
from meibo.publicsearch.questions import Question
from meibo.registry.claims import BLANK
from meibo.registry.numbers import NullNumberDesk
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import Scopes
from meibo.values.eras import day_of

OPERATION = "public_search"
GRANTED = frozenset({Permission.LICENCE_READ, Permission.PERSONAL_READ})
"""What a reader is told to let through; `Registered` narrows it to what the law makes public."""
ANSWER_SECONDS = 0.05
"""An answer leaves no sooner than this after its question came: what the database did is over by then."""


@dataclass(frozen=True, slots=True)
class Registered:
    """All that the public is told of a holder. It has no room for more."""

    registration_year: int
    full_name: str = field(repr=False)
    sex: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """Those who stand in the register under a name, by year. Two of one name, sex and year are told once; `complete`
    says that no others were left out."""

    registered: tuple[Registered, ...]
    complete: bool


@dataclass(slots=True)
class PublicSearches:
    """Answers the public from one installation's registers."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    codes: CodeTables
    audit: AuditLog
    decoys: Decoys = field(init=False)

    def __post_init__(self) -> None:
        self.decoys = Decoys(self.keys)

    async def search(self, question: Question) -> Found:
        """Who is found, once the leaf is durable. Raises AuditUnavailable, and then nothing is told."""
        loop = asyncio.get_running_loop()
        ready = loop.time() + ANSWER_SECONDS
        try:
            return await self._answer(question)
        finally:
            await asyncio.sleep(max(0.0, ready - loop.time()))

    async def _answer(self, question: Question) -> Found:
        code = question.profession.code
        reader = self._reader(code)
        reader.log.searched(code, question.key)
        looked_at, others = await candidates(reader, self.decoys, question.profession, question.key)
        # All are opened before any is judged: the work is the same for each.
        opened = [(each, registered(reader, question, each)) for each in looked_at]
        shown = [
            (each, told) for each, told in opened if told and question.asks_for(told.full_name, told.sex)
        ]
        reader.log.saw(code, [each.head.pseudonym for each, _ in shown])
        await reader.log.write()
        return found([told for _, told in shown], complete=not others)

    def _reader(self, code: str) -> Reader:
        caller = Principal("public", "一般公開の検索", "verify", Surface.VERIFY, GRANTED, frozenset({code}))
        return Reader(
            self.database, self.scopes, self.keys, self.codes, NullNumberDesk(), Guard(self.audit), caller,
            ReadLog(self.audit, caller, OPERATION),
        )  # fmt: skip


def registered(reader: Reader, question: Question, candidate: Candidate) -> Registered | None:
    """What the public may be told of a candidate; None of a decoy, and where the register knows no day."""
    profession, holder = question.profession, question.profession.plugin.holder
    groups = {
        key: reader.opening.group(profession.groups[key], candidate.head, row)
        for key, row in candidate.rows.items()
    }

    def value(path: str) -> object:
        group, _, name = path.partition(".")
        return groups[group].values.get(name) if profession.item(path) else None

    day = day_of(value(profession.plugin.registered))  # type: ignore[arg-type]
    parts = [str(part) for path in (holder.family_name, holder.given_name) if (part := value(path))]
    sex = value(holder.sex)
    return Registered(day.year, BLANK.join(parts), None if sex is None else str(sex)) if day else None


def found(told: Sequence[Registered], *, complete: bool) -> Found:
    """Those told, each once, by year."""
    once = sorted(set(told), key=lambda each: (each.registration_year, each.full_name, each.sex or ""))
    return Found(tuple(once), complete)
