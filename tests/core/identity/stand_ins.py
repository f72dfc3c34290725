"""A register of two columns, and the people who use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from sqlalchemy import text

from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.database.stores import Database
from meibo.identity import Linked
from meibo.values.pseudonyms import LicencePseudonym

FILES = ("medical", "pharmacist")
PROFESSIONS = frozenset({"doctor", "nurse", "pharmacist"})


def principal(
    *permissions: Permission, surface: Surface = Surface.REGISTRY, professions: frozenset[str] = PROFESSIONS
) -> Principal:
    """A caller with these permissions."""
    return Principal("clerk", "厚生労働省", "T-01", surface, frozenset(permissions), professions)


CLERK = principal(Permission.LICENCE_REGISTER, Permission.NUMBER_ENROL)
OPERATOR = principal(surface=Surface.COMMAND)


class StandInRegister:
    """Licences by pseudonym, in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.database = Database(f"sqlite+aiosqlite:///{path}")

    async def create(self) -> None:
        async with self.database.write() as work:
            await work.connection.execute(
                text("CREATE TABLE licence (pseudonym TEXT PRIMARY KEY, alias TEXT)")
            )
            await work.commit()

    def entering(self, pseudonym: LicencePseudonym) -> Callable[[Linked], Awaitable[str]]:
        """What enters a licence and commits; gives the alias that it stored."""

        async def commit(linked: Linked) -> str:
            async with self.database.write() as work:
                row = {"pseudonym": pseudonym, "alias": linked.alias}
                await work.connection.execute(text("INSERT INTO licence VALUES (:pseudonym, :alias)"), row)
                await work.commit()
            return linked.alias

        return commit

    async def exists(self, pseudonyms: Iterable[LicencePseudonym]) -> set[LicencePseudonym]:
        async with self.database.read() as connection:
            rows = await connection.scalars(text("SELECT pseudonym FROM licence"))
            return {LicencePseudonym(row) for row in rows} & set(pseudonyms)
