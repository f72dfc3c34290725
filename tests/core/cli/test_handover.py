"""`meibo exchange handover`: a basis by two people, what has gone there, and what must be erased again."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.tokens import Account
from meibo.cli import cli
from meibo.errors import Forbidden, NotFound
from tests.core.exchange.numbers.conftest import ABOUT, ARTICLE, Handing
from tests.core.exchange.numbers.conftest import handing as handing
from tests.core.exchange.numbers.conftest import host as host
from tests.core.exchange.numbers.conftest import shared_database as shared_database
from tests.core.exchange.numbers.conftest import template as template
from tests.core.exchange.numbers.conftest import time as time
from tests.core.vault.numerals import ONE, TWO

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


async def run(handing: Handing, *arguments: str) -> list[list[str]]:
    """What a command prints, by lines and tabs; it opens the installation itself, as an operator would."""
    settings = handing.installation.settings
    environ = {f"MEIBO_{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(settings)}
    environ["MEIBO_PROFESSIONS"] = "pharmacist"

    def invoke() -> list[list[str]]:
        done = CliRunner().invoke(cli, ["exchange", "handover", *arguments], env=environ)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return [text.split("\t") for text in done.stdout.splitlines()]

    return await asyncio.to_thread(invoke)


@pytest.fixture
async def token(handing: Handing, tmp_path: Path) -> tuple[str, str]:
    """The option by which the chief acts, instead of the operator."""
    file = tmp_path / "token"
    chief = Account(id="chief", name_ja="課長", name_en="Chief", institution="Division",
                    role=Role.ADMINISTRATOR, professions=("pharmacist",))  # fmt: skip
    await handing.installation.tokens.add_account(chief)
    file.write_text(await handing.installation.tokens.issue("chief", "terminal-1"))
    return "--token-file", str(file)


async def propose(handing: Handing) -> str:
    """The id of a basis that the operator proposes."""
    today = clock.today()
    days = ("--start-date", str(today), "--end-date", str(today + timedelta(days=9)))
    [[id]] = await run(handing, "basis", "propose", *ABOUT, "--legal-basis", ARTICLE, *days)
    return id


async def test_two_people_set_a_basis_and_either_ends_it(handing: Handing, token: tuple[str, str]) -> None:
    id = await propose(handing)
    with pytest.raises(Forbidden):  # The operator proposes; people approve.
        await run(handing, "basis", "approve", *ABOUT, id)
    await run(handing, "basis", "approve", *ABOUT, id, *token)
    days = [str(clock.today()), str(clock.today() + timedelta(days=9))]
    listed = await run(handing, "basis", "list", *ABOUT)
    assert listed == [[id, *days, ARTICLE, "operator", "chief", "-"]]
    await run(handing, "basis", "end", *ABOUT, id, *token)
    assert (await run(handing, "basis", "list", *ABOUT))[0][-1] == "chief"
    with pytest.raises(NotFound):
        await run(handing, "basis", "end", *ABOUT, id)


async def test_what_went_there_is_counted_and_what_was_erased_there_is_proved(
    handing: Handing, token: tuple[str, str], tmp_path: Path
) -> None:
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.pharmacists.enter("600002", individual=TWO)
    await run(handing, "basis", "approve", *ABOUT, await propose(handing), *token)
    await handing.turn()
    assert await run(handing, "count", *ABOUT) == [["2"]]
    slow = await handing.pseudonym(licence)
    handing.system.handed.slow.add(slow)
    await handing.give_up(licence)
    await handing.turn()
    [[id, *instants, answer, overdue]] = await run(handing, "erasures", *ABOUT)
    assert (len(instants), instants[2], answer, overdue) == (3, "-", "accepted", "")
    assert await run(handing, "erasures", *ABOUT, "--overdue") == []
    handing.time.ahead += timedelta(days=8)
    assert (await run(handing, "erasures", *ABOUT, "--overdue"))[0][-1] == "overdue"
    handing.system.handed.slow.clear()
    await handing.turn()
    file = tmp_path / "receipt"
    [[told]] = await run(handing, "receipt", *ABOUT, id, str(file))
    assert (told, file.read_bytes().count(b".")) == (f"{file.stat().st_size} bytes", 2)
    assert await run(handing, "count", *ABOUT) == [["1"]]
    absent = tmp_path / "absent"
    with pytest.raises(NotFound):
        await run(handing, "receipt", *ABOUT, str(uuid4()), str(absent))
    assert not absent.exists()


async def test_a_system_that_lost_them_is_given_them_again(handing: Handing) -> None:
    await handing.pharmacists.enter(individual=ONE)
    await handing.allow()
    await handing.turn()
    handing.system.handed.kept.clear()
    assert await run(handing, "again", *ABOUT) == [["They are handed over again from the next minute on."]]
    await handing.turn(later=timedelta(minutes=1))
    assert [*handing.numbers.values()] == [ONE]
