"""Which side changes an item: data of the installation, for each connector and profession."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed_item


class Master(StrEnum):
    """Who changes an item, so that the other side takes it over."""

    OURS = "ours"
    THEIRS = "theirs"


async def masters(connection: AsyncConnection, connector: str, scope: int) -> Mapping[str, Master]:
    """The items by path of which somebody has said it; all others are ours."""
    row = feed_item.c
    found = await connection.execute(select(row.path, row.master).where(of_side(feed_item, connector, scope)))
    return {path: Master(master) for path, master in found}


async def set_master(
    connection: AsyncConnection, connector: str, scope: int, path: str, master: Master
) -> None:
    """From now on an item is changed by that side."""
    row = feed_item.c
    mine = of_side(feed_item, connector, scope) & (row.path == path)
    await connection.execute(delete(feed_item).where(mine))
    values = {
        "connector": connector, "scope": scope, "path": path, "master": master, "since": clock.now()
    }  # fmt: skip
    await connection.execute(insert(feed_item), values)
