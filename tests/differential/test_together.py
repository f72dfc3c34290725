"""What point reads show that are answered together is what graphql-core shows each of those who ask by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf
from meibo_graphql.http import Operation, Outcome
from meibo_graphql.reads import Point
from meibo_graphql.surfaces.points import PointRead
from tests.differential.conftest import Registers
from tests.differential.everything import parts_of_licence
from tests.differential.registers import chief, present

ONE = "query One($id: ID!) {{ licence(by: {{id: $id}}) {{ ... on {type} {{ {parts} }} }} }}"
ASKING = ("chief", "clerk", "viewer", "few professions", "one office", "no personal data")
"""Callers who see something else each."""
NOTHING = b'{"licence":null}'


@dataclass
class Asking:
    """Somebody who waits for a body, or for None where it is left to be answered by itself."""

    body: asyncio.Future[bytes | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    is_over: bool = False

    def reply(self, outcome: Outcome) -> None:
        self._end(outcome.body)

    def leave(self) -> None:
        self._end(None)

    def _end(self, body: bytes | None) -> None:
        if not self.is_over:
            self.is_over = True
            self.body.set_result(body)


async def point_of(registers: Registers, document: str, id: str) -> Point | None:
    """How a document is answered together, once it was asked by itself; None where it is not."""
    registry = registers.asked.registry
    await registers.asked.compiled(chief(registry.installation.host), Operation(document, {"id": id}))
    point = registry.reads.point(document, None)
    return point if point and point.along() else None


async def documents(registers: Registers, code: str, id: str) -> list[tuple[str, Point]]:
    """An operation for each part of a profession's licences that callers of equal rights see alike."""
    parts = parts_of_licence(registers.grammar.schema, code)
    texts = [ONE.format(type=type_, parts=part) for type_, part in parts]
    return [(text, point) for text in texts if (point := await point_of(registers, text, id))]


async def together(
    registers: Registers, point: Point, every: Sequence[tuple[Principal, UUID]]
) -> list[bytes | None]:
    """The bodies of all of them, who ask at once."""
    asking = [Asking() for _ in every]
    for one, (caller, id) in zip(asking, every, strict=True):
        waiting: Any = one
        registers.asked.registry.points.add(point, PointRead(id, caller, waiting))
    return list(await asyncio.gather(*(one.body for one in asking)))


def looks(leaves: Sequence[Leaf]) -> list[tuple[str, ...]]:
    """What the log is told: who looked at whom."""
    return sorted((leaf.account, str(leaf.profession), *leaf.subjects) for leaf in leaves)


async def compare(registers: Registers, document: str, point: Point, ids: Sequence[str]) -> int:
    """Ask for some licences, several callers at once; gives how many were shown."""
    asked = registers.asked
    every = [(registers.callers[name], id) for name in ASKING for id in ids]
    alone = [await asked.plain(caller, Operation(document, {"id": id})) for caller, id in every]
    opened = [(caller, present(asked.registry.ids.open(id)).id) for caller, id in every]
    with asked.audit.gathering() as leaves:
        bodies = await together(registers, point, opened)
    assert bodies == [None if each.data == NOTHING else b'{"data":%b}' % each.data for each in alone]
    seen = [
        (caller.account, *who)
        for (caller, _), each in zip(every, alone, strict=True)
        for who in each.subjects
    ]
    assert looks(leaves) == sorted(seen)
    return len(seen)


@pytest.mark.slow
def test_point_reads_are_answered_together_as_alone(registers: Registers) -> None:
    for code, licences in registers.known.licences.items():
        ids, run = [licence["id"] for licence in licences[:2]], registers.loop.run_until_complete
        found = run(documents(registers, code, ids[0]))
        assert len(found) > 9  # What stands on the licence's own row, its holder and its groups.
        for document, point in found:
            assert run(compare(registers, document, point, ids)) >= 8
