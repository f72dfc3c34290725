"""The half of the two-store act that lies in the vault: linking and enrolling, and taking it back."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4, uuid5

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from meibo.audit.leaves import LeafKind
from meibo.errors import MeiboError, Refused
from meibo.identity.guards import Entry
from meibo.values.pseudonyms import LicencePseudonym, PersonId, PortalAlias
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.links import Linked, Links
from meibo.vault.numbers import Numbers
from meibo.vault.refusals import duplicate_number, several_persons

TRIES = 5
PAUSE_SECONDS = 0.05
UNDONE = "undone"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an act puts into the vault for one licence. It never prints the numbers.

    `verified_by` is None where there are none.
    """

    profession: str
    file: str
    pseudonym: LicencePseudonym
    numbers: Mapping[NumberKind, str] = field(repr=False)
    verified_by: VerifiedBy | None
    alias: PortalAlias | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its id, after which its enrolments are named, and the entry that writes its leaves."""

    id: UUID
    entry: Entry

    @classmethod
    async def begin(cls, entry: Entry, pseudonym: LicencePseudonym) -> Act:
        """A new act on the licence, its intent recorded."""
        act = uuid4()
        entry = entry.about(pseudonym, act=act)
        await entry.record(LeafKind.INTENT)
        return cls(act, entry)


class Lost(Exception):
    """Another act may have brought the same person at the same moment: take everything back and look again.

    `refusal` is the answer when that goes on.
    """

    def __init__(self, refusal: Refused) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Acts:
    """Links and enrols as one act, which can be taken back."""

    links: Links
    numbers: Numbers
    files: Collection[str]

    async def link(self, entry: Entry, wanted: Enrolment) -> tuple[Act, Linked]:
        """Link a new licence to its person and enrol the numbers. Raises Refused; nothing stays then."""
        refusal = duplicate_number()
        for attempt in range(TRIES):
            act = await Act.begin(entry, wanted.pseudonym)
            try:
                return act, await self._link(act, wanted)
            except Lost as lost:
                refusal = lost.refusal
            await _step_aside(attempt)
        raise refusal

    async def enrol_for(self, entry: Entry, owner: PersonId, wanted: Enrolment) -> None:
        """Enrol numbers for the licence that `owner` has. Raises Refused; nothing stays then."""
        refusal = duplicate_number()
        for attempt in range(TRIES):
            act = await Act.begin(entry, wanted.pseudonym)
            try:
                await self._enrol_for(act, owner, wanted)
                return await act.entry.record(LeafKind.DONE)
            except Lost as lost:
                refusal = lost.refusal
            await _step_aside(attempt)
        raise refusal

    async def person(self, numbers: Mapping[NumberKind, str]) -> PersonId | None:
        """Whom the numbers belong to, in any file; raises Lost where that is two persons."""
        try:
            found = {await self.numbers.person_with(kind, text, self.files) for kind, text in numbers.items()}
        except Refused as refusal:
            raise Lost(refusal) from refusal
        if len(found - {None}) > 1:
            raise Lost(several_persons())
        return next(iter(found - {None}), None)

    async def fail(self, act: Act, linked: Linked, pseudonym: LicencePseudonym, error: Exception) -> None:
        """Take the vault's part back, unless the error does not tell whether the register committed."""
        if _outcome_is_known(error):
            await self._take_back(act, None if linked.act != act.id else pseudonym)

    async def fail_many(self, batches: Iterable[Mapping[LicencePseudonym, UUID]], error: Exception) -> None:
        """`fail` for batches of new licences, each with its act."""
        if not _outcome_is_known(error):
            return
        try:
            for batch in batches:
                await self.take_back(batch)
        except (MeiboError, SQLAlchemyError, OSError):
            _log.warning("Acts could not be taken back just now: `meibo reconcile` will.")

    async def take_back(self, licences: Mapping[LicencePseudonym, UUID]) -> None:
        """Undo what the acts that linked the licences have made: the numbers first, as in a single act."""
        await self.numbers.upkeep.withdraw_many(
            [enrolment_id(act, kind) for act in licences.values() for kind in NumberKind]
        )
        await self.links.unlink_many(list(licences))

    async def withdraw(self, act: UUID) -> None:
        """Take back the enrolments of an act."""
        for kind in NumberKind:
            await self.numbers.upkeep.withdraw(enrolment_id(act, kind))

    async def _link(self, act: Act, wanted: Enrolment) -> Linked:
        linked = None
        try:
            person = await self.person(wanted.numbers)
            linked = await self.links.link(
                wanted.pseudonym, wanted.profession, wanted.file, person, act.id, wanted.alias
            )
            await self._enrol(linked.act, linked.person, wanted)
        except Exception:
            await self._take_back(act, wanted.pseudonym if linked and linked.act == act.id else None)
            raise
        return linked

    async def _enrol_for(self, act: Act, owner: PersonId, wanted: Enrolment) -> None:
        """A licence moves last: until then the numbers of an act that dies belong to nobody in this file."""
        try:
            person = await self.person(wanted.numbers) or owner
            if person != owner and await self.numbers.holds_any(owner):
                raise several_persons()
            await self._enrol(act.id, person, wanted)
            if person != owner:
                await self.links.move(wanted.pseudonym, person)
        except Exception:
            await self._take_back(act, None)
            raise

    async def _enrol(self, act: UUID, person: PersonId, wanted: Enrolment) -> None:
        """Enrol the numbers for the person. Raises Lost where somebody else turns out to have one of them."""
        if wanted.verified_by is None:
            return
        try:
            for kind, text in wanted.numbers.items():
                id = enrolment_id(act, kind)
                await self.numbers.enrol(id, person, wanted.file, kind, text, wanted.verified_by)
            known = await self.person(wanted.numbers)
        except Refused as refusal:
            raise Lost(refusal) from refusal
        if known not in (None, person):
            raise Lost(duplicate_number())

    async def _take_back(self, act: Act, linked: LicencePseudonym | None) -> None:
        """Undo what the act made: the numbers first, since the link is what leads `reconcile` to them.

        A link that an earlier act made stays: whether that act was completed only the register knows.
        """
        try:
            await self.withdraw(act.id)
            if linked is not None:
                await self.links.unlink(linked)
            await act.entry.record(LeafKind.DONE, outcome=UNDONE)
        except (MeiboError, SQLAlchemyError, OSError):
            _log.warning("An act could not be taken back just now: `meibo reconcile` will.")


def enrolment_id(act: UUID, kind: NumberKind) -> UUID:
    """The enrolment that an act makes of one kind: whoever knows the act can take it back."""
    return uuid5(act, kind)


def parsed(numbers: Mapping[NumberKind, str]) -> dict[NumberKind, str]:
    """The numbers as they are sealed; raises InvalidValue before anything is written."""
    return {kind: parse_number(kind, text) for kind, text in numbers.items()}


def _outcome_is_known(error: Exception) -> bool:
    """Whether the register certainly has not committed: a lost connection does not tell."""
    return isinstance(error, IntegrityError) or not isinstance(error, SQLAlchemyError | OSError)


async def _step_aside(attempt: int) -> None:
    """Wait for a random while, so that two acts do not lose against each other again and again."""
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * (attempt + 1)))  # noqa: S311
