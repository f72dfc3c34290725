"""`meibo residents`: asked for at the machine, approved with the token of a second person."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from meibo.access.tokens import command_principal
from meibo.host import load_host
from meibo.installation import open_installation, seed_codes
from meibo.settings import Settings
from tests.core.cli.test_cli import Meibo
from tests.core.cli.test_cli import meibo as meibo
from tests.core.register.doctors import Doctors

NONE = "found=0 not_found=0 several=0 failed=0 no_key=0 conflict=0"


async def enter(data: Path) -> str:
    """A doctor without a number; gives the licence's id."""
    host = load_host(only={"doctor"})
    async with open_installation(Settings(data=str(data)), host) as installation:
        await seed_codes(installation, command_principal("seed", host.professions))
        return str(await Doctors(installation).enter())


@pytest.mark.slow
def test_two_people_ask_the_network(meibo: Meibo, tmp_path: Path) -> None:
    assert meibo("migrate").code == 0
    empty = meibo("residents", "ask", "doctor")
    assert (empty.code, "resident_run.empty" in empty.err) == (2, True)
    licence = anyio.run(enter, tmp_path / "var")
    assert meibo(
        "account", "add", "chief", "--name", "課長", "--institution", "課", "--role", "administrator",
        "--profession", "doctor",
    ).code == 0  # fmt: skip
    token = tmp_path / "chief.token"
    token.write_text(meibo("token", "issue", "chief").out)
    id = meibo("residents", "ask", "doctor", "--licence", licence).out.strip()
    waiting = f"{id}\trequested\tindividual_number\t1\t1\t{NONE}\n"
    assert meibo("residents", "list", "doctor").out == waiting
    alone = meibo("residents", "approve", "doctor", id)
    assert (alone.code, "registry:resident:approve" in alone.err) == (2, True)
    assert meibo("residents", "list", "doctor").out == waiting
    approved = meibo("residents", "approve", "doctor", id, "--token-file", token)
    assert approved.out == waiting.replace("requested", "approved")
    assert meibo("worker", "--drain").code == 0
    done = waiting.replace("requested", "approved").replace("1\t1", "1\t0").replace("no_key=0", "no_key=1")
    assert meibo("residents", "list", "doctor").out == done
    late = meibo("residents", "withdraw", "doctor", id)
    assert (late.code, "resident_run.state" in late.err) == (2, True)


@pytest.mark.slow
def test_the_keys_are_public(meibo: Meibo) -> None:
    assert meibo("migrate").code == 0
    keys = json.loads(meibo("residents", "keys").out)["keys"]
    assert [(key["use"], key["crv"], "d" in key) for key in keys] == [
        ("sig", "P-256", False),
        ("enc", "P-256", False),
    ]
