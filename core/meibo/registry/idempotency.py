"""An act asked for twice under one key is done once: the first outcome is remembered for seven days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider, mac
from meibo.errors import Refused
from meibo.register.fold import Verb
from meibo.register.tables import idempotency as kept
from meibo.registry import refusals
from meibo.registry.requests import ActRequest, Outcome

DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The keys of one caller's verb in one profession. Hashes are keyed per profession, so that a caller who
    uses one key for two registers links nothing."""

    keys: KeyProvider
    profession: str
    scope: int
    principal: Principal
    verb: Verb

    async def recall(self, connection: AsyncConnection, request: ActRequest) -> Outcome | None:
        """What the key led to before; raises Refused where it stood for another body."""
        row = kept.c
        statement = select(row.body_mac, row.licence_id, row.action_id).where(
            row.scope == self.scope,
            row.account == self.principal.account,
            row.verb == self.verb,
            row.key_hash == self._mac(request.key()),
            row.recorded_at > clock.now() - DAYS,
        )
        found = (await connection.execute(statement)).one_or_none()
        if found is None:
            return None
        if found.body_mac != self._mac(request.body()):
            raise Refused(refusals.key_reused())
        return Outcome(found.licence_id, found.action_id)

    async def remember(
        self, connection: AsyncConnection, request: ActRequest, outcome: Outcome, at: datetime
    ) -> None:
        """Keep the outcome, and forget what is older than seven days."""
        old = delete(kept).where(kept.c.scope == self.scope, kept.c.recorded_at <= at - DAYS)
        await connection.execute(old)
        row = {
            "scope": self.scope,
            "account": self.principal.account,
            "verb": self.verb,
            "key_hash": self._mac(request.key()),
            "body_mac": self._mac(request.body()),
            "licence_id": outcome.licence,
            "action_id": outcome.action,
            "recorded_at": at,
        }
        await connection.execute(insert(kept), row)

    def _mac(self, message: bytes) -> bytes:
        return mac(self.keys.newest(f"idempotency/{self.profession}"), message)
