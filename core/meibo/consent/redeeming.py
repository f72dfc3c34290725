"""Redeeming shares' tokens: uses are counted first, recorded next, told last."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from meibo import clock
from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.codes.service import CodeTables
from meibo.consent.requests import NOT_AVAILABLE, Recipient, Redemption, RedemptionOutcome, Use, UseOutcome
from meibo.consent.tokens import is_token
from meibo.consent.uses import Presented, Remember, Uses
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.professions.compiled import Profession
from meibo.registry.claims import certificate_claims, payload
from meibo.registry.numbers import NullNumberDesk
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import Scopes
from meibo.registry.selecting import Along, Wanted
from meibo.registry.views import Head

OPERATION = "redeem"
UNKNOWN = "unknown"
"""What the log says of a token that opens nothing and never did."""
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
    uses: Uses = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "uses", Uses(self.database, self.scopes, self.keys))

    async def redeem(self, token: str, recipient: Recipient) -> Redemption:
        """What a token shows to whoever presents it.

        A use is counted, durably, before anything is looked at, and the leaf is durable before anything is told.
        Unknown, used up, expired, withdrawn and meant for somebody else look alike. Raises AuditUnavailable.
        """
        [redemption] = await self.show(await self.use([token], recipient), recipient)
        return redemption

    async def use(
        self, tokens: Sequence[str], recipient: Recipient, remember: Remember | None = None
    ) -> list[Use | None]:
        """What came of presenting tokens together, in order, once it is durable; None for one that is unknown.

        `remember` goes into the same commit. Where it raises, it is unknown whether uses were counted.
        """
        named = await asyncio.gather(*(self.uses.named(token) for token in tokens if is_token(token)))
        found = iter(named)
        shares = [next(found) if is_token(token) else None for token in tokens]
        return await self.uses.count(Presented(shares, recipient.partner, remember))

    async def show(
        self, uses: Sequence[Use | None], recipient: Recipient, known_at: datetime | None = None
    ) -> list[Redemption]:
        """What uses show, once every leaf is durable; `known_at` shows it as it was known then.

        Raises AuditUnavailable, and then nothing may be told.
        """
        together: dict[str, list[Use]] = {}
        for use in uses:
            if use and use.outcome is UseOutcome.SHOWN:
                together.setdefault(use.share.profession, []).append(use)
        shown = {
            id(use): redemption
            for code, mine in together.items()
            for use, redemption in zip(mine, await self._read(mine, recipient, code, known_at), strict=True)
        }
        await self.audit.record(*(_leaf(use, recipient) for use in uses))
        return [shown.get(id(use), NOT_AVAILABLE) for use in uses]

    async def _read(
        self, uses: Sequence[Use], recipient: Recipient, code: str, known_at: datetime | None
    ) -> list[Redemption]:
        """The chosen claims of licences of one profession, as they are or were known."""
        profession, reader = self.scopes.host[code], self._reader(recipient, code)
        along = Along(code, _wanted(profession))
        day = clock.japan_day(known_at) if known_at else None
        heads = await reader.heads([use.share.licence for use in uses], day, known_at, along)
        present = [head for head in heads if head]
        groups = {each.group: await reader.groups(each.group, present, each.items) for each in along.groups}
        claims: dict[UUID, dict[str, Any]] = {}
        for place, head in enumerate(present):
            mine = {key: views[place] for key, views in groups.items()}
            claims[head.id], _ = payload(certificate_claims(profession, head, mine, self.codes))
        return [
            _redemption(use, head, claims[head.id] if head else {}, recipient)
            for use, head in zip(uses, heads, strict=True)
        ]

    def _reader(self, recipient: Recipient, code: str) -> Reader:
        """A reader of what holders consented to; the leaves of what it reads are written by `show`."""
        caller = _caller(recipient, code)
        log = ReadLog(self.audit, caller, OPERATION)
        return Reader(
            self.database, self.scopes, self.keys, self.codes, NullNumberDesk(), Guard(self.audit), caller, log
        )  # fmt: skip


def _wanted(profession: Profession) -> tuple[Wanted, ...]:
    """The items that the claims of a profession are made of, by group."""
    items: dict[str, set[str]] = {}
    for claim in profession.claims:
        for path in claim.paths:
            group, _, name = path.partition(".")
            items.setdefault(group, set()).add(name)
    return tuple(Wanted(group, frozenset(names)) for group, names in sorted(items.items()))


def _redemption(use: Use, head: Head | None, claims: dict[str, Any], recipient: Recipient) -> Redemption:
    """What the holder chose, as far as this recipient may be shown it at all."""
    code = use.share.profession
    chosen = [name for name in use.share.claims if recipient.may_see(code, name)]
    return Redemption(
        outcome=RedemptionOutcome.SHOWN,
        profession=code,
        standing=head.state if head else None,
        purpose=use.share.purpose,
        claims={name: claims[name] for name in chosen if name in claims},
        use=use,
    )


def _leaf(use: Use | None, recipient: Recipient) -> Leaf:
    """What is recorded of one token: its holder may know why it opened nothing, whoever presented it does not."""
    if use is None:
        return leaf(_caller(recipient), LeafKind.REFUSAL, OPERATION, None, outcome=UNKNOWN)
    code, subjects = use.share.profession, (use.share.pseudonym,)
    if use.outcome is not UseOutcome.SHOWN:
        return leaf(
            _caller(recipient, code), LeafKind.REFUSAL, OPERATION, code, outcome=use.outcome, subjects=subjects
        )  # fmt: skip
    return leaf(
        _caller(recipient, code), LeafKind.READ, OPERATION, code, purpose=use.share.purpose, subjects=subjects,
        count=1,
    )  # fmt: skip


def _caller(recipient: Recipient, *codes: str) -> Principal:
    account = recipient.partner or "link"
    return Principal(account, recipient.name, "verify", Surface.VERIFY, GRANTED, frozenset(codes))
