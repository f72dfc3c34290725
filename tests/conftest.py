"""What every test shares: the event loop, closed sockets, files in memory, and throw-away PostgreSQL servers."""

from __future__ import annotations

import gc
import ipaddress
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from meibo.host import Host, load_host
from meibo.installation import Installation, open_installation
from meibo.settings import Settings
from tests.databases import EVERYWHERE, NEWEST, POSTGRES
from tests.databases import server_of as server_of
from tests.emptying import Emptier
from tests.installed import Template
from tests.memory import keep_files_in_memory
from tests.postgres import PostgresDatabase, PostgresServer
from tests.statements import ask_servers_once, share_compiled_statements

SQL = {Path(__file__).parent / "core" / part for part in ("codes", "database", "register")}
"""Where the statements are made: these run on every PostgreSQL."""
STORES = frozenset({"audit_place", "installation", "migrated", "postgres_server", "store", "where"})
"""Fixtures that make databases."""
GARBAGE = 20_000
"""Objects made between two looks for garbage."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors: somebody always waits for a server, a timeout or a disk."""
    return (os.cpu_count() or 1) + 1


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
    keep_files_in_memory()
    share_compiled_statements()
    ask_servers_once()
    sys.addaudithook(refuse_outside)
    hypothesis.settings.register_profile("meibo", deadline=None)  # A busy machine is no failure.
    hypothesis.settings.load_profile("meibo")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the server does."""
    return "asyncio"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of where SQL is made run on every PostgreSQL; others on the newest, or on the one given."""
    if "postgres_server" in metafunc.fixturenames:
        metafunc.parametrize("postgres_server", POSTGRES, indirect=True, scope="session")
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "store" in metafunc.fixturenames and "store" not in chosen:
        everywhere = not SQL.isdisjoint(metafunc.definition.path.parents)
        metafunc.parametrize("store", EVERYWHERE if everywhere else NEWEST, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that open stores are left out of `make check`, whose suite takes seconds."""
    for item in items:
        if STORES & set(getattr(item, "fixturenames", ())):
            item.add_marker("stores")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: a look for garbage passes over it, and a fifth of the time was looks."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured (`record_property("figures", …)`) stands at the end."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(str(told))


@pytest.fixture(scope="session")
def postgres_server(
    request: pytest.FixtureRequest, server_of: Callable[[str], PostgresServer]
) -> PostgresServer:
    """A PostgreSQL server for the whole run: 15 and 18, or the one named by TEST_PG_DSN."""
    return server_of(request.param)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """A fresh database with an owner and an application role, dropped after the test."""
    with postgres_server.database() as database:
        yield database


@pytest.fixture(scope="session")
def host() -> Host:
    """Doctors alone: what most tests need. Those of another profession, or of all, have a host of their own."""
    return load_host(only={"doctor"})


@pytest.fixture(scope="session")
def all_professions() -> Host:
    """Every installed profession, for what is made from all of them."""
    return load_host()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Migrated and seeded stores, which tests copy or empty."""
    return Template(tmp_path_factory.mktemp("template"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL, which tests empty rather than make anew."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


@pytest.fixture(scope="session")
def emptier() -> Iterator[Emptier]:
    """Who empties the shared databases."""
    with closing(Emptier()) as emptier:
        yield emptier


@pytest.fixture
def store(
    request: pytest.FixtureRequest, shared_database: Callable[[str], PostgresDatabase]
) -> PostgresDatabase | None:
    """Where a test's installation lives: SQLite (None), PostgreSQL 15 or PostgreSQL 18."""
    return None if request.param == "sqlite" else shared_database(request.param)


@pytest.fixture
async def settings(
    store: PostgresDatabase | None, template: Template, emptier: Emptier, tmp_path: Path
) -> Settings:
    """Settings of an installation with code tables and no licences."""
    return await template.settings(store, tmp_path / "installation", emptier)


@pytest.fixture
async def installation(settings: Settings, host: Host) -> AsyncIterator[Installation]:
    """That installation, open."""
    async with open_installation(settings, host) as opened:
        yield opened
