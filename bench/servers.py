"""The four servers: each is started on its core, asked, paused while another is measured, and stopped."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.cluster import cpu_seconds
from bench.installation import Dataset
from bench.places import DATA, PEERS, QUERIES, SERVER_CORE, pinned

MEIBO = Path(sys.executable).parent / "meibo"
ADDRESS = re.compile(rb"http://\S+/graphql")
SECONDS = 60
MIB = 1 << 20


@dataclass(frozen=True)
class Server:
    """How a server is started, and which queries it understands."""

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    queries: Path
    tokens: Sequence[str] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it asks who calls, and shows opaque ids."""
        return bool(self.tokens)

    def query(self, name: str) -> str:
        """The text of a query or mutation."""
        return (self.queries / f"{name}.graphql").read_text("utf-8")


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    server: Server
    process: subprocess.Popen[bytes]
    address: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=SECONDS))

    def ask(self, query: str, variables: Mapping[str, Any], turn: int = 0) -> Any:
        """The data of an answer to the caller whose turn it is; an error in it is ours to mend."""
        tokens = self.server.tokens
        headers = {"authorization": f"Bearer {tokens[turn % len(tokens)]}"} if tokens else {}
        body = {"query": self.server.query(query), "variables": variables}
        answer = self.client.post(self.address, json=body, headers=headers)
        told = answer.json()
        if answer.status_code != 200 or "errors" in told:
            raise SystemExit(
                f"{self.server.name} answered {query} with {answer.status_code}: {answer.text[:2000]}"
            )
        return told["data"]

    def pause(self) -> None:
        """Let it do nothing at all, not even what it does behind requests."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def cpu_seconds(self) -> float:
        """What it has used so far."""
        return cpu_seconds(self.process.pid)

    def memory(self) -> float:
        """Proportional set size of the process and its children, in MiB."""
        process = psutil.Process(self.process.pid)
        family = [process, *process.children(recursive=True)]
        return float(sum(each.memory_full_info().pss for each in family)) / MIB


def peers(dataset: Dataset) -> list[Server]:
    """The other servers over the plain copy of a data set."""
    plain = dataset.plain
    dsn = f"postgresql://bench_peer@/{plain}?host={dataset.cluster.socket}"
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production", "DATABASE_URL": dsn}
    orm = {"DATABASE_URL": dataset.cluster.url(plain, "bench_peer")}
    return [
        _node("postgraphile", "PostGraphile 5", production, QUERIES / "postgraphile"),
        _node("yoga", "graphql-yoga + graphql-jit", production, QUERIES / "handwritten"),
        Server(
            "strawberry",
            "Strawberry + SQLAlchemy ORM",
            [str(DATA / "strawberry" / "bin" / "python"), "server.py"],
            _environment(orm),
            PEERS / "strawberry",
            QUERIES / "handwritten",
        ),
    ]


def _node(name: str, title: str, environment: Mapping[str, str], queries: Path) -> Server:
    program = PEERS / name / "node_modules" / ".bin" / "node"
    return Server(name, title, [str(program), "server.mjs"], _environment(environment), PEERS / name, queries)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", **given}


def ours(environment: Mapping[str, str], tokens: Sequence[str], command: Sequence[str] = ()) -> Server:
    """Our registry, as it is installed."""
    return Server(
        "meibo",
        "meibo",
        [*(command or [str(MEIBO)]), "serve", "--surface", "registry", "--port", "0"],
        environment,
        DATA,
        QUERIES / "meibo",
        tokens,
    )


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """A server until the block ends; its log is kept under `var/bench`."""
    with (DATA / f"{server.name}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the benchmarks start servers
            [*pinned(SERVER_CORE), *server.command],
            env=dict(server.environment), cwd=server.folder, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        yield Running(server, process, _address(server, process))
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(SECONDS)


def _address(server: Server, process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := ADDRESS.search(line):
            return found[0].decode()
    log = DATA / f"{server.name}.log"
    raise SystemExit(f"{server.name} stopped with exit code {process.wait()} before it listened: see {log}.")
