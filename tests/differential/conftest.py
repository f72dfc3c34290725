"""The filled registers, once for each place, and an event loop that stays while hypothesis draws."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass

import pytest

from meibo.access.principals import Principal
from meibo.host import Host
from meibo.installation import open_installation
from meibo_graphql.http import Operation
from meibo_graphql.registry import personal_coordinates, registry_schema
from tests.databases import NEWEST
from tests.differential.agreeing import differences
from tests.differential.answers import Asked, Both
from tests.differential.composing import Grammar
from tests.differential.known import Known, learn
from tests.differential.registers import callers, fill_registers
from tests.installed import settings_of
from tests.postgres import PostgresServer


@dataclass(frozen=True)
class Registers:
    """Ten registers behind both paths, who asks them, and what there is to ask for."""

    loop: asyncio.AbstractEventLoop
    asked: Asked
    callers: Mapping[str, Principal]
    known: Known
    grammar: Grammar

    def both(self, caller: Principal, operation: Operation) -> Both:
        """The answers to an operation on both paths; fails where they differ."""
        both = self.loop.run_until_complete(self.asked.both(caller, operation))
        if both.compiled is not None:
            found = differences(both.plain, both.compiled, self.known.people)
            assert not found, f"{found}\nplain    {both.plain}\ncompiled {both.compiled}"
        return both


@pytest.fixture(scope="session", params=NEWEST)
def registers(
    request: pytest.FixtureRequest,
    server_of: Callable[[str], PostgresServer],
    all_professions: Host,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Registers]:
    """The registers on SQLite and on the newest PostgreSQL."""
    with (
        asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner,  # Leaves the plugin's loop alone.
        nullcontext() if request.param == "sqlite" else server_of(request.param).database() as place,
    ):
        # Not `runner.run()`: to look after Ctrl-C, it writes down its result each time, a whole installation.
        loop, opened = runner.get_loop(), AsyncExitStack()
        settings = settings_of(place, tmp_path_factory.mktemp("registers"))
        loop.run_until_complete(fill_registers(settings, all_professions))
        installation = loop.run_until_complete(
            opened.enter_async_context(open_installation(settings, all_professions))
        )
        asked = Asked.over(installation, registry_schema(all_professions))
        asking = callers(all_professions)
        known = loop.run_until_complete(learn(asked, all_professions, asking))
        grammar = Grammar(asked.registry.execute_plain.schema, personal_coordinates(all_professions))
        yield Registers(loop, asked, asking, known, grammar)
        loop.run_until_complete(opened.aclose())
