"""What the benchmarks share: a filled installation, a server of it, and the query of the README."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import httpx

from meibo.demo.filling import fill
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.settings import load_settings

MEIBO = Path(sys.executable).parent / "meibo"
HOLDERS = 200
START_SECONDS = 60
STOP_SECONDS = 20
ADDRESS = re.compile(rb"http://\S+/graphql")
QUERY = """
query Doctor($by: LicenceKey!) {
  licence(by: $by) {
    id pseudonym registrationNumber registrationDate state version
    holder { fullName fullNameKana birthDate { value text } }
    ... on DoctorLicence { register { domicileCode { label } nationalExamPassDate } }
  }
}"""
"""Twelve fields of one doctor."""
VARIABLES = {"by": {"registrationNumber": {"profession": "doctor", "number": "100001"}}}


@dataclass(frozen=True)
class Filled:
    """An installation with doctors, and a token of its demo officer."""

    folder: str
    token: str

    @property
    def environment(self) -> dict[str, str]:
        """What the server is started with."""
        return os.environ | {"MEIBO_DATA": self.folder}

    def ask(self, client: httpx.Client, address: str) -> httpx.Response:
        """The README's query once."""
        headers = {"authorization": f"Bearer {self.token}"}
        return client.post(address, json={"query": QUERY, "variables": VARIABLES}, headers=headers)


@contextmanager
def filled() -> Iterator[Filled]:
    """A filled installation under a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="meibo-bench-") as folder:
        yield Filled(folder, asyncio.run(_fill(folder)))


async def _fill(folder: str) -> str:
    settings, host = replace(load_settings(), data=folder), load_host()
    await fill(settings, host, HOLDERS, print)
    async with open_installation(settings, host) as installation:
        return await installation.tokens.issue("demo-officer", "bench")


@contextmanager
def served(
    installation: Filled, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server of the installation on a free port: the process, and the address of its API."""
    command = [str(MEIBO), "serve", "--port", "0"]
    quiet = subprocess.DEVNULL
    environment = installation.environment | dict(settings or {})
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet)  # noqa: S603
    try:
        yield process, _address(process)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _address(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := ADDRESS.search(line):
            return found[0].decode()
    raise SystemExit(f"The server stopped with exit code {process.wait()} before it said where it listens.")


def machine() -> str:
    """Where the figure was measured."""
    names = ("meibo", "meibo-graphql", "strawberry-graphql", "graphql-core", "sqlalchemy", "uvicorn")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n{versions}"
