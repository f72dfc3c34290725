"""What every test shares: the event loop, closed sockets, and throw-away PostgreSQL servers."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator

import pytest

from tests.postgres import MAJORS, PostgresDatabase, PostgresServer, throw_away_server

GIVEN_SERVER = "TEST_PG_DSN"


class OutsideConnection(RuntimeError):
    """A test tried to reach something other than this machine."""


def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: sockets lead to this machine or nowhere."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not stays_here(host):
        raise OutsideConnection("Tests reach only this machine. Run the outside system's stand-in instead.")


def stays_here(host: object) -> bool:
    """Whether a host as a socket takes it is this machine; unix sockets and wildcards have no host."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def pytest_configure() -> None:
    sys.addaudithook(refuse_outside)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the server does."""
    return "asyncio"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that need PostgreSQL run on every major version, or on the server that was given."""
    if "postgres_server" in metafunc.fixturenames:
        servers = ["given"] if GIVEN_SERVER in os.environ else [str(major) for major in MAJORS]
        metafunc.parametrize("postgres_server", servers, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run: 15 and 18, or the one named by TEST_PG_DSN."""
    if request.param == "given":
        yield PostgresServer(os.environ[GIVEN_SERVER])
        return
    with throw_away_server(int(request.param)) as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """A fresh database with an owner and an application role, dropped after the test."""
    with postgres_server.database() as database:
        yield database
