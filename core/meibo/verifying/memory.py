"""A request sent again under its key leads to the same outcomes, and uses nothing up a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, insert, select

from meibo import clock
from meibo.certificates.encoding import encode
from meibo.certificates.tables import verification
from meibo.consent import Recipient
from meibo.crypto.keys import KeyProvider, derive, mac, seal, unseal
from meibo.database.direct.scripts import Put, Script
from meibo.database.direct.statements import Statement, given
from meibo.database.gathering import Gathering
from meibo.database.stores import Database
from meibo.errors import Refused
from meibo.registry import refusals
from meibo.verifying.requests import Shown

KEY = "verifications"
DAYS = timedelta(days=7)
"""How long a key is remembered."""
SWEEP = timedelta(hours=1)
MOST_TOGETHER = 100
Row = Mapping[str, Any]
_row = verification.c
_RECALL = Statement(
    select(_row.body_mac, _row.sealed).where(
        _row.id == given(_row.id, "id"), _row.recorded_at > given(_row.recorded_at, "since")
    ),
    brief=True,
)
_KEEP = Statement(insert(verification).values({c.name: given(c, c.name) for c in _row}))
_FORGET = Statement(delete(verification).where(_row.recorded_at <= given(_row.recorded_at, "until")))


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One request of a partner: its name in the table, what its body hashes to, what seals its facts."""

    id: str
    body_mac: bytes
    secret: bytes = field(repr=False)


@dataclass(slots=True)
class Memory:
    """The requests of partners, for seven days."""

    database: Database
    keys: KeyProvider
    _swept_at: datetime | None = None
    _gathering: Gathering[Row, None] = field(init=False)

    def __post_init__(self) -> None:
        self._gathering = Gathering(self._together, MOST_TOGETHER)

    def key(self, partner: Recipient, verb: str, key: str, shown: Sequence[Shown]) -> RequestKey:
        """The key of a request; a keyed hash stands in the table for what the partner chose."""
        own = derive(self.keys.newest(KEY), str(partner.partner))
        body = orjson.dumps([[each.means, each.text, each.nonce, each.reference] for each in shown])
        id = encode(mac(own, f"{verb}|{key}".encode())).decode()
        return RequestKey(id, mac(own, body), derive(own, "sealed").secret)

    async def recall(self, key: RequestKey) -> dict[str, Any] | None:
        """What was remembered; raises Refused where the key stood for another body."""
        found = await self.database.fetch(_RECALL, id=key.id, since=clock.now() - DAYS)
        if not found:
            return None
        if found[0].body_mac != key.body_mac:
            raise Refused(refusals.key_reused())
        facts: dict[str, Any] = orjson.loads(unseal(key.secret, found[0].sealed, key.id.encode()))
        return facts

    def row(self, key: RequestKey, facts: dict[str, Any], at: datetime) -> Put:
        """What is written to remember a request."""
        return Put(_KEEP, [_row_of(key, facts, at)])

    async def keep(self, key: RequestKey, facts: dict[str, Any], at: datetime) -> None:
        """Remember a request that changed nothing else, once that is durable; raises where it is known already."""
        await self._gathering(_row_of(key, facts, at))

    async def sweep(self) -> None:
        """Forget what is older than seven days, now and then: a key that is used again then is a new one."""
        at = clock.now()
        if self._swept_at is None or at - self._swept_at > SWEEP:
            self._swept_at = at
            await self.database.play(_putting(Put(_FORGET, [{"until": at - DAYS}])))

    async def _together(self, rows: Sequence[Row]) -> list[None]:
        await self.database.play(_putting(Put(_KEEP, rows)))
        return [None] * len(rows)


def _row_of(key: RequestKey, facts: Mapping[str, Any], at: datetime) -> Row:
    sealed = seal(key.secret, orjson.dumps(facts), key.id.encode())
    return {"id": key.id, "body_mac": key.body_mac, "sealed": sealed, "recorded_at": at}


def _putting(put: Put) -> Script[None]:
    yield put
