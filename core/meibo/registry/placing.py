"""Each entry at its receiving office: what a plugin declares anew, or an older version left out, is made up for."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from meibo import clock
from meibo.database.stores import Database
from meibo.host import Host
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.registry import selecting
from meibo.registry.scopes import Scopes


async def place_offices(host: Host, database: Database) -> None:
    """Let every licence's office be that of its present record."""
    scopes = await Scopes.load(host, database)
    for profession in host.professions.values():
        if profession.plugin.receiving_office:
            await _place(
                database, profession, profession.plugin.receiving_office.item, scopes.of(profession.code)
            )


async def _place(database: Database, profession: Profession, path: str, scope: int) -> None:
    key, _, name = path.partition(".")
    group, licence = tables.group_table(profession.code, profession.groups[key]), tables.licence
    office = group.c[name]
    present = selecting.heads(bound=False, past=False, one=True).join(
        group, (group.c.licence_id == licence.c.id) & (group.c.content == tables.licence_version.c.content)
    )
    misplaced = present.with_only_columns(licence.c.id, office).where(
        office.is_distinct_from(licence.c.office)
    )
    async with database.write([scope]) as work:
        present_values = {"profession": scope, "day": clock.today()}
        found = await work.connection.execute(misplaced, present_values)
        rows = [{"at": id, "to": code} for id, code in found]
        if rows:
            statement = update(licence).where(licence.c.id == bindparam("at")).values(office=bindparam("to"))
            await work.connection.execute(statement, rows)
        await work.commit()
