"""Sharing as the holder of a licence does it: made, withdrawn, looked back on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.consent import checks, rows
from meibo.consent.requests import ANYBODY, Recipient, Recipients, Share, ShareRequest, ShareUse
from meibo.consent.tokens import new_token, token_mac
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import NotFound, Refused
from meibo.registry.scopes import Scopes
from meibo.registry.views import Head


@dataclass(frozen=True, slots=True)
class Consents:
    """The shares of one installation's licences."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    audit: AuditLog
    recipients: Recipients

    async def share(
        self, holder: Principal, head: Head, request: ShareRequest, offered: Collection[str]
    ) -> tuple[Share, str]:
        """Make a share of the holder's licence; gives it with its token, which nobody sees again.

        `holder` is the licence's own holder, and `offered` the claims that its certificate shows today. Raises Refused
        with every finding, and AuditUnavailable; then nothing is stored.
        """
        at = clock.now()
        if not offered:
            raise Refused(checks.does_not_stand())
        named = await self._named(request.recipient)
        if found := list(checks.findings(request, head.profession, offered, named, at)):
            raise Refused(*found)
        await self._note(holder, LeafKind.INTENT, "share", head.profession, head.pseudonym)
        scope, token = self.scopes.of(head.profession), new_token()
        async with self.database.write([scope]) as work:
            if await rows.standing(work.connection, head.id, at) >= checks.MOST_SHARES:
                raise Refused(checks.too_many())
            mac = token_mac(self.keys, token)
            id = await rows.add_share(work.connection, scope, request, mac, at)
            await rows.add_consent(work.connection, id, "given", request.text_version, request.language, at)
            await work.commit()
        await self._note(holder, LeafKind.DONE, "share", head.profession, head.pseudonym)
        [made] = [share for share in await self.shares([head]) if share.id == id]
        return made, token

    async def withdraw(
        self, holder: Principal, head: Head, id: UUID, text_version: str, language: str
    ) -> Share:
        """Withdraw a share of the holder's licence; again is no harm. Raises NotFound, AuditUnavailable."""
        if not any(share.id == id for share in await self.shares([head])):
            raise NotFound("share")
        await self._note(holder, LeafKind.INTENT, "share.withdraw", head.profession, head.pseudonym)
        at = clock.now()
        async with self.database.write([self.scopes.of(head.profession)]) as work:
            if await rows.withdraw(work.connection, id, at):
                await rows.add_consent(work.connection, id, "withdrawn", text_version, language, at)
                await work.commit()
        await self._note(holder, LeafKind.DONE, "share.withdraw", head.profession, head.pseudonym)
        [withdrawn] = [share for share in await self.shares([head]) if share.id == id]
        return withdrawn

    async def shares(self, heads: Sequence[Head]) -> list[Share]:
        """The shares of licences, the newest first."""
        professions = {head.id: head.profession for head in heads}
        scope = {self.scopes.of(code) for code in professions.values()}
        async with self.database.read(scope) as connection:
            found = await rows.shares_of(connection, professions)
        return [rows.share_of(row, professions[row.licence_id]) for row in found]

    async def uses(self, shares: Sequence[Share]) -> list[list[ShareUse]]:
        """The uses of each share, the newest first."""
        scope = {self.scopes.of(share.profession) for share in shares}
        async with self.database.read(scope) as connection:
            found = await rows.uses_of(connection, [share.id for share in shares])
        return [found.get(share.id, []) for share in shares]

    async def _named(self, id: str | None) -> Recipient | None:
        return ANYBODY if id is None else await self.recipients.recipient(id)

    async def _note(self, holder: Principal, kind: LeafKind, operation: str, code: str, subject: str) -> None:
        await self.audit.record(leaf(holder, kind, operation, code, subjects=(subject,)))
