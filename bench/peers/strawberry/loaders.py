"""What belongs to several doctors is read in one statement; loaders live for one request."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from models import DispositionRow, PrefectureRow, sessions
from sqlalchemy import select
from strawberry.dataloader import DataLoader


class Loaders:
    """The loaders of one request."""

    def __init__(self) -> None:
        self.dispositions = DataLoader(load_fn=dispositions)
        self.prefecture = DataLoader(load_fn=prefectures)


async def dispositions(doctors: Sequence[uuid.UUID]) -> list[list[DispositionRow]]:
    """The dispositions of each doctor, in the order in which they were ordered."""
    row = DispositionRow
    found: dict[uuid.UUID, list[DispositionRow]] = defaultdict(list)
    async with sessions() as session:
        statement = select(row).where(row.doctor_id.in_(doctors)).order_by(row.ordered_date)
        for each in await session.scalars(statement):
            found[each.doctor_id].append(each)
    return [found[doctor] for doctor in doctors]


async def prefectures(codes: Sequence[str]) -> list[PrefectureRow | None]:
    """The prefecture of each code."""
    async with sessions() as session:
        rows = await session.scalars(select(PrefectureRow).where(PrefectureRow.code.in_(codes)))
        found = {row.code: row for row in rows}
    return [found.get(code) for code in codes]
