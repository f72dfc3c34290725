"""The sender proves that it destroyed what it had: a signed certificate for each batch, overdue after a set time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.inserting import insert_new
from meibo.errors import MessageRefused
from meibo.exchange.inbound.messages import Certificate, Proof
from meibo.exchange.inbound.tables import paper_batch, paper_certificate
from meibo.exchange.sides import of_side
from meibo.link.states import Reason


async def file_certificate(
    connection: AsyncConnection, connector: str, scope: int, certificate: Certificate, signed: bytes
) -> None:
    """File a certificate as it was signed; a second one of its kind changes nothing.

    Raises MessageRefused for a batch that was not taken, another count of lines, or a day on which nothing of the
    batch can have been destroyed.
    """
    row = paper_batch.c
    mine = of_side(paper_batch, connector, scope) & (row.batch == certificate.batch)
    batch = (await connection.execute(select(paper_batch).where(mine))).one_or_none()
    if batch is None or batch.taken_at is None:
        raise MessageRefused(Reason.UNKNOWN_REQUEST)
    sent = clock.japan_day(batch.received_at)
    if certificate.count != batch.size or not sent <= certificate.destroyed_date <= clock.today():
        raise MessageRefused(Reason.MALFORMED)
    values = {
        "batch_id": batch.id, "proof": certificate.proof, "scope": scope, "signed": signed,
        "destroyed_date": certificate.destroyed_date, "method": certificate.method, "filed_at": clock.now(),
    }  # fmt: skip
    await connection.execute(insert_new(paper_certificate).values(values))


async def filed(connection: AsyncConnection, scopes: Collection[int]) -> dict[Any, frozenset[Proof]]:
    """What was proved of each batch, by our id of it."""
    row, found = paper_certificate.c, dict[Any, set[Proof]]()
    for each in await connection.execute(select(row.batch_id, row.proof).where(row.scope.in_(list(scopes)))):
        found.setdefault(each.batch_id, set()).add(Proof(each.proof))
    return {batch: frozenset(proofs) for batch, proofs in found.items()}


def lacking(batch: Row[Any], proved: frozenset[Proof]) -> frozenset[Proof]:
    """The certificates that a batch still lacks; none where nothing of it was answered."""
    wanted = {Proof.ERASURE, Proof.DISPOSAL} if batch.on_paper else {Proof.ERASURE}
    return frozenset(wanted - proved) if batch.answered_at else frozenset()


def is_overdue(batch: Row[Any], proved: frozenset[Proof], within: timedelta) -> bool:
    """Whether a certificate is lacking longer after the answer than it may be."""
    return bool(lacking(batch, proved)) and clock.now() - batch.answered_at > within
