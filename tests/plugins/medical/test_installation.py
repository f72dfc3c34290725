"""One installation that keeps the seven registers: their tables stand, and an entry of each lives and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from meibo.access.permissions import Role
from meibo.database.drafting import draft
from meibo.errors import Refused
from meibo.host import Host
from meibo.installation import Installation
from meibo.register.fold import State, Verb
from meibo.register.tables import profession_tables
from meibo.registry.requests import ActRequest
from tests.core.register.doctors import SOUND
from tests.installed import Template, principal
from tests.plugins.medical.professions import CODES, FACTS, HOST
from tests.postgres import PostgresDatabase, PostgresServer

OFFICER = principal(Role.OFFICER, set(CODES))


@pytest.fixture(scope="session")
def host() -> Host:
    """The seven."""
    return HOST


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Stores that know the seven."""
    return Template(tmp_path_factory.mktemp("medical"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL, for the tests with the seven."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


def test_declarations_and_migrations_agree(tmp_path: Path) -> None:
    tables = [table for code in CODES for table in profession_tables(HOST[code]).values()]
    assert len(tables) == 5 + 5 + 3 * 4 + 2 * 3
    assert draft("medical", tables, tmp_path, HOST.migrations(), "Any") is None


async def test_an_entry_of_each_is_made_and_struck_off(installation: Installation) -> None:
    for code in CODES:
        values = {"register": {**SOUND, "licence_type_code": FACTS[code].licence_type}}
        if FACTS[code].address:
            values["register"]["address"] = "東京都見本市1-1"
        entered = await installation.office.register(OFFICER, code, request(values))
        assert entered.licence is not None
        ended = request({}, key="two", licence=entered.licence, reason="401", legal_basis="strike_off")
        await installation.office.act(OFFICER, Verb.STRIKE_OFF, ended)
        reader = installation.reader(OFFICER, "test")
        [head] = await reader.heads([entered.licence])
        assert head is not None
        assert (head.profession, head.state) == (code, State.STRUCK_OFF)


async def test_a_broken_rule_of_each_is_told_with_its_law(installation: Installation) -> None:
    for code in CODES:
        values = {"register": {**SOUND, "national_exam_pass_date": "2016-05-03"}}
        with pytest.raises(Refused) as refused:
            await installation.office.register(OFFICER, code, request(values))
        [finding] = refused.value.findings
        assert finding.rule == f"{code}.exam_before_registration"
        assert finding.cites.startswith(FACTS[code].acts[0])


def request(values: dict[str, dict[str, str]], key: str = "one", **more: object) -> ActRequest:
    """An act of the office on a day in 2016."""
    stands: dict[str, object] = {"reason": "101", "legal_basis": "register", "expected_version": 1} | more
    if "licence" not in stands:
        stands["expected_version"] = None
    return ActRequest(
        idempotency_key=key,
        effective_date=date(2016, 5, 2),
        values=values,
        **stands,  # type: ignore[arg-type]
    )
