"""The statements of sharing as its holder does it: adding rows, reading back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.consent.requests import Purpose, Share, ShareRequest, ShareUse, UseOutcome
from meibo.consent.tables import share, share_consent, share_use


async def add_share(
    connection: AsyncConnection, scope: int, request: ShareRequest, mac: bytes, at: datetime
) -> UUID:
    """Add a share."""
    row: dict[str, Any] = {
        "id": uuid4(), "scope": scope, "licence_id": request.licence, "token_mac": mac,
        "recipient": request.recipient, "purpose": request.purpose, "claims": " ".join(request.claims),
        "made_at": at, "expires_at": request.expires_at, "uses": request.uses, "uses_left": request.uses,
        "withdrawn_at": None,
    }  # fmt: skip
    await connection.execute(insert(share), row)
    id: UUID = row["id"]
    return id


async def add_consent(
    connection: AsyncConnection, id: UUID, act: str, text_version: str, language: str, at: datetime
) -> None:
    """Record what a share's holder consented to, or withdrew, as the share says it."""
    copied = ("scope", "licence_id", "recipient", "purpose", "claims", "expires_at", "uses")
    [row] = (
        await connection.execute(select(*(share.c[name] for name in copied)).where(share.c.id == id))
    ).all()
    added = {
        **row._mapping, "id": uuid4(), "share_id": id, "act": act, "text_version": text_version,
        "language": language, "recorded_at": at,
    }  # fmt: skip
    await connection.execute(insert(share_consent), added)


async def standing(connection: AsyncConnection, licence: UUID, at: datetime) -> int:
    """How many shares of a licence open something."""
    counted = select(func.count()).where(
        share.c.licence_id == licence,
        share.c.withdrawn_at.is_(None),
        share.c.uses_left > 0,
        share.c.expires_at > at,
    )
    return int((await connection.execute(counted)).scalar_one())


async def withdraw(connection: AsyncConnection, id: UUID, at: datetime) -> bool:
    """Let a share open nothing any more; whether it was not withdrawn before."""
    done = await connection.execute(
        update(share).where(share.c.id == id, share.c.withdrawn_at.is_(None)).values(withdrawn_at=at)
    )
    return done.rowcount == 1


async def shares_of(connection: AsyncConnection, licences: Iterable[UUID]) -> Sequence[Row[Any]]:
    """The shares of licences, the newest first."""
    found = select(share).where(share.c.licence_id.in_(list(licences)))
    return (await connection.execute(found.order_by(share.c.made_at.desc(), share.c.id))).all()


async def uses_of(connection: AsyncConnection, shares: Iterable[UUID]) -> dict[UUID, list[ShareUse]]:
    """The uses of shares, the newest first."""
    found = select(share_use).where(share_use.c.share_id.in_(list(shares)))
    uses: dict[UUID, list[ShareUse]] = {}
    for row in await connection.execute(found.order_by(share_use.c.used_at.desc(), share_use.c.id)):
        told = ShareUse(at=row.used_at, recipient=row.recipient, outcome=UseOutcome(row.outcome))
        uses.setdefault(row.share_id, []).append(told)
    return uses


def share_of(row: Row[Any], profession: str) -> Share:
    """A row as its holder sees it."""
    return Share(
        id=row.id, licence=row.licence_id, profession=profession, claims=tuple(row.claims.split()),
        purpose=Purpose(row.purpose), recipient=row.recipient, made_at=row.made_at, expires_at=row.expires_at,
        uses=row.uses, uses_left=row.uses_left, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip
