"""`meibo family`: what an operator asks and reads; the stand-in answers."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner

from meibo.cli import cli
from meibo.errors import Refused
from meibo.family.grants import ITEMS
from meibo.family.tables import family_batch
from tests.core.family.conftest import SAYS, World
from tests.core.family.conftest import stand_in as stand_in
from tests.core.family.conftest import world as world

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


async def run(world: World, *arguments: str) -> list[list[str]]:
    """What a command prints, by lines and tabs; it opens the installation itself, as an operator would."""
    settings = world.installation.settings
    environ = {f"MEIBO_{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(settings)}
    environ["MEIBO_PROFESSIONS"] = "doctor"

    def invoke() -> list[list[str]]:
        done = CliRunner().invoke(cli, ["family", *arguments], env=environ)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return [line.split("\t") for line in done.stdout.splitlines()]

    return await asyncio.to_thread(invoke)


async def test_an_operator_asks_and_sees_what_became_of_it(world: World) -> None:
    licence = str(world.licences[0])
    [[obtained]] = await run(world, "obtain", "doctor", licence)
    await world.work()
    [[asked]] = await run(world, "inquire", "doctor", licence, "--key", "key-1")
    assert await run(world, "inquire", "doctor", licence, "--key", "key-1") == [[asked]]
    await world.work()
    assert await world.replies() == [dict(SAYS)]
    assert [row.asked_items for row in await world.rows(family_batch)] == ["", " ".join(ITEMS)]
    told = await run(world, "batches", "doctor")
    assert [(line[0], line[1], line[2], line[4], line[5]) for line in told] == [
        (asked, "register", "operator", "1", "accepted=1"), (obtained, "symbol", "operator", "1", "accepted=1"),
    ]  # fmt: skip
    [line] = await run(world, "list", "doctor", "--batch", asked)
    assert (UUID(line[0]).version, line[1:5]) == (
        4,
        [licence, "register", "番号法 19条8号 別表第二の27", "operator"],
    )
    assert (line[6], line[7], line[9]) == ("accepted", "-", "-")
    counted = await run(world, "statistics", "doctor", "--since", "2020-01-01", "--until", "2099-12-31")
    assert counted == [
        ["register", "accepted", "1"], ["symbol", "accepted", "1"],
        ["result", "kept", "1"], ["result", "deleted", "0"], ["result", "overdue", "0"],
    ]  # fmt: skip


async def test_what_may_not_be_asked_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r"licence\.unknown"):
        await run(world, "obtain", "doctor", str(uuid4()))
    with pytest.raises(AssertionError, match="Invalid value for '--item'"):
        await run(world, "inquire", "doctor", str(world.licences[0]), "--item", "family_name")
    assert await world.rows(family_batch) == []
