"""A demo server, as `make run` starts it, on a free port and with data of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, with_curl

STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Demo:
    """Where a demo answers, and the environment in which commands reach its data."""

    address: str
    environment: dict[str, str]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A running demo with its 200 synthetic doctors."""
    environment = with_curl({"MEIBO_DATA": str(tmp_path / "data")}, tmp_path)
    command = [str(Path(sys.executable).parent / "meibo"), "demo", "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield Demo(_address(server, tmp_path / "log"), environment)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=STOP_SECONDS)


def _address(server: subprocess.Popen[str], log: Path) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.match(r"GraphQL +(http://\S+)/registry/graphql", line):
            return found[1]
    raise AssertionError(f"The demo did not start: {log.read_text()}")
