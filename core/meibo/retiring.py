"""Retiring a profession: its tables go before its distribution does, and never by accident.

    licences counted -> said by hand -> certificates ended -> numbers destroyed -> tables dropped -> `pip uninstall`

What happened to its licences stays: acts are leaves of the audit log. Every step may be done again without harm.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.certificates.standing import EndReason, end
from meibo.certificates.tables import certificate
from meibo.database import migrations
from meibo.database.stores import Databases, Store
from meibo.errors import OperatorError
from meibo.identity import NumberKind
from meibo.installation import Installation, tables_of
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.values.pseudonyms import LicencePseudonym

OPERATION = "plugin.retire"


@dataclass(frozen=True, slots=True)
class Retirement:
    """What went: tables by name, licences whose contents they held, certificates that were ended, and persons whose
    numbers were destroyed."""

    tables: tuple[str, ...]
    licences: int
    certificates: int
    numbers: int


async def retire(installation: Installation, principal: Principal, code: str, licences: int) -> Retirement:
    """Drop the tables of an installed profession, end its certificates, and destroy the numbers that only it keeps.

    `licences` is how many the operator says that it holds. Raises OperatorError, before anything is done, where that
    is not so or the profession is not installed; AuditUnavailable where the log cannot say what was done.
    """
    profession = installation.host.professions.get(code)
    if profession is None:
        raise OperatorError(f"There is no profession {code!r} here: see `meibo status`.")
    holders = await _holders(installation, code)
    if len(holders) != licences:
        raise OperatorError(
            f"The register of {code!r} holds licences, {len(holders)} in all, and what it says of them would be lost"
            f" for good. Stop the server and back up; then say how many: --licences {len(holders)}."
        )
    await _record(installation, principal, code, LeafKind.INTENT, len(holders))
    ended = await _end_certificates(installation, code)
    numbers = await _destroy_numbers(installation, principal, profession, holders)
    await _drop(installation, code)
    await _record(installation, principal, code, LeafKind.DONE, len(holders))
    return Retirement(
        tuple(sorted(table.name for table in tables_of(profession))), len(holders), ended, numbers
    )


async def _holders(installation: Installation, code: str) -> list[LicencePseudonym]:
    row, scope = tables.licence.c, installation.scopes.of(code)
    async with installation.register.read([scope]) as connection:
        found = await connection.scalars(select(row.pseudonym).where(row.scope == scope).order_by(row.id))
        return [LicencePseudonym(pseudonym) for pseudonym in found]


async def _end_certificates(installation: Installation, code: str) -> int:
    """Let the lists of certificates say within a minute that nobody answers for them any more."""
    row, scope, at = certificate.c, installation.scopes.of(code), clock.now()
    standing = select(row.licence_id).where(row.scope == scope, row.ended_at.is_(None)).distinct()
    async with installation.register.write([scope]) as work:
        licences = (await work.connection.scalars(standing)).all()
        ended = [await end(work.connection, licence, EndReason.RETIRED, at) for licence in licences]
        await work.commit()
    return sum(ended)


async def _destroy_numbers(
    installation: Installation, principal: Principal, profession: Profession, holders: list[LicencePseudonym]
) -> int:
    """Destroy the holders' numbers, of whatever kind, unless another profession here keeps the same file."""
    sharing = installation.host.files().get(profession.file)
    if not profession.keeps_numbers or sharing != frozenset({profession.code}):
        return 0
    found = [
        await installation.identity.destroy(
            principal, profession=profession.code, file=profession.file, pseudonym=holder, until=clock.now(),
            kinds=list(NumberKind),
        )
        for holder in holders
    ]  # fmt: skip
    return sum(gone is not None for gone in found)


async def _drop(installation: Installation, code: str) -> None:
    databases = Databases.open(installation.settings, owner=True)
    try:
        folders = installation.host.migrations()
        await migrations.downgrade(
            databases[Store.REGISTER], Store.REGISTER, f"{code}@base", folders, lose_data=True
        )
    finally:
        await databases.close()


async def _record(
    installation: Installation, principal: Principal, code: str, kind: LeafKind, count: int
) -> None:
    await installation.audit.record(leaf(principal, kind, OPERATION, code, count=count))
