"""On which databases tests run, and the servers that they share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.postgres import MAJORS, PostgresServer, throw_away_server

GIVEN_SERVER = "TEST_PG_DSN"
POSTGRES = [
    pytest.param(each, id=f"postgres-{each}", marks=pytest.mark.postgres)
    for each in (["given"] if GIVEN_SERVER in os.environ else map(str, MAJORS))
]
EVERYWHERE = ["sqlite", *POSTGRES]
NEWEST = ["sqlite", *POSTGRES[-1:]]
"""For tests of what stands above the statements."""


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[str], PostgresServer]]:
    """Starts each PostgreSQL when the first test wants it."""
    started: dict[str, PostgresServer] = {}
    with ExitStack() as stack:

        def find(name: str) -> PostgresServer:
            if name not in started:
                started[name] = (
                    PostgresServer(os.environ[GIVEN_SERVER])
                    if name == "given"
                    else stack.enter_context(throw_away_server(int(name)))
                )
            return started[name]

        yield find
