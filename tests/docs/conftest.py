"""A demo server, as `make run` starts it, on a free port and with data of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import forking
from tests.docs.pages import ROOT, with_curl

STOP_SECONDS = 20
ALONE = {"MEIBO_PROFESSIONS": "doctor"}
"""The pages speak of doctors; filling ten registers would take a minute more."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where a demo answers, where its holders sign in, where things happen to them, and the environment in which
    commands reach its data."""

    address: str
    provider: str
    sandbox: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demo that was started once: 20 synthetic doctors, entered by the demo itself."""
    folder = tmp_path_factory.mktemp("filled")
    with serving(folder):
        pass
    return folder


@pytest.fixture
def demo(filled: Path, tmp_path: Path) -> Iterator[Demo]:
    """A running demo over data of its own."""
    data = tmp_path / "data"
    shutil.copytree(filled, data)
    with serving(data) as addresses:
        yield Demo(*addresses, with_curl(ALONE | {"MEIBO_DATA": str(data)}, tmp_path))


@contextmanager
def serving(data: Path, professions: Mapping[str, str] = ALONE, *more: str) -> Iterator[tuple[str, str, str]]:
    """The addresses of `meibo demo` over a folder, stopped at the end; `more` are words of the command."""
    command = [forking.meibo(), "demo", "--port", "0", *more]
    environment = os.environ | professions | {"MEIBO_DATA": str(data)}
    with (data.parent / f"{data.name}.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield _addresses(server, Path(log.name))
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=STOP_SECONDS)


def _addresses(server: subprocess.Popen[str], log: Path) -> tuple[str, str, str]:
    assert server.stdout is not None
    told: dict[str, str] = {}
    for line in server.stdout:
        if found := re.match(r"(GraphQL|Sign-in|Sandbox) +(http://[^/\s]+)", line):
            told[found[1]] = found[2]
        if "Sandbox" in told:
            return told["GraphQL"], told["Sign-in"], told["Sandbox"]
    raise AssertionError(f"The demo did not start: {log.read_text()}")
