"""Counting uses: those of many callers in one durable commit, each once however many ask at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from meibo import clock
from meibo.consent.requests import Purpose, Use, UsedShare, UseOutcome
from meibo.consent.tables import share, share_use
from meibo.consent.tokens import token_macs
from meibo.crypto.keys import KeyProvider
from meibo.database.direct.reaches import Reach
from meibo.database.direct.scripts import Ask, Put, Script, merged
from meibo.database.direct.statements import Statement, among, given
from meibo.database.gathering import Gathering
from meibo.database.stores import Database
from meibo.register import tables
from meibo.registry.scopes import Scopes

MOST_FAILURES = 100
"""Uses of one share that showed nothing and are kept: whoever holds a link cannot fill the register."""
MOST_TOGETHER = 500
"""Tokens of several callers that are counted in one commit."""

_FACTS = (
    select(
        share.c.id, share.c.scope, share.c.licence_id, share.c.recipient, share.c.purpose, share.c.claims,
        share.c.expires_at, tables.licence.c.pseudonym,
    ).join(tables.licence, tables.licence.c.id == share.c.licence_id)
)  # fmt: skip
_BY_TOKEN = Statement(_FACTS.where(share.c.token_mac == given(share.c.token_mac, "token_mac")), brief=True)
_BY_IDS = Statement(_FACTS.where(among(share.c.id, "ids")))
_HELD = Statement(
    select(share.c.id, share.c.uses_left, share.c.withdrawn_at)
    .where(among(share.c.id, "ids"))
    .order_by(share.c.id)  # So that two who hold several never wait for each other.
    .with_for_update()
)
_COUNT = Statement(
    update(share)
    .where(share.c.id == given(share.c.id, "share"))
    .values(uses_left=share.c.uses_left - given(share.c.uses_left, "times"))
)
_FAILURES = Statement(
    select(share_use.c.share_id, func.count().label("count"))
    .where(among(share_use.c.share_id, "ids"), share_use.c.outcome != UseOutcome.SHOWN.value)
    .group_by(share_use.c.share_id)
)
_NOTE = Statement(insert(share_use).values({c.name: given(c, c.name) for c in share_use.c}))

Remember = Callable[[Sequence[Use | None], datetime], Put]
"""What else is kept in the commit that counts these uses."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Shares whose tokens somebody presents together, in order; None for an unknown token."""

    shares: Sequence[UsedShare | None]
    recipient: str | None
    remember: Remember | None = None


@dataclass(slots=True)
class Uses:
    """Counts the uses of one installation's shares."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    _gathering: Gathering[Presented, list[Use | None]] = field(init=False)

    def __post_init__(self) -> None:
        self._gathering = Gathering(self._together, MOST_TOGETHER, lambda presented: len(presented.shares))

    async def named(self, token: str) -> UsedShare | None:
        """The share of a token, whether it stands or not."""
        for mac in token_macs(self.keys, token):
            found = await self.database.fetch(_BY_TOKEN, self._reach, token_mac=mac)
            if found and found[0].scope in self.scopes.codes:
                return self._facts(found[0])
        return None

    async def shares(self, ids: Iterable[UUID]) -> dict[UUID, UsedShare]:
        """Shares by their ids."""
        found = await self.database.fetch(_BY_IDS, self._reach, ids=list(ids))
        return {row.id: self._facts(row) for row in found if row.scope in self.scopes.codes}

    async def count(self, presented: Presented) -> list[Use | None]:
        """What came of each token, once that is durable; where all are unknown there is nothing to count or remember.

        Where it raises, it is unknown whether uses were counted.
        """
        if not any(presented.shares):
            return [None] * len(presented.shares)
        return await self._gathering(presented)

    async def _together(self, batch: Sequence[Presented]) -> list[list[Use | None]]:
        return await self.database.play(_counted(batch), self._reach)

    @property
    def _reach(self) -> Reach:
        return Reach.of(self.scopes.numbers.values(), None)

    def _facts(self, row: Any) -> UsedShare:
        return UsedShare(
            id=row.id, scope=row.scope, profession=self.scopes.code(row.scope), licence=row.licence_id,
            pseudonym=row.pseudonym, recipient=row.recipient, purpose=Purpose(row.purpose),
            claims=tuple(row.claims.split()), expires_at=row.expires_at,
        )  # fmt: skip


def _counted(batch: Sequence[Presented]) -> Script[list[list[Use | None]]]:
    """Judge every token in order, under the locks of their shares; count, note, and remember."""
    ids = {found.id for presented in batch for found in presented.shares if found}
    held = (yield Ask(_HELD, {"ids": ids})) if ids else []
    at, left = clock.now(), {row.id: 0 if row.withdrawn_at else row.uses_left for row in held}
    withdrawn = {row.id for row in held if row.withdrawn_at}
    judged = [[_judged(each, found, left, withdrawn, at) for found in each.shares] for each in batch]
    uses = [(use, presented) for presented, found in zip(batch, judged, strict=True) for use in found if use]
    counted = Counter(use.share.id for use, _ in uses if use.outcome is UseOutcome.SHOWN)
    if counted:
        yield Put(_COUNT, [{"share": id, "times": times} for id, times in counted.items()])
    failed = {use.share.id for use, _ in uses if use.outcome is not UseOutcome.SHOWN}
    failures = (yield Ask(_FAILURES, {"ids": failed})) if failed else []
    if noted := _noted(uses, {row.share_id: row.count for row in failures}):
        yield Put(_NOTE, noted)
    pairs = zip(batch, judged, strict=True)
    yield from merged(each.remember(found, at) for each, found in pairs if each.remember)
    return judged


def _judged(
    presented: Presented, found: UsedShare | None, left: dict[UUID, int], withdrawn: set[UUID], at: datetime
) -> Use | None:
    """What comes of one token; takes a use from what is left where it shows something."""
    if found is None or found.id not in left:
        return None
    outcome = UseOutcome.SHOWN
    if found.id in withdrawn:
        outcome = UseOutcome.WITHDRAWN
    elif at >= found.expires_at:
        outcome = UseOutcome.EXPIRED
    elif left[found.id] <= 0:
        outcome = UseOutcome.USED_UP
    elif found.recipient not in (None, presented.recipient):
        outcome = UseOutcome.OTHER_RECIPIENT
    else:
        left[found.id] -= 1
    return Use(share=found, outcome=outcome, at=at)


def _noted(uses: Sequence[tuple[Use, Presented]], failures: Mapping[UUID, int]) -> list[dict[str, Any]]:
    """The rows that tell the holder; failures only so often."""
    count, rows = Counter(failures), []
    for place, (use, presented) in enumerate(uses):
        if use.outcome is not UseOutcome.SHOWN:
            count[use.share.id] += 1
            if count[use.share.id] > MOST_FAILURES:
                continue
        rows.append({
            "id": uuid4(), "scope": use.share.scope, "licence_id": use.share.licence, "share_id": use.share.id,
            "recipient": presented.recipient, "outcome": use.outcome.value,
            "used_at": use.at + timedelta(microseconds=place),  # One instant would group a person's licences.
        })  # fmt: skip
    return rows
