"""The office's verbs. Each is one service call: permission, checks, one unit of work, one action."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.certificates import standing
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, MeiboError, NotFound, Refused, StaleVersion
from meibo.identity import Identity, Linked
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.randomness import new_id
from meibo.register import tables, validation
from meibo.register.erasures import orders_erasure
from meibo.register.fold import Act, Segment, Verb, fold, on, patched
from meibo.register.opening import open_licence
from meibo.register.rows import Decision
from meibo.register.writing import Known, LicenceWriter
from meibo.registry import checks, measures, refusals
from meibo.registry.entering import add_entry
from meibo.registry.erasing import Erasures
from meibo.registry.idempotency import Remembered
from meibo.registry.requests import ActRequest, Outcome
from meibo.registry.scopes import Scopes
from meibo.registry.uniqueness import taken
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym

IDEMPOTENCY_DAYS = 7


@dataclass(frozen=True, slots=True)
class Office:
    """Registers, corrects, suspends … under a principal's permissions."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    codes: CodeTables
    identity: Identity
    guard: Guard
    erasures: Erasures

    async def register(self, principal: Principal, code: str, request: ActRequest) -> Outcome:
        """Enter a new licence. With numbers, the vault takes them first; see `Identity.enrol` for the order.

        Raises Forbidden, or Refused with every finding; then nothing is stored in either store.
        """
        profession = await self._permitted(principal, Verb.REGISTER, code)
        if request.numbers:
            await self.guard.demand(principal, Permission.NUMBER_ENROL, Verb.REGISTER, code)
        return await self._leaving_leaf(
            principal, Verb.REGISTER, code, self._register(principal, profession, request)
        )

    async def act(
        self, principal: Principal, verb: Verb, request: ActRequest, only: str | None = None
    ) -> Outcome:
        """Any verb upon a licence that stands in the register; `only` is the one profession that it may be of.

        Raises Forbidden, NotFound (none, or out of scope), StaleVersion, or Refused; then nothing is stored.
        """
        code = await self.scopes.profession_of(self.database, principal, request.licence)
        if code is None or only not in (None, code):
            await self.guard.refused(principal, verb, None, NotFound.code)
            raise Refused(refusals.no_licence())
        profession = await self._permitted(principal, verb, code)
        return await self._leaving_leaf(
            principal, verb, code, self._act(principal, verb, profession, request)
        )

    async def _permitted(self, principal: Principal, verb: Verb, code: str) -> Profession:
        await self.guard.demand(principal, Permission(f"registry:licence:{verb}"), verb, code)
        await self.codes.refresh()
        return self.scopes.host[code]

    async def _leaving_leaf(self, principal: Principal, verb: Verb, code: str, work: Any) -> Outcome:
        """The outcome; a refusal is recorded before it is told."""
        try:
            outcome: Outcome = await work
        except MeiboError as error:
            await self.guard.refused(principal, verb, code, error.code)
            raise
        return outcome

    async def _register(self, principal: Principal, profession: Profession, request: ActRequest) -> Outcome:
        decision = self._decide(profession, Verb.REGISTER, request)
        _refuse(checks.number_findings(profession, request))
        request = replace(
            request, marks=self.identity.marks(profession.code, profession.file, request.numbers)
        )
        record = patched(profession.empty(), decision.patch)
        self._judge(profession, Verb.REGISTER, request, record, None, decision)
        _refuse(list(checks.office_findings(principal, profession, record)))
        if earlier := await self._earlier(principal, profession, request):
            return earlier
        if request.validate_only:
            await self._refuse_taken(profession, record)
            return Outcome(None, None)
        pseudonym = new_licence_pseudonym()

        async def commit(linked: Linked) -> Outcome:
            return await self._enter(principal, profession, request, decision, record, pseudonym, linked)

        try:
            await self._refuse_taken(profession, record)
            return await self.identity.enrol(
                principal,
                profession=profession.code,
                file=profession.file,
                pseudonym=pseudonym,
                numbers=request.numbers,
                verified_by=request.verified_by,
                operation=Verb.REGISTER,
                commit=commit,
            )
        except Refused:
            if earlier := await self._earlier(principal, profession, request):
                return earlier  # A twin of this request was first.
            raise

    async def _enter(
        self,
        principal: Principal,
        profession: Profession,
        request: ActRequest,
        decision: Decision,
        record: Record,
        pseudonym: LicencePseudonym,
        linked: Linked,
    ) -> Outcome:
        """The register's own part of a registration: one unit of work."""
        scope = self.scopes.of(profession.code)
        async with self.database.write([scope]) as work:
            writer = LicenceWriter(work.connection, profession, scope, self.keys)
            outcome = Outcome(new_id(), new_id())
            at = await record_instant(work.connection, scope)
            kept = self._remembered(principal, profession, Verb.REGISTER)
            if await kept.recall(work.connection, request):
                raise Refused(
                    refusals.duplicate("idempotency_key")
                )  # A twin was first: `_register` finds it.
            await kept.remember(work.connection, request, outcome, at)
            add_entry(writer, principal, decision, record, outcome, pseudonym, linked.alias, at)
            try:
                await writer.flush()
            except IntegrityError as error:
                raise Refused(refusals.duplicate(profession.plugin.number)) from error
            await work.commit()
        return outcome

    async def _act(
        self, principal: Principal, verb: Verb, profession: Profession, request: ActRequest
    ) -> Outcome:
        scope = self.scopes.of(profession.code)
        async with self.database.write([scope]) as work:
            assert request.licence is not None  # `act` found its profession
            known = await open_licence(
                work.connection,
                profession,
                self.keys,
                request.licence,
                offices=principal.offices,
                lock=True,
            )
            if known is None:
                raise Refused(refusals.no_licence())
            kept = self._remembered(principal, profession, verb)
            if earlier := await kept.recall(work.connection, request):
                return earlier
            if request.expected_version != known.version:
                raise StaleVersion
            decision = self._decide(profession, verb, request)
            act = decision.act(new_id(), len(known.acts) + 1)
            segments = fold(profession.empty(), [*known.acts, act], profession.plugin.term)
            self._judge_segments(profession, verb, request, known, act, segments, decision)
            _refuse(await self._misplaced(work.connection, principal, profession, known, segments))
            if request.validate_only:
                return Outcome(None, None)
            outcome = Outcome(known.id, act.id)
            writer = LicenceWriter(work.connection, profession, scope, self.keys)
            await self._write_act(writer, principal, request, known, act, segments, decision, outcome)
            await work.commit()
        if orders_erasure(profession, verb, request.reason):
            await self.erasures.after(principal, act.id, profession.code)
        return outcome

    async def _misplaced(
        self,
        connection: AsyncConnection,
        principal: Principal,
        profession: Profession,
        known: Known,
        segments: list[Segment],
    ) -> list[Finding]:
        """What keeps the record that holds now from its place: another licence's values, another office's entry."""
        record = (on(segments, clock.today()) or segments[-1]).record
        findings = list(checks.office_findings(principal, profession, record))
        return findings + await taken(connection, self.keys, profession, known.scope, record, known.id)

    async def _write_act(
        self,
        writer: LicenceWriter,
        principal: Principal,
        request: ActRequest,
        known: Known,
        act: Act,
        segments: list[Segment],
        decision: Decision,
        outcome: Outcome,
    ) -> None:
        at = await record_instant(writer.connection, writer.scope)
        kept = self._remembered(principal, writer.profession, act.verb)
        await kept.recall(
            writer.connection, request
        )  # Another licence's act may have used the key meanwhile.
        await kept.remember(writer.connection, request, outcome, at)
        resulting = known.version + sum(1 for s in segments if known.kept(s) is None)
        writer.add_action(principal, known.id, known.secret, act.number, act.id, decision, at, resulting)
        if orders_erasure(writer.profession, act.verb, request.reason):
            writer.add(tables.number_erasure, action_id=act.id, licence_id=known.id, recorded_at=at)
        await writer.project(known, segments, at)
        present = on(segments, clock.japan_day(at)) or segments[-1]
        try:
            await writer.follow(known.id, present.record)
            await writer.flush()
        except IntegrityError as error:
            raise Refused(refusals.duplicate(writer.profession.plugin.number)) from error
        await standing.after_act(
            writer.connection, writer.profession, known.id, known.segments, segments, clock.japan_day(at), at
        )

    def _decide(self, profession: Profession, verb: Verb, request: ActRequest) -> Decision:
        """The request as a decision, every value read; raises Refused with all findings at once."""
        reading = validation.read(
            profession, checks.with_effects(profession, verb, request), self.codes.known
        )
        today = clock.today()
        findings = [
            *checks.request_findings(profession, verb, request, today, self.codes.known),
            *checks.at_request(profession, verb, request, reading.findings),
        ]
        findings += checks.delay_findings(profession, verb, request, today)
        _refuse(checks.once(findings))
        return Decision(
            verb,
            request.effective_date,
            request.legal_basis,
            reading.patch,
            {
                "reason": request.reason,
                "reason_text": request.reason_text,
                "delay_reason": request.delay_reason,
            },
            measures.order(verb, request),
            request.disposition,
        )

    def _judge(
        self,
        profession: Profession,
        verb: Verb,
        request: ActRequest,
        record: Record,
        previous: Record | None,
        decision: Decision,
    ) -> None:
        """Raise Refused where required items are missing or rules are broken."""
        findings = list(validation.missing(profession, record))
        findings += checks.record_findings(
            profession, record, previous, verb, request.effective_date, frozenset(decision.patch)
        )
        _refuse(findings)

    def _judge_segments(
        self,
        profession: Profession,
        verb: Verb,
        request: ActRequest,
        known: Known,
        act: Act,
        segments: list[Segment],
        decision: Decision,
    ) -> None:
        after = next(s for s in segments if s.act == act.id)
        before = on(known.segments, act.effective_date)
        if decision.patch:
            self._judge(profession, verb, request, after.record, before.record if before else None, decision)

    async def _earlier(
        self, principal: Principal, profession: Profession, request: ActRequest
    ) -> Outcome | None:
        """What an earlier registration under the same key led to."""
        async with self.database.read([self.scopes.of(profession.code)]) as connection:
            return await self._remembered(principal, profession, Verb.REGISTER).recall(connection, request)

    def _remembered(self, principal: Principal, profession: Profession, verb: Verb) -> Remembered:
        return Remembered(self.keys, profession.code, self.scopes.of(profession.code), principal, verb)

    async def _refuse_taken(self, profession: Profession, record: Record) -> None:
        """Refuse values that another licence has; the unique constraints decide a race."""
        scope = self.scopes.of(profession.code)
        async with self.database.read([scope]) as connection:
            _refuse(await taken(connection, self.keys, profession, scope, record))


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(*findings)
