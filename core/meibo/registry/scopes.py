"""Professions as small numbers: what row-level security compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.database.direct.reaches import Reach
from meibo.database.recording import follow_professions
from meibo.database.stores import Database
from meibo.errors import MigrationError
from meibo.host import Host
from meibo.register import tables
from meibo.registry.selecting import Statements

REMEMBERED = 1000
"""Callers whose reach is remembered."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """The number of each installed profession; `known` has those of all that this register has ever kept: by these
    go the jobs that answer for every licence, such as reconciling and the lists of certificates."""

    host: Host
    numbers: Mapping[str, int]
    known: Mapping[str, int]
    codes: Mapping[int, str]
    statements: Statements
    reaches: dict[Principal, Reach] = field(default_factory=dict, repr=False)
    """What callers reach, of those who asked last."""

    @classmethod
    async def load(cls, host: Host, database: Database) -> Scopes:
        """Read the numbers; raises MigrationError for a profession that was never migrated."""
        async with database.read() as connection:
            rows = await connection.execute(select(tables.profession.c.code, tables.profession.c.scope))
            known: dict[str, int] = {row.code: row.scope for row in rows}
        missing = host.professions.keys() - known.keys()
        if missing:
            raise MigrationError(f"The profession {min(missing)!r} has no tables yet: run `meibo migrate`.")
        installed = {code: known[code] for code in host.professions}
        codes = {number: code for code, number in installed.items()}
        return cls(host, installed, known, codes, Statements(host))

    def absent(self) -> list[str]:
        """The professions that this register has kept and that are not installed now, or under quarantine."""
        return sorted(self.known.keys() - self.numbers.keys())

    def of(self, code: str) -> int:
        """The profession's number."""
        return self.numbers[code]

    def of_principal(self, principal: Principal) -> list[int]:
        """The numbers of the professions that a caller may reach."""
        return [self.numbers[code] for code in principal.sees(self.numbers)]

    def reach(self, principal: Principal) -> Reach:
        """What a caller who may read licences reaches."""
        known = self.reaches.get(principal)
        if known is None:
            while len(self.reaches) >= REMEMBERED:
                del self.reaches[next(iter(self.reaches))]
            may = principal.may(Permission.LICENCE_READ)
            known = Reach.of(self.of_principal(principal) if may else (), principal.offices)
            self.reaches[principal] = known
        return known

    def code(self, scope: int) -> str:
        """The profession of a number."""
        return self.codes[scope]

    async def profession_of(
        self, database: Database, principal: Principal, licence: UUID | None
    ) -> str | None:
        """The profession of a licence in the caller's scope; None for any other."""
        scope = self.of_principal(principal)
        statement = select(tables.licence.c.scope).where(
            tables.licence.c.id == licence,
            tables.licence.c.scope.in_(scope),
            *tables.of_offices(principal.offices),
        )
        async with database.read(scope, principal.offices) as connection:
            found = (await connection.execute(statement)).scalar_one_or_none()
        return None if found is None else self.code(found)


async def number_professions(connection: AsyncConnection, codes: Iterable[str]) -> None:
    """Give every profession that has none its number."""
    rows = await connection.execute(select(tables.profession.c.code, tables.profession.c.scope))
    known: dict[str, int] = {row.code: row.scope for row in rows}
    for code in sorted(set(codes) - known.keys()):
        known[code] = max(known.values(), default=0) + 1
        await connection.execute(insert(tables.profession), {"code": code, "scope": known[code]})
    await follow_professions(connection, known.values())
