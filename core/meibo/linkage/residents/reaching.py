"""Whom a run asks about: the licences that somebody names, or all of a profession that have not ended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.principals import Principal
from meibo.errors import Finding, FindingCode, Refused
from meibo.register.erasures import ENDED
from meibo.register.tables import licence as licence_table
from meibo.register.tables import licence_span, licence_version, of_offices

MOST_NAMED = 1_000


async def reached(
    connection: AsyncConnection, principal: Principal, scope: int, licences: Sequence[UUID] | None
) -> list[UUID]:
    """The licences to ask about, each once, in the order of their ids; raises Refused unless all are reached."""
    row = licence_table.c
    if licences is not None and len(licences) > MOST_NAMED:
        ja = f"登録の指定は{MOST_NAMED}件までです。"
        en = f"Name {MOST_NAMED} licences at most, or none: then all are meant."
        raise Refused(finding("licence_ids", ja, en, FindingCode.INVALID_VALUE, "resident_run.many"))
    asked = select(row.id).where(row.scope == scope, *of_offices(principal.offices)).order_by(row.id)
    chosen = asked.where(_stands()) if licences is None else asked.where(row.id.in_(licences))
    found = list(await connection.scalars(chosen))
    if licences is not None and set(licences) != set(found):
        raise Refused(
            finding(
                "licence_ids", "該当する登録がありません。", "There is no such licence.",
                FindingCode.NOT_FOUND, "licence.unknown",
            )
        )  # fmt: skip
    if not found:
        raise Refused(
            finding(
                "licence_ids", "照会する登録がありません。", "There is nobody to ask about.",
                FindingCode.REQUIRED, "resident_run.empty",
            )
        )  # fmt: skip
    return found


def _stands() -> ColumnElement[bool]:
    """Whether a licence has not ended: who holds one no longer is not asked about."""
    span, version, today = licence_span.c, licence_version.c, clock.today()
    held = (span.valid_from <= today) & (span.valid_to.is_(None) | (span.valid_to > today))
    return exists().where(
        span.licence_id == licence_table.c.id, span.known_to.is_(None), held,
        version.id == span.version_id, version.state.not_in(ENDED),
    )  # fmt: skip


def finding(path: str, ja: str, en: str, code: FindingCode, rule: str) -> Finding:
    """What speaks against an input of a run."""
    return Finding((path,), ja, en, code, rule)
