"""`meibo exchange numbers`, `carried` and `passes`: what an operator takes, answers and sees; a clerk's token asks who
passed."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from click.testing import CliRunner

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.tokens import Account
from meibo.cli import cli
from meibo.errors import MessageRefused, NotFound
from meibo.exchange.inbound.tables import carried_medium
from tests.core.exchange.conftest import time as time
from tests.core.exchange.inbound.conftest import ADMINISTRATOR, NAME, PROFESSION, Centre, line, passed
from tests.core.exchange.inbound.conftest import centre as centre
from tests.core.exchange.inbound.conftest import host as host
from tests.core.exchange.inbound.conftest import shared_database as shared_database
from tests.core.exchange.inbound.conftest import template as template

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
ABOUT = (NAME, PROFESSION)


async def run(centre: Centre, *arguments: str, said: bytes = b"") -> list[list[str]]:
    """What a command prints, by lines and tabs; it opens the installation itself, as an operator would."""
    settings = centre.installation.settings
    environ = {f"MEIBO_{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(settings)}
    environ["MEIBO_PROFESSIONS"] = PROFESSION

    def invoke() -> list[list[str]]:
        done = CliRunner().invoke(cli, ["exchange", *arguments], env=environ, input=said)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return [text.split("\t") for text in done.stdout.splitlines()]

    return await asyncio.to_thread(invoke)


@pytest.fixture
async def token_file(centre: Centre, tmp_path: Path) -> Path:
    """A clerk's token, in a file."""
    tokens, file = centre.installation.tokens, tmp_path / "token"
    await tokens.add_account(
        Account(id="clerk", name_ja="職員", name_en="Clerk", institution="Centre", role=Role.CLERK,
                professions=(PROFESSION,), offices=())
    )  # fmt: skip
    file.write_text(await tokens.issue("clerk", "terminal-1"))
    return file


async def test_numbers_are_carried_in_and_pseudonyms_out(centre: Centre, tmp_path: Path) -> None:
    licence, batch, reference = await centre.enter(), uuid4(), str(uuid4())
    came, gone, proof = (tmp_path / name for name in ("came", "gone", "proof"))
    came.write_bytes(centre.system.numbers(PROFESSION, [line(reference=reference)], batch=batch))
    [[medium, content, digest]] = await run(centre, "carried", "read", *ABOUT, "USB 1", str(came))
    assert (content, digest) == ("numbers", f"sha256 {hashlib.sha256(came.read_bytes()).hexdigest()}")
    await centre.work()
    await run(centre, "carried", "answer", *ABOUT, str(batch), "USB 2", str(gone))
    centre.system.take_answer(gone.read_bytes())
    pseudonym = await centre.pseudonym(licence)
    assert await run(centre, "numbers", "lines", *ABOUT, str(batch)) == [[reference, "entered", pseudonym]]
    [told] = await run(centre, "numbers", "list", *ABOUT)
    assert (told[:2], told[5:]) == ([str(batch), "1"], ["-", "erasure", ""])
    assert await run(centre, "numbers", "overdue") == []
    centre.time.ahead += timedelta(days=31)
    [told] = await run(centre, "numbers", "overdue")
    assert (told[0], told[-1]) == (str(batch), "overdue")
    centre.system.destroy(batch)
    signed = centre.system.certificate(PROFESSION, batch, clock.today().isoformat())
    proof.write_bytes(signed)
    await run(centre, "carried", "read", *ABOUT, "USB 3", str(proof))
    assert await run(centre, "numbers", "certificate", *ABOUT, str(batch), "erasure") == [[signed.decode()]]
    assert await run(centre, "numbers", "overdue") == []
    assert await run(centre, "carried", "destroyed", *ABOUT, medium) == [["The medium's end is entered."]]
    book = await run(centre, "carried", "list", *ABOUT)
    assert [(row[1], row[2], row[3], row[5] == "-", row[6]) for row in book] == [
        ("in", "numbers", "USB 1", False, ""),
        ("out", "pseudonyms", "USB 2", True, "overdue"),
        ("in", "certificate", "USB 3", True, ""),
    ]


async def test_the_keys_are_handed_over(centre: Centre) -> None:
    told = "\n".join(text for [text] in await run(centre, "numbers", "keys", NAME))
    assert orjson.loads(told) == await centre.inbound.office.keys(ADMINISTRATOR, NAME)


async def test_a_clerk_asks_who_passed(centre: Centre, token_file: Path) -> None:
    licence, list_ = await centre.enter(), uuid4()
    await centre.receive(centre.system.pass_list(PROFESSION, 2020, [passed()], list=list_))
    asking = (PROFESSION, "--token-file", str(token_file))
    assert await run(centre, "passes", "licence", PROFESSION, str(licence), *asking[1:]) == [
        ["passed", str(list_)]
    ]
    said = {"year": 2020, "full_name": "手本花子", "birth_date": "1995-01-15"}
    assert await run(centre, "passes", "applicant", *asking, said=orjson.dumps(said)) == [
        ["not_on_the_list", "-"]
    ]
    [told] = await run(centre, "passes", "list", *asking)
    assert (told[:3], told[4]) == ([str(list_), "2020", "1"], "-")
    for wrong in (b"{}", b'{"year": "KANARIA"}', b"garbled"):
        with pytest.raises(AssertionError, match="Standard input needs JSON") as refused:
            await run(centre, "passes", "applicant", *asking, said=wrong)
        assert "KANARIA" not in str(refused.value)
    with pytest.raises(AssertionError, match="Missing option '--token-file'"):
        await run(centre, "passes", "list", PROFESSION)


async def test_what_is_refused_leaves_no_file_and_no_entry(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "spoilt"
    file.write_bytes(b"garbled")
    with pytest.raises(MessageRefused):
        await run(centre, "carried", "read", *ABOUT, "USB 1", str(file))
    with pytest.raises(NotFound):
        await run(centre, "carried", "answer", *ABOUT, str(uuid4()), "USB 1", str(tmp_path / "answer"))
    assert not (tmp_path / "answer").exists()
    assert await centre.rows(carried_medium) == []
