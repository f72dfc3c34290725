"""kill -9 of a worker at each commit of a run, in the register and in the vault: every inquiry is answered once, every
reply is one row, and the number that changed is in the vault."""

from __future__ import annotations

import signal
from dataclasses import replace
from uuid import UUID

import pytest

from meibo.database.stores import Store
from meibo.identity import NumberKind
from meibo.linkage.residents.inquiries import Outcome
from meibo.linkage.residents.tables import resident_reply
from tests.core.linkage.residents.conftest import CLERK, HANAKO, TARO, World
from tests.databases import POSTGRES
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.linkage.residents.crash"
CHANGED = "123123123128"
COMMITS = {Store.REGISTER: 4, Store.NUMBERS: 1, Store.KEYS: 1}
"""Of a run of one file: its two steps are taken and done; a number is enrolled, after its key."""


async def asked(world: World) -> tuple[UUID, UUID]:
    """A run about two doctors, one of whom has another number now."""
    found = [replace(HANAKO, individual_number=CHANGED, former_numbers=(HANAKO.individual_number,)), TARO]
    world.network.register.residents[:] = found  # type: ignore[attr-defined]
    ids = [
        await world.doctors.enter(f"50000{n}", each.individual_number)
        for n, each in enumerate((HANAKO, TARO), 1)
    ]
    await world.begin()
    return ids[0], ids[1]


async def done_once(world: World, changed: UUID, other: UUID) -> None:
    assert await world.outcomes() == {changed: Outcome.FOUND, other: Outcome.FOUND}
    assert sorted(row.licence_id for row in await world.rows(resident_reply)) == sorted((changed, other))
    assert [len(await world.replies(each)) for each in (changed, other)] == [1, 1]
    reader = world.installation.reader(CLERK, "test")
    for number in (CHANGED, HANAKO.individual_number):
        assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, number) == changed


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("at", "nth"), [(at, n) for at, most in COMMITS.items() for n in range(1, most + 1)])
async def test_a_run_whose_worker_dies_is_made_once_in_effect(
    world: World, at: Store, nth: int, when: str
) -> None:
    licences = await asked(world)
    assert await exit_code(CRASH, world.installation.settings, at, nth, when) == -signal.SIGKILL
    await world.hurry()
    await done_once(world, *licences)
    assert len({id for id, _ in world.network.came}) == 1
    assert len({raw for _, raw in world.network.came if raw}) == 1  # Sent again, it is what it was.


async def test_a_run_that_lives_needs_no_other_commit(world: World) -> None:
    licences = await asked(world)
    assert (
        await exit_code(
            CRASH, world.installation.settings, Store.REGISTER, COMMITS[Store.REGISTER] + 1, "before"
        )
        == 0
    )
    await done_once(world, *licences)
