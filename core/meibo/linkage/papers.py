"""Numbers that a designated body took on paper, and sends once: opened here, in the vault, and nowhere else.

Whoever looks for the licences sees what a line says of its holder, and never the number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Databases, Store
from meibo.errors import InvalidValue, MessageRefused, Refused
from meibo.identity import Identity, NumberKind, VerifiedBy, parse_number
from meibo.link.encryption import Addressee
from meibo.link.states import Reason
from meibo.professions.compiled import Profession
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.keystore import KeyStore
from meibo.vault.links import Links
from meibo.vault.numbers import Numbers

NUMBER = NumberKind.INDIVIDUAL_NUMBER
OPERATION = "paper.enrol"
Text = Annotated[str, Meta(min_length=1, max_length=200)]
L = TypeVar("L", bound=msgspec.Struct)


class PaperOutcome(StrEnum):
    """What came of a line: only of the first does the vault hold the number. The others are for the sender to mend."""

    ENTERED = "entered"
    NO_SUCH_LICENCE = "no_such_licence"
    OTHER_PERSON = "other_person"
    """Under the registration number stands somebody of another name or day of birth."""
    AMBIGUOUS = "ambiguous"
    """Several licences fit, or several lines mean one licence, or have one number."""
    LICENCE_ENDED = "licence_ended"
    INVALID_NUMBER = "invalid_number"
    OTHER_NUMBER = "other_number"
    """The vault holds another number of the holder."""
    NUMBER_OF_ANOTHER = "number_of_another"


class PaperLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One holder, under a reference that the sender drew. It never prints what it holds."""

    reference: UUID
    registration_number: Annotated[str, Meta(min_length=1, max_length=64)]
    family_name: Text
    birth_date: date
    individual_number: Annotated[str, Meta(max_length=32)]
    verified_by: VerifiedBy
    given_name: Annotated[str, Meta(max_length=200)] = ""

    def __repr__(self) -> str:
        return f"PaperLine({self.reference})"


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a line says of its holder, without the number."""

    registration_number: str = field(repr=False)
    full_name: str = field(repr=False)
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaperResult:
    """What came of a line: the licence that it means, if one is meant without doubt."""

    reference: UUID
    outcome: PaperOutcome
    pseudonym: LicencePseudonym | None


Find = Callable[[PaperFacts], Awaitable[LicencePseudonym | PaperOutcome]]
"""Finds the licence that a line means, or says why there is none."""


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """Reads what the sender encrypted to the vault, and enrols the numbers."""

    links: Links
    numbers: Numbers
    identity: Identity
    keys: KeyProvider

    def key(self, connector: str) -> dict[str, str]:
        """The vault's key, as a JWK, to which the sender encrypts."""
        return self._addressee(connector).public()

    def check(self, connector: str, encrypted: str, count: int) -> None:
        """Raise MessageRefused unless the lines can be read here and are as many as the sender says."""
        self._lines(connector, encrypted, count)

    async def enrol(
        self, principal: Principal, profession: Profession, connector: str, encrypted: str, find: Find
    ) -> list[PaperResult]:
        """Enrol the numbers of the lines whose licence `find` finds; gives what came of each. Again is no harm.

        Raises Forbidden without `registry:number:enrol`, MessageRefused, AuditUnavailable.
        """
        lines = self._lines(connector, encrypted)
        found = {line.reference: await find(_facts(line)) for line in lines}
        several = _several(lines, found)
        results = []
        for line in lines:
            licence = PaperOutcome.AMBIGUOUS if line.reference in several else found[line.reference]
            if isinstance(licence, PaperOutcome):
                results.append(PaperResult(line.reference, licence, None))
            else:
                outcome = await self._enrol(principal, profession, line, licence)
                entered = licence if outcome is PaperOutcome.ENTERED else None
                results.append(PaperResult(line.reference, outcome, entered))
        return results

    async def _enrol(
        self, principal: Principal, profession: Profession, line: PaperLine, licence: LicencePseudonym
    ) -> PaperOutcome:
        """Enrol one number, unless the vault holds it already, or another of this person."""
        try:
            number = parse_number(NUMBER, line.individual_number)
        except InvalidValue:
            return PaperOutcome.INVALID_NUMBER
        file, owner = profession.file, await self.links.person_of(licence)
        if owner is not None:
            if await self.numbers.find(file, NUMBER, number) == owner:
                return PaperOutcome.ENTERED
            if (await self.numbers.statuses([owner], file, NUMBER))[owner].held:
                return PaperOutcome.OTHER_NUMBER
        try:
            await self.identity.enrol_for(
                principal, profession=profession.code, file=file, pseudonym=licence, numbers={NUMBER: number},
                verified_by=line.verified_by, operation=OPERATION,
            )  # fmt: skip
        except Refused:
            return PaperOutcome.NUMBER_OF_ANOTHER
        return PaperOutcome.ENTERED

    def _lines(self, connector: str, encrypted: str, count: int | None = None) -> list[PaperLine]:
        lines = read_lines(PaperLine, self._addressee(connector).decrypt(encrypted), count)
        if len({line.reference for line in lines}) != len(lines):
            raise MessageRefused(Reason.DUPLICATE)
        return lines

    def _addressee(self, connector: str) -> Addressee:
        return Addressee(self.keys, f"paper:{connector}")


def read_lines(line: type[L], plain: bytes, count: int | None = None) -> list[L]:
    """Decrypted lines, JSON in UTF-8; raises MessageRefused where they are none, or not as many as was said."""
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        raise MessageRefused(Reason.WRONG_ENCODING) from None
    try:
        lines: list[L] = msgspec.json.decode(text, type=list[line], strict=True)  # type: ignore[valid-type]
    except msgspec.ValidationError:
        raise MessageRefused(Reason.MALFORMED) from None
    except msgspec.DecodeError:  # It ends before it is over, or was never JSON.
        raise MessageRefused(Reason.TRUNCATED) from None
    if count is not None and len(lines) != count:
        raise MessageRefused(Reason.TRUNCATED)
    return lines


def open_paper_desk(databases: Databases, keys: KeyProvider, identity: Identity) -> PaperDesk:
    """The desk over the vault's stores; `keys` are the vault's own."""
    numbers = Numbers(databases[Store.NUMBERS], KeyStore(databases[Store.KEYS]), keys)
    return PaperDesk(Links(databases[Store.LINKS]), numbers, identity, keys)


def _facts(line: PaperLine) -> PaperFacts:
    return PaperFacts(line.registration_number, line.family_name + line.given_name, line.birth_date)


def _several(lines: Sequence[PaperLine], found: Mapping[UUID, Any]) -> set[UUID]:
    """The lines that mean a licence, or have a number, that another line does too."""
    licences = Counter(each for each in found.values() if not isinstance(each, PaperOutcome))
    numbers = Counter(line.individual_number for line in lines)
    return {
        line.reference
        for line in lines
        if numbers[line.individual_number] > 1 or licences[found[line.reference]] > 1
    }
