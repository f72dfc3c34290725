"""The half of the two-store act that lies in the vault: linking and enrolling, and taking it back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from meibo.errors import NumberDestroyed, Refused
from meibo.values.pseudonyms import LicencePseudonym, PersonId
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.links import Linked, Links
from meibo.vault.numbers import Numbers
from meibo.vault.refusals import several_persons

TRIES = 5
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an act puts into the vault for one licence. It never prints the numbers."""

    profession: str
    file: str
    pseudonym: LicencePseudonym
    numbers: Mapping[NumberKind, str] = field(repr=False)
    verified_by: VerifiedBy | None


class Lost(Exception):
    """Another act brought the same person at the same moment: take everything back and look again."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Links and enrols as one act, which `undo` takes back."""

    links: Links
    numbers: Numbers
    files: Collection[str]

    async def person(self, numbers: Mapping[NumberKind, str]) -> PersonId | None:
        """Whom the numbers belong to, in any file; raises Refused (DUPLICATE) where that is two persons."""
        found = {await self.numbers.person_with(kind, text, self.files) for kind, text in numbers.items()}
        found.discard(None)
        if len(found) > 1:
            raise several_persons()
        return next(iter(found), None)

    async def link(self, act: UUID, wanted: Enrolment) -> Linked:
        """Link the licence to its person and enrol the numbers; nothing stays where it raises.

        Raises Lost where another act was at it with the same numbers, and Refused.
        """
        person = await self.person(wanted.numbers)
        linked = await self.links.link(wanted.pseudonym, wanted.profession, person, act)
        try:
            await self.enrol(linked.act, linked.person, wanted)
        except Exception:
            await self.undo(act, linked, wanted.pseudonym)
            raise
        return linked

    async def enrol(self, act: UUID, person: PersonId, wanted: Enrolment) -> None:
        """Enrol the numbers for the person. Raises Lost where somebody else turns out to have one of them."""
        try:
            for kind, text in wanted.numbers.items():
                verified_by = wanted.verified_by or VerifiedBy.PAPER_COPY
                await self.numbers.enrol(
                    enrolment_id(act, kind), person, wanted.file, kind, text, verified_by
                )
            alone = await self.person(wanted.numbers) in (None, person)
        except (Refused, NumberDestroyed) as error:
            raise Lost from error
        if not alone:
            raise Lost

    async def undo(self, act: UUID, linked: Linked, pseudonym: LicencePseudonym) -> None:
        """Take back what this act made: the numbers first, since the link is what leads to them.

        A link that an earlier act made stays: whether that act was completed only the register knows.
        """
        if linked.act != act:
            return
        await self.withdraw(act)
        await self.links.unlink(pseudonym)

    async def withdraw(self, act: UUID) -> None:
        """Take back the enrolments of an act."""
        for kind in NumberKind:
            await self.numbers.upkeep.withdraw(enrolment_id(act, kind))


def enrolment_id(act: UUID, kind: NumberKind) -> UUID:
    """The enrolment that an act makes of one kind: whoever knows the act can finish it, or take it back."""
    return uuid5(act, kind)


def parsed(numbers: Mapping[NumberKind, str]) -> dict[NumberKind, str]:
    """The numbers as they are sealed; raises InvalidValue before anything is written."""
    return {kind: parse_number(kind, text) for kind, text in numbers.items()}


def outcome_is_known(error: BaseException) -> bool:
    """Whether the register certainly has not committed: a lost connection or a cancelled wait does not tell."""
    if isinstance(error, IntegrityError):
        return True
    return isinstance(error, Exception) and not isinstance(error, SQLAlchemyError | OSError)


async def pause(attempt: int) -> None:
    """Step aside for a random while, so that two acts do not lose against each other again and again."""
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * (attempt + 1)))  # noqa: S311
