"""The interactive way: one resident looked for at once, and the number of one holder obtained from the four facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, Refused, SourceUnavailable
from meibo.identity import NumberKind, parse_number
from meibo.link.client import LinkClient
from meibo.linkage.replies import Replies
from meibo.linkage.residents.codec import Glyph, Record
from meibo.linkage.residents.exchange import CONNECTOR, Exchange
from meibo.linkage.residents.filing import GROUP
from meibo.linkage.residents.holders import Holders, network_principal
from meibo.linkage.residents.inquiries import Answer, Facts, Inquiry, Key, Outcome
from meibo.professions.compiled import Profession

SEARCH, OBTAIN = "resident.search", "resident.obtain_number"
NUMBERS = frozenset(f"{of}{kind}" for kind in NumberKind for of in ("", "subject_"))
"""The items of a reply that hold a number: nobody is shown one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resident who may be meant: the reply's values but numbers, and the characters that they lack."""

    values: Mapping[str, str] = field(repr=False)
    glyphs: tuple[Glyph, ...] = field(repr=False)
    has_number: bool


@dataclass(frozen=True, slots=True)
class ResidentDesk:
    """Asks the network about one resident while somebody waits. Nothing of what is shown is kept."""

    database: Database
    exchange: Exchange
    client: LinkClient
    holders: Holders
    replies: Replies
    guard: Guard
    professions: Mapping[str, Profession]

    async def search(
        self,
        principal: Principal,
        code: str,
        key: Key,
        number: str = "",
        facts: Facts | None = None,
    ) -> list[Candidate]:
        """The residents who may be meant, on behalf of a profession: none, one or several.

        Raises Forbidden, InvalidValue for what is no number, Refused for facts that tell nobody apart,
        SourceUnavailable, MessageRefused, AuditUnavailable.
        """
        await self.guard.demand(principal, Permission.RESIDENT_SEARCH, SEARCH, code)
        profession = self.professions[code]
        inquiry = _inquiry(key, number, facts or Facts())
        terms = tuple(self._terms(profession, inquiry))
        await self._record(principal, LeafKind.INTENT, SEARCH, profession, terms=terms)
        answer = await self._ask(inquiry)
        found = [_candidate(r) for r in answer.records if answer.outcome in (Outcome.FOUND, Outcome.SEVERAL)]
        await self._record(principal, LeafKind.FIND, SEARCH, profession, terms=terms, count=len(found))
        return found

    async def demand_obtaining(self, principal: Principal, code: str | None = None) -> None:
        """Raise Forbidden unless the caller may have numbers obtained."""
        for permission in (Permission.RESIDENT_SEARCH, Permission.NUMBER_ENROL):
            await self.guard.demand(principal, permission, OBTAIN, code)

    async def obtain_number(
        self, principal: Principal, code: str, licence: UUID, address: str = ""
    ) -> Outcome:
        """Have the vault get a holder's number by the facts that the register keeps, and an address where one is given.

        The reply is filed, and its number enrolled, where exactly one resident was found; nobody is shown it. Raises
        Forbidden, NotFound, Refused, SourceUnavailable, MessageRefused, AuditUnavailable.
        """
        await self.demand_obtaining(principal, code)
        profession = self.professions[code]
        scope = self.replies.scopes[code]
        async with self.database.read([scope], principal.offices) as connection:
            pseudonym, facts = await self.holders.facts(
                connection, profession, licence, address=address, offices=principal.offices
            )
        inquiry = _inquiry(Key.FACTS, "", facts)
        await self._record(principal, LeafKind.INTENT, OBTAIN, profession, subjects=(pseudonym,))
        answer = await self._ask(inquiry)
        if answer.outcome is Outcome.FOUND:
            values = {n: t for n, t in answer.records[0].values.items() if n != NumberKind.RESIDENT_CODE}
            await self.replies.file(network_principal(code), profession, licence, GROUP, values)
        await self._record(principal, LeafKind.DONE, OBTAIN, profession, subjects=(pseudonym,))
        return answer.outcome

    async def _ask(self, inquiry: Inquiry) -> Answer:
        """What the network answers at once; raises SourceUnavailable where it does not."""
        file = uuid4()
        raw = await self.client.post(CONNECTOR, file, self.exchange.sealed(file, [inquiry]))
        if not raw:
            raise SourceUnavailable
        [answer] = self.exchange.read(file, [inquiry.reference], raw)
        if answer.outcome is Outcome.FAILED:
            raise SourceUnavailable
        return answer

    def _terms(self, profession: Profession, inquiry: Inquiry) -> Iterable[str]:
        """What was looked for, as the log keeps it: a number under the vault's keys, a fact under the log's."""
        if inquiry.key.number:
            of = {inquiry.key.number: inquiry.number}
            yield from self.replies.identity.marks(profession.code, profession.file, of).values()
        facts = inquiry.facts
        for name in ("name", "kana", "address", "sex", "birth_date"):
            if text := getattr(facts, name):
                yield self.guard.audit.term(profession.code, f"resident.{name}={text}")

    async def _record(
        self,
        principal: Principal,
        kind: LeafKind,
        operation: str,
        profession: Profession,
        *,
        subjects: tuple[str, ...] = (),
        terms: tuple[str, ...] = (),
        count: int | None = None,
    ) -> None:
        told = leaf(principal, kind, operation, profession.code, subjects=subjects, terms=terms, count=count)
        await self.guard.audit.record(told)


def _inquiry(key: Key, number: str, facts: Facts) -> Inquiry:
    """The question; raises InvalidValue, or Refused where facts are too few."""
    if key.number:
        return Inquiry(uuid4(), key, parse_number(key.number, number))
    if not facts.suffice():
        raise Refused(
            Finding(
                ("facts",),
                "氏名と、住所または生年月日を指定してください。",
                "Give a name, and an address or a date of birth.",
                FindingCode.REQUIRED,
                "resident.facts",
            )
        )
    return Inquiry(uuid4(), key, facts=facts)


def _candidate(record: Record) -> Candidate:
    shown = {name: text for name, text in record.values.items() if name not in NUMBERS}
    return Candidate(shown, record.glyphs, NumberKind.INDIVIDUAL_NUMBER in record.values)
