"""The office's verbs. Each is one service call: permission, checks, one unit of work, one action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider, mac
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, MeiboError, NotFound, Refused, StaleVersion
from meibo.identity import Identity, Linked, parse_number
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import tables, validation
from meibo.register.fold import Act, Segment, Verb, fold, on, patched
from meibo.register.opening import open_licence
from meibo.register.sealing import place, seal_json
from meibo.register.writing import Decision, Known, LicenceWriter, StoredVersion
from meibo.registry import checks
from meibo.registry.guard import Guard
from meibo.registry.requests import ActRequest, Outcome
from meibo.registry.scopes import Scopes
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

    async def register(self, principal: Principal, code: str, request: ActRequest) -> Outcome:
        """Enter a new licence. With numbers, the vault takes them first; see `Identity.enrol` for the order.

        Raises Forbidden, or Refused with every finding; then nothing is stored in either store.
        """
        profession = await self._permitted(principal, Verb.REGISTER, code)
        return await self._leaving_leaf(
            principal, Verb.REGISTER, code, self._register(principal, profession, request)
        )

    async def act(self, principal: Principal, verb: Verb, request: ActRequest) -> Outcome:
        """Any verb upon a licence that stands in the register.

        Raises Forbidden, NotFound (none, or out of scope), StaleVersion, or Refused; then nothing is stored.
        """
        code = await self.scopes.profession_of(self.database, principal, request.licence)
        if code is None:
            await self.guard.refused(principal, verb, None, NotFound.code)
            raise Refused(_no_licence())
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
        _refuse(_number_findings(profession, request))
        record = patched(profession.empty(), decision.patch)
        self._judge(profession, Verb.REGISTER, request, record, None, decision)
        earlier = await self._earlier(principal, profession, Verb.REGISTER, request)
        if earlier:
            return earlier
        if request.validate_only:
            await self._refuse_taken(profession, record)
            return Outcome(None, None)
        pseudonym = new_licence_pseudonym()

        async def commit(linked: Linked) -> Outcome:
            return await self._enter(principal, profession, request, decision, record, pseudonym, linked)

        await self._refuse_taken(profession, record)
        return await self.identity.enrol(
            principal, profession=profession.code, file=profession.file, pseudonym=pseudonym,
            numbers=request.numbers, verified_by=request.verified_by, operation=Verb.REGISTER, commit=commit,
        )  # fmt: skip

    async def _enter(
        self, principal: Principal, profession: Profession, request: ActRequest, decision: Decision, record: Record,
        pseudonym: LicencePseudonym, linked: Linked,
    ) -> Outcome:  # fmt: skip
        """The register's own part of a registration: one unit of work."""
        scope = self.scopes.of(profession.code)
        async with self.database.write([scope]) as work:
            writer = LicenceWriter(work.connection, profession, scope, self.keys)
            outcome = Outcome(uuid4(), uuid4())
            at = await record_instant(work.connection)
            await self._remember(work.connection, scope, principal, Verb.REGISTER, request, outcome, at)
            add_entry(writer, principal, decision, record, outcome, pseudonym, linked.alias, at)
            try:
                await writer.flush()
            except IntegrityError as error:
                raise Refused(_duplicate(profession.plugin.number)) from error
            await work.commit()
        return outcome

    async def _act(
        self, principal: Principal, verb: Verb, profession: Profession, request: ActRequest
    ) -> Outcome:
        scope = self.scopes.of(profession.code)
        async with self.database.write([scope]) as work:
            assert request.licence is not None  # `act` found its profession
            known = await open_licence(work.connection, profession, self.keys, request.licence, lock=True)
            if known is None:
                raise Refused(_no_licence())
            earlier = await self._recall(work.connection, scope, principal, verb, request)
            if earlier:
                return earlier
            if request.expected_version != known.version:
                raise StaleVersion
            decision = self._decide(profession, verb, request)
            act = Act(
                uuid4(), len(known.acts) + 1, verb, decision.effective_date, decision.patch, decision.end_date
            )
            segments = fold(profession.empty(), [*known.acts, act])
            self._judge_segments(profession, verb, request, known, act, segments, decision)
            if request.validate_only:
                return Outcome(None, None)
            outcome = Outcome(known.id, act.id)
            writer = LicenceWriter(work.connection, profession, scope, self.keys)
            await self._write_act(writer, principal, request, known, act, segments, decision, outcome)
            await work.commit()
        return outcome

    async def _write_act(
        self, writer: LicenceWriter, principal: Principal, request: ActRequest, known: Known, act: Act,
        segments: list[Segment], decision: Decision, outcome: Outcome,
    ) -> None:  # fmt: skip
        at = await record_instant(writer.connection)
        await self._remember(writer.connection, writer.scope, principal, act.verb, request, outcome, at)
        resulting = known.version + sum(1 for s in segments if known.kept(s) is None)
        writer.add_action(principal, known.id, known.secret, act.number, act.id, decision, at, resulting)
        if decision.details.get("disposition"):
            add_disposition(writer, known.id, known.secret, act.id, decision.details["disposition"], at)
        await writer.project(known, segments, at)
        present = on(segments, clock.japan_day(at)) or segments[-1]
        await writer.rename(known.id, present.record)
        await writer.replace_search_keys(known.id, present.record)
        try:
            await writer.flush()
        except IntegrityError as error:
            raise Refused(_duplicate(writer.profession.plugin.number)) from error

    def _decide(self, profession: Profession, verb: Verb, request: ActRequest) -> Decision:
        """The request as a decision, every value read; raises Refused with all findings at once."""
        reading = validation.read(profession, _with_effects(profession, verb, request), self.codes.known)
        today = clock.today()
        findings = [
            *checks.request_findings(profession, verb, request, today, self.codes.known),
            *reading.findings,
        ]
        findings += checks.delay_findings(profession, verb, request, today)
        _refuse(findings)
        return Decision(
            verb,
            request.effective_date,
            request.legal_basis,
            reading.patch,
            _details(verb, request),
            request.end_date,
        )

    def _judge(
        self, profession: Profession, verb: Verb, request: ActRequest, record: Record, previous: Record | None,
        decision: Decision,
    ) -> None:  # fmt: skip
        """Raise Refused where required items are missing or rules are broken."""
        findings = list(validation.missing(profession, record))
        findings += checks.record_findings(
            profession, record, previous, verb, request.effective_date, frozenset(decision.patch)
        )
        _refuse(findings)

    def _judge_segments(
        self, profession: Profession, verb: Verb, request: ActRequest, known: Known, act: Act,
        segments: list[Segment], decision: Decision,
    ) -> None:  # fmt: skip
        after = next(s for s in segments if s.act == act.id)
        before = on(known.segments, act.effective_date)
        if decision.patch:
            self._judge(profession, verb, request, after.record, before and before.record, decision)

    async def _earlier(
        self, principal: Principal, profession: Profession, verb: Verb, request: ActRequest
    ) -> Outcome | None:
        scope = self.scopes.of(profession.code)
        async with self.database.read([scope]) as connection:
            return await self._recall(connection, scope, principal, verb, request)

    async def _recall(
        self, connection: AsyncConnection, scope: int, principal: Principal, verb: Verb, request: ActRequest
    ) -> Outcome | None:
        """What the key led to before; raises Refused where it stood for another body."""
        kept = tables.idempotency.c
        statement = select(tables.idempotency).where(
            kept.scope == scope, kept.account == principal.account, kept.verb == verb,
            kept.key_hash == self._mac(request.key()),
            kept.recorded_at > clock.now() - timedelta(days=IDEMPOTENCY_DAYS),
        )  # fmt: skip
        row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        if row.body_mac != self._mac(request.body()):
            raise Refused(_key_reused())
        return Outcome(row.licence_id, row.action_id)

    async def _remember(
        self, connection: AsyncConnection, scope: int, principal: Principal, verb: Verb, request: ActRequest,
        outcome: Outcome, at: Any,
    ) -> None:  # fmt: skip
        kept = tables.idempotency
        await connection.execute(
            delete(kept).where(
                kept.c.scope == scope, kept.c.recorded_at <= at - timedelta(days=IDEMPOTENCY_DAYS)
            )
        )
        row = {
            "scope": scope, "account": principal.account, "verb": verb,
            "key_hash": self._mac(request.key()), "body_mac": self._mac(request.body()),
            "licence_id": outcome.licence, "action_id": outcome.action, "recorded_at": at,
        }  # fmt: skip
        try:
            await connection.execute(insert(kept), row)
        except IntegrityError as error:
            raise Refused(_key_reused()) from error

    def _mac(self, message: bytes) -> bytes:
        return mac(self.keys.newest("idempotency"), message)

    async def _refuse_taken(self, profession: Profession, record: Record) -> None:
        """Refuse a register number that stands already; the unique constraint decides a race."""
        scope = self.scopes.of(profession.code)
        number = str(record.value(profession.plugin.number) or "")
        statement = select(tables.licence.c.id).where(
            tables.licence.c.scope == scope, tables.licence.c.number_key == tables.number_key(number)
        )
        async with self.database.read([scope]) as connection:
            if (await connection.execute(statement)).first():
                raise Refused(_duplicate(profession.plugin.number))


def add_entry(
    writer: LicenceWriter, principal: Principal, decision: Decision, record: Record, outcome: Outcome,
    pseudonym: str, alias: str, at: Any,
) -> None:  # fmt: skip
    """Queue every row of a first entry; an import queues many."""
    licence, act = outcome.licence, outcome.action
    assert licence is not None and act is not None
    number = str(record.value(writer.profession.plugin.number))
    secret = writer.add_licence(licence, pseudonym, alias, "", number, at, version=1)
    writer.add_action(principal, licence, secret, 1, act, decision, at, 1)
    [segment] = fold(
        writer.profession.empty(), [Act(act, 1, Verb.REGISTER, decision.effective_date, decision.patch)]
    )
    stored = StoredVersion(uuid4(), 1, 1)
    writer.add_version(licence, secret, stored, segment, at)
    writer.add_span(licence, stored.id, segment.start, None, at)
    writer.add_search_keys(licence, record)


def add_disposition(
    writer: LicenceWriter, licence: UUID, secret: bytes, act: UUID, told: Mapping[str, Any], at: Any
) -> None:
    """Queue the record of a measure."""
    row = uuid4()
    where = place("disposition", licence, row.hex, "core")
    writer.add(
        tables.disposition, id=row, licence_id=licence, action_id=act, recorded_at=at,
        sealed=seal_json(secret, told, where),
    )  # fmt: skip


def _with_effects(profession: Profession, verb: Verb, request: ActRequest) -> dict[str, dict[str, Any]]:
    """The raw values with the items that the verb sets by itself, where the caller gave none, and those it clears."""
    filled = {key: dict(values) for key, values in request.values.items()}
    effect = profession.plugin.effects.get(verb)
    if effect is None:
        return filled
    given: list[tuple[str, object]] = [(effect.date, request.effective_date), (effect.reason, request.reason)]
    given += [(effect.text, request.reason_text)] if request.reason_text else []
    for path, value in [*given, *((path, None) for path in effect.clears)]:
        key, _, name = path.partition(".")
        if path:
            filled.setdefault(key, {}).setdefault(name, value)
    return filled


def _details(verb: Verb, request: ActRequest) -> dict[str, Any]:
    """What is sealed with the action."""
    details: dict[str, Any] = {
        "reason": request.reason, "reason_text": request.reason_text, "delay_reason": request.delay_reason,
    }  # fmt: skip
    if verb in (Verb.SUSPEND, Verb.REVOKE):
        details["disposition"] = {
            "kind": request.kind, "order_number": request.order_number,
            "ordered_date": request.effective_date.isoformat(), "start_date": request.effective_date.isoformat(),
            "end_date": request.end_date.isoformat() if request.end_date else None,
        }  # fmt: skip
    return details


def _number_findings(profession: Profession, request: ActRequest) -> list[Finding]:
    """Numbers are read before anything is stored; a profession without legal basis takes none."""
    findings = []
    if request.numbers and not profession.keeps_numbers:
        findings.append(
            Finding(
                ("number",),
                "この資格では番号を扱いません。",
                "This profession keeps no numbers.",
                FindingCode.INVALID_VALUE,
                "number.none",
            )
        )
    if request.numbers and request.verified_by is None:
        findings.append(
            Finding(
                ("verified_by",),
                "本人確認の方法を指定してください。",
                "Say how the person was identified.",
                FindingCode.REQUIRED,
                "number.verified_by",
            )
        )
    for kind, number in request.numbers.items():
        try:
            parse_number(kind, number)
        except MeiboError as error:
            findings.append(
                Finding(
                    ("number",), error.ja, error.en, FindingCode.INVALID_VALUE, getattr(error, "rule", "")
                )
            )
    return findings


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(*findings)


def _no_licence() -> Finding:
    return Finding(
        ("licence_id",),
        "該当する登録がありません。",
        "There is no such licence.",
        FindingCode.NOT_FOUND,
        "licence.unknown",
    )


def _duplicate(path: str) -> Finding:
    return Finding(
        tuple(path.split(".")), "同じ値の登録が既にあります。", "Another licence has this value already.",
        FindingCode.DUPLICATE, "item.unique",
    )  # fmt: skip


def _key_reused() -> Finding:
    return Finding(
        ("idempotency_key",), "このキーは別の内容で使用済みです。", "This key stood for another request: use a new one.",
        FindingCode.IDEMPOTENCY_KEY_REUSED, "act.key_reused",
    )  # fmt: skip
