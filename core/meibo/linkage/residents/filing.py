"""Filing the answers of a file: all of them in the commit that ends its job, or none.

Of one resident found, the reply is filed with the licence, and a number that the vault does not have yet goes there. Of
several who may be meant nothing is kept: most of them are other people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.database.bulk import insert_fenced
from meibo.errors import InvalidValue, MessageRefused, Refused
from meibo.identity import NumberKind, parse_number
from meibo.linkage.replies import OpenLicence, Replies, Reply
from meibo.linkage.residents.codec import FileReason, Record
from meibo.linkage.residents.glyphs import seal_glyphs
from meibo.linkage.residents.holders import network_principal
from meibo.linkage.residents.inquiries import Answer, Key, NumberTold, Outcome
from meibo.linkage.residents.requests import Noted, Request, note
from meibo.linkage.residents.tables import resident_reply
from meibo.professions.compiled import Profession
from meibo.register.erasures import forgotten

GROUP = "resident_record"
NUMBER = NumberKind.INDIVIDUAL_NUMBER
FILE = "resident_run.file"


@dataclass(frozen=True, slots=True)
class Filed:
    """One answer as it will be filed: nothing but the outcome where several residents may be meant."""

    request: Request
    outcome: Outcome
    reply: Reply | None
    record: Record | None

    @property
    def told(self) -> NumberTold:
        """How the number that came stands to the one that was asked by."""
        found, asked = self._number(""), self._number("subject_")
        if not found:
            return NumberTold.NONE
        return (NumberTold.SAME if found == asked else NumberTold.CHANGED) if asked else NumberTold.BY_FACTS

    @property
    def number(self) -> Mapping[NumberKind, str]:
        """The number that the vault is to have, unless it is the one that it gave."""
        return {} if self.told in (NumberTold.NONE, NumberTold.SAME) else {NUMBER: self._number("")}

    def _number(self, of: str) -> str:
        found = self.outcome is Outcome.FOUND and self.record is not None
        return self.record.values.get(f"{of}{NUMBER}", "") if found and self.record else ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Prepares answers, and files them within the transaction of a job."""

    replies: Replies

    def prepared(
        self, profession: Profession, requests: Sequence[Request], answers: Sequence[Answer]
    ) -> list[Filed]:
        """The answers as they will be filed; raises MessageRefused where a value of any of them is none of its item."""
        try:
            return [
                self._prepared(profession, request, answer)
                for request, answer in zip(requests, answers, strict=True)
            ]
        except (Refused, InvalidValue):  # Which value it was stands nowhere: it is the network's to mend.
            raise MessageRefused(FileReason.MALFORMED) from None

    async def enrol(
        self,
        connection: AsyncConnection,
        profession: Profession,
        key: Key,
        known: Mapping[UUID, OpenLicence],
        filed: Sequence[Filed],
    ) -> list[Noted]:
        """Bring the numbers into the vault, each as an act of its own that may be done again; gives what to note.

        Where facts only stood in for a number, none is taken by them: the one whom they fit may be a namesake, and
        nobody has asked for a number.
        """
        outcomes = {each.request.id: each.outcome for each in filed}
        principal = network_principal(profession.code)
        for each in filed:
            licence = each.request.licence
            stood_in = key is Key.NUMBER_OR_FACTS and each.told is NumberTold.BY_FACTS
            wanted = each.number and profession.keeps_numbers and not stood_in
            if wanted and not await forgotten(connection, licence):
                try:
                    await self.replies.enrol(
                        principal, profession, known[licence].pseudonym, each.number, operation=FILE
                    )
                except Refused:
                    outcomes[each.request.id] = Outcome.CONFLICT
        return [Noted(each.request.id, outcomes[each.request.id], each.told) for each in filed]

    async def add(
        self,
        connection: AsyncConnection,
        profession: Profession,
        known: Mapping[UUID, OpenLicence],
        filed: Sequence[Filed],
        noted: Sequence[Noted],
    ) -> None:
        """Write replies, what stands beside them, and the outcomes."""
        kept = [(each, each.reply) for each in filed if each.reply]
        await self.replies.add(connection, profession, GROUP, known, [reply for _, reply in kept])
        rows = [self._beside(profession, each, reply, known[reply.licence].secret) for each, reply in kept]
        await insert_fenced(connection, resident_reply, rows)
        await note(connection, noted)

    def _prepared(self, profession: Profession, request: Request, answer: Answer) -> Filed:
        replies = [self.replies.read(profession, GROUP, request.licence, r.values) for r in answer.records]
        for reply in replies:
            for kind, number in reply.numbers.items():
                parse_number(kind, number)
        if answer.outcome is Outcome.SEVERAL:
            return Filed(request, answer.outcome, None, None)
        return Filed(request, answer.outcome, replies[0], answer.records[0])

    def _beside(self, profession: Profession, filed: Filed, reply: Reply, secret: bytes) -> dict[str, Any]:
        assert filed.record is not None
        return {
            "id": reply.row, "scope": self.replies.scopes[profession.code], "request_id": filed.request.id,
            "licence_id": reply.licence,
            "sealed": seal_glyphs(secret, reply.licence, reply.row, filed.record.glyphs),
        }  # fmt: skip
