"""Identity: the only way from a register to the vault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.clock import now
from meibo.errors import Finding, FindingCode, InvalidValue, MeiboError, NotFound, PluginError, Refused
from meibo.identity.acts import Acts, Enrolment, parsed
from meibo.identity.drawing import Drawing, Drawn, NewHolder
from meibo.identity.guards import Entry, guard
from meibo.identity.many import ManyActs, clashes
from meibo.identity.reconciling import SWEEP_LIMIT, Exists, ReconcileReport, Reconciliation, guard_command
from meibo.values.names import validate_text
from meibo.values.pseudonyms import LicencePseudonym, PersonId, PortalPseudonym, new_licence_pseudonym
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.links import Linked, Links
from meibo.vault.numbers import Numbers, NumberStatus

T = TypeVar("T")
FAILED = "failed"
PURPOSE_LENGTH = 500
"""Characters of the purpose for which a number is revealed."""


class Identity:
    """Enrols, finds and reveals numbers by licence pseudonym. `files` are all files that keep numbers."""

    def __init__(self, links: Links, numbers: Numbers, audit: AuditLog, files: Collection[str]) -> None:
        self._links = links
        self._numbers = numbers
        self._audit = audit
        self._acts = Acts(links, numbers, frozenset(files))

    def new_pseudonym(self) -> LicencePseudonym:
        """Draw a pseudonym for a licence that is about to be entered."""
        return new_licence_pseudonym()

    async def enrol(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
        verified_by: VerifiedBy | None,
        operation: str,
        commit: Callable[[Linked], Awaitable[T]],
    ) -> T:
        """Link a new licence, enrol the person's numbers, and run `commit`: all of it, or nothing.

        `commit` ends with the register's commit and does nothing after it. The pseudonym is new, drawn for
        this act. The person is the one whose numbers these are in any file, else a new one. Where `commit`
        raises, the vault's part is taken back at once; where its error does not tell whether the register
        has committed, that is left to `reconcile`. Returns what `commit` returns. A done leaf that cannot be
        written withholds the answer, not the licence.

        Raises Forbidden, InvalidValue, Refused (DUPLICATE, REQUIRED), AuditUnavailable, and what `commit`
        raises.
        """
        entry = await guard(self._audit, principal, Permission.LICENCE_REGISTER, profession, operation)
        if numbers:
            await guard(self._audit, principal, Permission.NUMBER_ENROL, profession, operation)
        wanted = self._wanted(profession, file, pseudonym, numbers, verified_by)
        act, linked = await self._acts.link(entry, wanted)
        try:
            result = await commit(linked)
        except Exception as error:
            await self._acts.fail(act, linked, pseudonym, error)
            raise
        await act.entry.record(LeafKind.DONE)
        return result

    async def begin_many(
        self, principal: Principal, *, profession: str, file: str, numbers: bool, operation: str
    ) -> Entry:
        """Begin an act on many licences, with numbers or without: its intent is on record.

        Raises Forbidden, AuditUnavailable; PluginError for a file that keeps no numbers.
        """
        entry = await guard(self._audit, principal, Permission.LICENCE_REGISTER, profession, operation)
        if numbers:
            await guard(self._audit, principal, Permission.NUMBER_ENROL, profession, operation)
            self._check(file)
        entry = entry.about(act=uuid4())
        await entry.record(LeafKind.INTENT)
        return entry

    def drawing(self, profession: str, file: str, verified_by: VerifiedBy) -> Drawing:
        """Draws new holders of a profession beforehand, in this process or in another."""
        return Drawing(self._numbers.many.new_rows(self._links, profession, file, verified_by))

    async def clashes(self, begun: Entry, holders: Sequence[NewHolder]) -> dict[LicencePseudonym, Refused]:
        """Why holders could not be entered in the act that has begun: whose numbers theirs are already."""
        return await clashes(self._acts, begun.profession, holders)

    async def enrol_many(
        self,
        begun: Entry,
        *,
        drawing: Drawing,
        batches: AsyncIterable[tuple[Sequence[NewHolder], Drawn]],
        commit: Callable[[], Awaitable[T]],
    ) -> T:
        """`enrol` for many licences in an act that has begun, batch after batch, with one `commit`: every one of them,
        or none. Each batch was drawn beforehand by `drawing`.

        Raises as `enrol` does; the first holder that is refused takes all the others back. One intent and one done
        leaf tell of all; each licence's own leaf is its action.
        """
        many = ManyActs(self._acts, begun, drawing)
        try:
            async for holders, drawn in batches:
                await many.enter(holders, drawn)
            result = await commit()
        except Exception as error:
            await many.take_back(error)
            raise
        await asyncio.gather(*(act.entry.record(LeafKind.DONE) for act, _, _ in many.single))
        await begun.record(LeafKind.DONE)
        return result

    async def enrol_for(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
        verified_by: VerifiedBy,
        operation: str,
    ) -> None:
        """Enrol numbers for a licence that is there; a number that differs from the present one replaces it.

        A licence whose person was not known by any number goes to the person whose numbers these are.

        Raises Forbidden, NotFound, InvalidValue, AuditUnavailable, and Refused (DUPLICATE) where numbers and
        licences point to two persons.
        """
        entry = await guard(self._audit, principal, Permission.NUMBER_ENROL, profession, operation)
        wanted = self._wanted(profession, file, pseudonym, numbers, verified_by)
        await self._acts.enrol_for(entry, await self._person(pseudonym, profession, file), wanted)

    def marks(self, profession: str, file: str, numbers: Mapping[NumberKind, str]) -> dict[NumberKind, str]:
        """The numbers as the register's records may name them: hashes under the vault's keys.

        Raises InvalidValue.
        """
        return {kind: self._numbers.mark(file, profession, kind, text) for kind, text in numbers.items()}

    async def find(
        self,
        principal: Principal,
        profession: str,
        file: str,
        number: str,
        *,
        kind: NumberKind = NumberKind.INDIVIDUAL_NUMBER,
        operation: str = "number.find",
    ) -> LicencePseudonym | None:
        """The licence of the person whose number it is or was in this file, if there is one.

        Raises Forbidden, InvalidValue, AuditUnavailable.
        """
        entry = await guard(self._audit, principal, Permission.NUMBER_FIND, profession, operation)
        self._check(file)
        number = parse_number(kind, number)
        person = await self._numbers.find(file, kind, number)
        found = await self._links.pseudonym_at(person, profession) if person else None
        term = self._numbers.mark(file, profession, kind, number)
        await entry.about(*([found] if found else [])).record(LeafKind.FIND, terms=(term,))
        return found

    async def reveal(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        kind: NumberKind,
        purpose: str,
        legal_basis: str,
        operation: str = "number.reveal",
    ) -> str:
        """The number of one licence's person. It leaves only after its leaf is durable.

        Raises Forbidden, Refused (REQUIRED) without purpose or legal basis, Refused (INVALID_VALUE) for a purpose
        that no log should hold, NotFound, NumberDestroyed, SealBroken, AuditUnavailable.
        """
        entry = await guard(self._audit, principal, Permission.NUMBER_REVEAL, profession, operation)
        self._check(file)
        _require(purpose=purpose.strip(), legal_basis=legal_basis.strip())
        _refuse_text("purpose", purpose)
        return await self._opened(entry.about(pseudonym), pseudonym, file, kind, purpose, legal_basis)

    async def encrypt(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        kind: NumberKind,
        encrypt: Callable[[str], str],
        message: UUID,
        legal_basis: str,
        operation: str,
    ) -> str:
        """The number of one licence's person as `encrypt` makes it unreadable to all but the outside system that a
        law lets have it, for the message that carries it. It leaves only after its leaf is durable.

        Raises Forbidden without `registry:number:send`, which no role has; NotFound, NumberDestroyed, SealBroken,
        AuditUnavailable.
        """
        entry = await guard(self._audit, principal, Permission.NUMBER_SEND, profession, operation)
        self._check(file)
        entry = entry.about(pseudonym, act=message)
        return encrypt(await self._opened(entry, pseudonym, file, kind, operation, legal_basis))

    async def destroy(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        until: datetime,
        kinds: Collection[NumberKind] = (NumberKind.INDIVIDUAL_NUMBER,),
        operation: str = "number.destroy",
    ) -> date | None:
        """Destroy the individual numbers that the licence's person has in this file, as they stood at `until`.

        Other kinds stay unless they are named: a file's rule names the individual number alone. Again is no harm.
        Gives the last day on which a backup may hold the key; None where there was no number.

        Raises Forbidden, NotFound, AuditUnavailable.
        """
        entry = await guard(self._audit, principal, Permission.NUMBER_DESTROY, profession, operation)
        self._check(file)
        person = await self._person(pseudonym, profession, file)
        entry = entry.about(pseudonym, act=uuid4())
        await entry.record(LeafKind.INTENT)
        gone_after = None
        with suppress(NotFound):
            destroyed = await self._numbers.destroy(person, file, kinds, until)
            gone_after = destroyed.gone_after_date
        await entry.record(LeafKind.DONE, count=0 if gone_after is None else 1)
        return gone_after

    async def link_portal(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        portal: PortalPseudonym,
        verified_by: VerifiedBy,
        operation: str = "portal.link",
    ) -> None:
        """Let whoever signs in under a portal pseudonym see the licence, and all others of its person.

        `verified_by` says how the person was identified as both. The leaf names the licence, never the pseudonym,
        which would join the person's licences in the log. Again is no harm.

        Raises Forbidden, NotFound, AuditUnavailable, and Refused (DUPLICATE) where the pseudonym is another person's
        or the person has another.
        """
        entry = await guard(self._audit, principal, Permission.PORTAL_LINK, profession, operation)
        person = await self._person(pseudonym, profession, file)
        entry = entry.about(pseudonym, act=uuid4())
        await entry.record(LeafKind.INTENT, purpose=verified_by)
        await self._links.link_portal(person, portal)
        await entry.record(LeafKind.DONE, purpose=verified_by)

    async def unlink_portal(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        operation: str = "portal.unlink",
    ) -> bool:
        """End that somebody sees the licence at the portal, and all others of its person; whether anybody did.

        Raises Forbidden, NotFound, AuditUnavailable.
        """
        entry = await guard(self._audit, principal, Permission.PORTAL_LINK, profession, operation)
        person = await self._person(pseudonym, profession, file)
        entry = entry.about(pseudonym, act=uuid4())
        await entry.record(LeafKind.INTENT)
        there_was = await self._links.unlink_portal(person)
        await entry.record(LeafKind.DONE, count=int(there_was))
        return there_was

    async def statuses(
        self,
        pseudonyms: Iterable[LicencePseudonym],
        file: str,
        kind: NumberKind = NumberKind.INDIVIDUAL_NUMBER,
    ) -> dict[LicencePseudonym, NumberStatus]:
        """Whether each licence's number is held, in three statements: for callers who may read them."""
        asked = list(pseudonyms)
        persons = await self._links.persons_of(asked)
        found = await self._numbers.statuses(set(persons.values()), file, kind)
        return {each: found[persons[each]] if each in persons else NumberStatus(False) for each in asked}

    async def reconcile(
        self, principal: Principal, exists: Exists, older_than: timedelta, *, at_most: int = SWEEP_LIMIT
    ) -> ReconcileReport:
        """Sweep what acts that died have left, where it is older than `older_than`: longer than an act takes.

        Nothing is completed: an act whose licence is not in the register goes altogether and frees its
        numbers. Twice is no harm. `exists` answers for every licence, those of uninstalled plugins too.

        Raises Forbidden to all but the command; OperatorError before it destroys more than `at_most` of one
        kind; AuditUnavailable.
        """
        await guard_command(self._audit, principal)
        before = now() - older_than
        sweep = Reconciliation(self._acts, self._audit, principal, before, at_most)
        return await sweep.run(exists)

    def _wanted(
        self,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
        verified_by: VerifiedBy | None,
    ) -> Enrolment:
        """The input, checked before anything is written."""
        if numbers:
            self._check(file)
            _require(verified_by=verified_by or "")
        return Enrolment(
            profession=profession,
            file=file,
            pseudonym=pseudonym,
            numbers=parsed(numbers),
            verified_by=verified_by,
        )

    def _check(self, file: str) -> None:
        """Numbers are kept in declared files alone: those are where a person is looked for."""
        if file not in self._acts.files:
            raise PluginError(f"The file {file!r} keeps no numbers: no installed profession declares it.")

    async def _opened(
        self,
        entry: Entry,
        pseudonym: LicencePseudonym,
        file: str,
        kind: NumberKind,
        purpose: str,
        legal_basis: str,
    ) -> str:
        """The number, once the leaf that says for what, or why not, is durable."""
        outcome = FAILED
        try:
            person = await self._person(pseudonym, entry.profession, file)
            number = await self._numbers.reveal(person, file, kind)
            outcome = "ok"
        except MeiboError as error:
            outcome = error.code
            raise
        finally:
            await entry.record(LeafKind.REVEAL, outcome=outcome, purpose=purpose, legal_basis=legal_basis)
        return number

    async def _person(self, pseudonym: LicencePseudonym, profession: str, file: str) -> PersonId:
        """Whose licence it is; raises NotFound for one of another profession or file, too."""
        link = await self._links.link_of(pseudonym)
        if (link.profession, link.file) != (profession, file):
            raise NotFound
        return link.person


def _require(**given: str) -> None:
    """Raise Refused (REQUIRED) for each that is empty."""
    findings = [
        Finding(
            name, "入力してください。", "Fill this in.", FindingCode.REQUIRED, f"identity.{name}_required"
        )
        for name, value in given.items()
        if not value
    ]
    if findings:
        raise Refused(*findings)


def _refuse_text(name: str, text: str) -> None:
    """Raise Refused (INVALID_VALUE) for text that is too long or holds control characters."""
    try:
        validate_text(text, PURPOSE_LENGTH)
    except InvalidValue as error:
        raise Refused(Finding(name, error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)) from error
