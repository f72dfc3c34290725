"""The legal basis on which a system may have the numbers of a profession: from a day until a day, by two people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.errors import Finding, FindingCode
from meibo.exchange.numbers.tables import feed_basis
from meibo.exchange.sides import of_side

LEGAL_BASIS_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The article, and the first and the last day on which numbers may go there."""

    legal_basis: str
    start_date: date
    end_date: date

    def findings(self, today: date) -> Iterator[Finding]:
        """Why it may not be proposed, one finding for each reason."""
        if not self.legal_basis.strip():
            ja, en = (
                "根拠となる条文を記入してください。",
                "Name the article that lets the system have numbers.",
            )
            yield finding("legal_basis", ja, en, FindingCode.REQUIRED)
        if self.start_date < today:
            ja, en = "過去の日からは適用できません。", "A basis holds from today or a later day on."
            yield finding("start_date", ja, en)
        if self.end_date < self.start_date:
            ja, en = "終了日は開始日以後にしてください。", "The last day does not come before the first."
            yield finding("end_date", ja, en)


@dataclass(frozen=True, slots=True)
class KeptBasis:
    """A basis as it is kept: who proposed it, who approved it, and who ended it before its last day."""

    id: UUID
    connector: str
    profession: str
    basis: Basis
    proposed_by: str
    approved_by: str | None
    ended_by: str | None
    ended_at: datetime | None


async def basis_in_force(connection: AsyncConnection, connector: str, scope: int) -> Any:
    """The row of the basis on which numbers may go there today, of several the last approved; None: they may not."""
    row, today = feed_basis.c, clock.today()
    holds = (
        of_side(feed_basis, connector, scope), row.approved_at.is_not(None), row.ended_at.is_(None),
        row.start_date <= today, row.end_date >= today,
    )  # fmt: skip
    found = select(feed_basis).where(*holds).order_by(row.approved_at.desc()).limit(1)
    return (await connection.execute(found)).one_or_none()


def against_approval(row: Any, account: str) -> Iterator[Finding]:
    """Why a basis may not be approved by this person, or not any more."""
    if row.approved_at is not None or row.ended_at is not None or row.end_date < clock.today():
        ja, en = (
            "この根拠はすでに決定されたか、期限が過ぎています。",
            "This basis was decided on, or its time is over.",
        )
        yield finding("basis_id", ja, en, FindingCode.WRONG_STATE, "exchange.basis_state")
    elif row.proposed_by == account:
        ja = "提案した方は承認できません。別の方が承認してください。"
        en = "Whoever proposed a basis does not approve it: let somebody else do that."
        yield finding("basis_id", ja, en, FindingCode.NEEDS_SECOND_PERSON, "exchange.second_person")


def finding(
    path: str, ja: str, en: str, code: FindingCode = FindingCode.INVALID_VALUE, rule: str = ""
) -> Finding:
    """A finding about the numbers of an exchange."""
    return Finding(path, ja, en, code, rule or f"exchange.{path}")
