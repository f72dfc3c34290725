"""The office's verbs on partners. Each is one service call: permission, checks, one unit of work, one action."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider, mac
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, InvalidValue, NotFound, Refused
from meibo.partners import rows
from meibo.partners.applications import LONGEST_TEXT, Application, finding
from meibo.partners.callers import Callers
from meibo.partners.keys import read_keys
from meibo.partners.records import Jwk, Partner, PartnerAction, PartnerState, PartnerVerb
from meibo.partners.transitions import changed
from meibo.professions.compiled import Profession
from meibo.registry import refusals

IDEMPOTENCY_DAYS = timedelta(days=7)
ID_BYTES = 10
PERMISSIONS: Mapping[PartnerVerb, Permission] = {
    PartnerVerb.APPLY: Permission.PARTNER_APPLY,
    PartnerVerb.PROPOSE_KEYS: Permission.PARTNER_APPLY,
    PartnerVerb.APPROVE: Permission.PARTNER_APPROVE,
    PartnerVerb.LIFT_SUSPENSION: Permission.PARTNER_APPROVE,
    PartnerVerb.SUSPEND: Permission.PARTNER_SUSPEND,
    PartnerVerb.END: Permission.PARTNER_SUSPEND,
}
"""What each verb demands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRequest:
    """One act on a partner: `expected_version` is the one that the caller looked at; `jwks` are new keys."""

    idempotency_key: str
    reason: str
    partner: str = ""
    expected_version: int | None = None
    jwks: Mapping[str, Any] | None = None
    validate_only: bool = False

    def body(self) -> bytes:
        """What the idempotency key stands for."""
        return json.dumps(asdict(self) | {"idempotency_key": None}, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Partners:
    """The partners of one installation; `offered` are the claims that its professions' certificates show."""

    database: Database
    keys: KeyProvider
    guard: Guard
    offered: frozenset[str]
    callers: Callers

    async def calling(self, id: str) -> Partner:
        """The partner that calls; raises Unauthenticated where it may not."""
        return await self.callers.calling(id)

    async def partners(self, principal: Principal) -> list[Partner]:
        """Every partner, by name. Raises Forbidden."""
        await self.guard.demand(principal, Permission.PARTNER_READ, "partners")
        async with self.database.read() as connection:
            return await rows.all_partners(connection)

    async def partner(self, principal: Principal, id: str) -> Partner | None:
        """The partner of an id; None where there is none. Raises Forbidden."""
        await self.guard.demand(principal, Permission.PARTNER_READ, "partner")
        async with self.database.read() as connection:
            return await rows.find(connection, id)

    async def actions(self, principal: Principal, id: str) -> list[PartnerAction]:
        """What was done to a partner, oldest first. Raises Forbidden."""
        await self.guard.demand(principal, Permission.PARTNER_READ, "partner")
        async with self.database.read() as connection:
            return await rows.actions_of(connection, id)

    async def apply(
        self, principal: Principal, application: Application, request: ActRequest
    ) -> Partner | None:
        """Enter a partner that waits for a second person; None where it was only validated.

        Raises Forbidden, and Refused with every finding; then nothing is stored.
        """
        verb = PartnerVerb.APPLY
        async with self._judging(principal, verb):
            findings = [*application.findings(self.offered, clock.today()), *_reason_findings(request.reason)]
            if findings:
                raise Refused(*findings)
            body = request.body() + json.dumps(asdict(application), default=str, sort_keys=True).encode()

            async def enter(_connection: AsyncConnection) -> Partner:
                return _applied(application)

            return await self._do(principal, verb, request, body, enter)

    async def act(self, principal: Principal, verb: PartnerVerb, request: ActRequest) -> Partner | None:
        """Do one of the other verbs; gives the partner as it is then, None where it was only validated.

        Whoever applied, or proposed the keys that wait, approves nothing of it. Raises Forbidden, and Refused with
        every finding; then nothing is stored.
        """
        async with self._judging(principal, verb):
            if findings := list(_reason_findings(request.reason)):
                raise Refused(*findings)
            keys = _new_keys(request.jwks) if verb is PartnerVerb.PROPOSE_KEYS else ()

            async def change(connection: AsyncConnection) -> Partner:
                found = await rows.find(connection, request.partner)
                if found is None:
                    raise Refused(_unknown())
                if request.expected_version not in (None, found.version):
                    raise Refused(_stale())
                after = changed(found, verb, keys, clock.today())
                if verb is PartnerVerb.APPROVE:
                    _demand_second(principal, await rows.actions_of(connection, found.id))
                return after

            return await self._do(principal, verb, request, request.body(), change)

    @asynccontextmanager
    async def _judging(self, principal: Principal, verb: PartnerVerb) -> AsyncIterator[None]:
        """Demand the verb's permission, and leave a leaf of a refusal before it is told."""
        operation = f"partner.{verb}"
        await self.guard.demand(principal, PERMISSIONS[verb], operation)
        try:
            yield
        except Refused as error:
            await self.guard.refused(principal, operation, None, error.findings[0].rule)
            raise

    async def _do(
        self,
        principal: Principal,
        verb: PartnerVerb,
        request: ActRequest,
        body: bytes,
        change: Callable[[AsyncConnection], Any],
    ) -> Partner | None:
        """Write what `change` makes, with its action: once under one idempotency key."""
        hashes = self._mac(request.idempotency_key.encode("utf-8", "surrogatepass")), self._mac(body)
        async with self.database.write() as work:
            # The instant comes first: it makes every writer wait, so that what is read here stays so.
            at = await record_instant(work.connection)
            since = at - IDEMPOTENCY_DAYS
            before = await rows.asked_before(work.connection, principal.account, verb, hashes[0], since)
            if before is not None:
                if before.body_mac != hashes[1]:
                    raise Refused(refusals.key_reused())
                return await rows.find(work.connection, before.partner_id)
            new: Partner = await change(work.connection)
            if request.validate_only:
                return None
            await rows.write(work.connection, new)
            await rows.add_action(
                work.connection, principal, verb, new, reason=request.reason, at=at, hashes=hashes
            )
            await work.commit()
        self.callers.forget(new.id)
        return new

    def _mac(self, message: bytes) -> bytes:
        return mac(self.keys.newest("idempotency/partners"), message)


def claims_offered(professions: Collection[Profession]) -> frozenset[str]:
    """What a partner may be shown at most: each claim by its name, and by its profession's."""
    named = {(profession.code, claim.name) for profession in professions for claim in profession.claims}
    return frozenset(name for code, claim in named for name in (claim, f"{code}.{claim}"))


def _applied(application: Application) -> Partner:
    """A new partner under an id that tells nothing."""
    return Partner(
        id="p-" + secrets.token_hex(ID_BYTES), version=1, state=PartnerState.APPLIED, name=application.name,
        corporate_number=application.corporate_number, purpose=application.purpose,
        claims=tuple(application.claims), binding=application.binding, keys=read_keys(application.jwks),
        certificate_thumbprint=application.certificate_thumbprint, addresses=tuple(application.addresses),
        contact=application.contact, expiry_date=application.expiry_date,
    )  # fmt: skip


def _new_keys(jwks: Mapping[str, Any] | None) -> tuple[Jwk, ...]:
    try:
        return read_keys(jwks or {})
    except InvalidValue as error:
        raise Refused(finding("jwks", error.ja, error.en, rule=error.rule)) from None


def _demand_second(principal: Principal, actions: Sequence[PartnerAction]) -> None:
    if principal.account in rows.authors(actions):
        raise Refused(
            finding(
                "partner_id",
                "申請や鍵の登録をした方は承認できません。別の方が承認してください。",
                "Whoever applied for it or proposed its keys does not approve it: let somebody else do that.",
                FindingCode.NEEDS_SECOND_PERSON,
                "partner.second_person",
            )
        )


def _reason_findings(reason: str) -> list[Finding]:
    if reason.strip() and len(reason) <= LONGEST_TEXT and reason.isprintable():
        return []
    return [
        finding(
            "reason",
            f"理由を{LONGEST_TEXT}字以内で記入してください。個人の情報は書かないでください。",
            f"Give a reason in 1 to {LONGEST_TEXT} characters on one line; name no person.",
            FindingCode.INVALID_VALUE if reason.strip() else FindingCode.REQUIRED,
        )
    ]


def _unknown() -> Finding:
    error = NotFound("partner")
    return finding("partner_id", error.ja, error.en, FindingCode.NOT_FOUND, "partner.unknown")


def _stale() -> Finding:
    return finding(
        "expected_version",
        "他の方が先に変更しました。最新の内容を確認してください。",
        "Somebody changed this partner first. Look at it as it is now and try again.",
        FindingCode.STALE_VERSION,
        "partner.stale_version",
    )
