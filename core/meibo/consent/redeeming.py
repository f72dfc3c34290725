"""Redeeming a share's token: counted first, recorded next, told last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.audit.log import AuditLog
from meibo.codes.service import CodeTables
from meibo.consent import rows
from meibo.consent.requests import (
    NOT_AVAILABLE,
    Purpose,
    Recipient,
    Redemption,
    RedemptionOutcome,
    Share,
    UseOutcome,
)
from meibo.consent.tokens import is_token, token_macs
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.registry.claims import certificate_claims, claim_groups, payload
from meibo.registry.guard import Guard
from meibo.registry.numbers import NullNumberDesk
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import Scopes
from meibo.registry.views import Head

OPERATION = "redeem"
GRANTED = frozenset({Permission.LICENCE_READ, Permission.PERSONAL_READ})
"""What a reader is told to let through; the holder's consent narrows it to the claims of one licence."""


@dataclass(frozen=True, slots=True)
class Redemptions:
    """Redeems the tokens of one installation's shares."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    codes: CodeTables
    audit: AuditLog

    async def redeem(self, token: str, recipient: Recipient) -> Redemption:
        """What a token shows to whoever presents it.

        A use is counted, durably, before anything is looked at, and the leaf is durable before anything is told.
        Unknown, used up, expired, withdrawn and meant for somebody else look alike. Raises AuditUnavailable.
        """
        row = await self._use(token, recipient) if is_token(token) else None
        if row is None:
            return NOT_AVAILABLE
        code, purpose = self.scopes.code(row.scope), Purpose(row.purpose)
        reader = self._reader(recipient, code, purpose)
        [head] = await reader.heads([row.licence_id])
        claims = await self._shown(reader, head, row.claims.split()) if head else {}
        await reader.log.write()
        standing = head.state if head else None
        return Redemption(
            outcome=RedemptionOutcome.SHOWN,
            profession=code,
            standing=standing,
            purpose=purpose,
            claims=claims,
        )

    async def _use(self, token: str, recipient: Recipient) -> Row[Any] | None:
        """The share whose use was counted; None where there is none. Its holder learns of both."""
        at, macs = clock.now(), token_macs(self.keys, token)
        async with self.database.write(self.scopes.numbers.values()) as work:
            row = await rows.use(work.connection, macs, recipient.partner, at)
            named = row or await rows.named_by(work.connection, macs)
            if named is None:
                return None
            outcome = UseOutcome.SHOWN if row else why_not(rows.share_of(named, ""), at)
            await rows.note_use(work.connection, named, recipient.partner, outcome, at)
            await work.commit()
        if row is None:
            await self._refused(named, recipient, outcome)
        return row

    async def _refused(self, named: Row[Any], recipient: Recipient, outcome: UseOutcome) -> None:
        """Record that a share opened nothing, and why: its holder may know, whoever presented it does not."""
        code = self.scopes.code(named.scope)
        async with self.database.read([named.scope]) as connection:
            pseudonym = await rows.pseudonym_of(connection, named.licence_id)
        await Guard(self.audit).refused(_caller(recipient, code), OPERATION, code, outcome, (pseudonym,))

    async def _shown(self, reader: Reader, head: Head, chosen: Sequence[str]) -> dict[str, Any]:
        """The chosen claims of a licence as they are now; none where it does not stand."""
        profession = self.scopes.host[head.profession]
        groups = {key: (await reader.groups(key, [head]))[0] for key in claim_groups(profession)}
        claims, _ = payload(certificate_claims(profession, head, groups, self.codes))
        return {name: claims[name] for name in chosen if name in claims}

    def _reader(self, recipient: Recipient, code: str, purpose: Purpose) -> Reader:
        """A reader of what the holder consented to; its leaf says who looks, and what for."""
        caller = _caller(recipient, code)
        log = ReadLog(self.audit, caller, OPERATION, purpose=purpose)
        return Reader(
            self.database,
            self.scopes,
            self.keys,
            self.codes,
            NullNumberDesk(),
            Guard(self.audit),
            caller,
            log,
        )


def why_not(share: Share, at: datetime) -> UseOutcome:
    """Why a share opened nothing."""
    if share.withdrawn_at is not None:
        return UseOutcome.WITHDRAWN
    if at >= share.expires_at:
        return UseOutcome.EXPIRED
    return UseOutcome.OTHER_RECIPIENT if share.uses_left else UseOutcome.USED_UP


def _caller(recipient: Recipient, code: str) -> Principal:
    account = recipient.partner or "link"
    return Principal(account, recipient.name, "verify", Surface.VERIFY, GRANTED, frozenset({code}))
