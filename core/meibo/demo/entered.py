"""Which synthetic people hold the licences of a demo: the same ones live in the world of its stand-ins."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import insert

from meibo.demo.holders import holders
from meibo.installation import Installation
from meibo.professions.persons import SyntheticPerson
from meibo.register import tables

ENTERED = "demo.holders."
"""Before the code of a profession: so many of its synthetic holders were entered."""


async def note_entered(installation: Installation, code: str, count: int) -> None:
    """Remember how many holders of a profession were entered."""
    async with installation.register.write() as work:
        await work.connection.execute(
            insert(tables.installation), {"name": f"{ENTERED}{code}", "value": str(count)}
        )
        await work.commit()
    installation.facts[f"{ENTERED}{code}"] = str(count)


def entered(installation: Installation) -> Iterator[SyntheticPerson]:
    """The people who were entered; those of a profession that is not here any more are left out."""
    for code in installation.host.professions:
        yield from holders(installation.host, code, int(installation.facts.get(f"{ENTERED}{code}", 0)))
