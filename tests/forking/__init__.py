"""Programs of ours in processes of their own, forked from one that has imported everything: a start takes a
twentieth of the time. Whatever runs programs runs these like any others, signals and exit codes included."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from meibo.settings import Settings

ROOT = Path(__file__).parents[2]
PROGRAM = """#!{python} -IS
import sys
sys.path.append({here!r})
from asking import run
run({address!r}, {module!r})
"""
"""What lies in the program's file: it asks for a fork, and ends as that ends."""
SERVER = "from tests.forking.server import main; main()"
"""Not a module's name: a program would take that for its own."""


@cache
def forked(module: str, name: str = "") -> str:
    """The program that calls `main` of a module; `name` is what its file is called, the module's unless given."""
    folder = Path(address()).parent
    program = folder / (name or module)
    here = str(Path(__file__).parent)
    program.write_text(PROGRAM.format(python=sys.executable, here=here, address=address(), module=module))
    program.chmod(0o755)
    return str(program)


def meibo() -> str:
    """The command."""
    return forked("meibo.cli", "meibo")


@cache
def address() -> str:
    """Where this process's own server listens, in a folder that is kept for programs; it ends with this process."""
    folder = mkdtemp(prefix="meibo-forking-")
    address = f"{folder}/socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", SERVER, str(listening.fileno())],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, pass_fds=[listening.fileno()],
        )  # fmt: skip
    atexit.register(shutil.rmtree, folder)
    atexit.register(process.communicate)
    return address


def told(settings: Settings) -> dict[str, str]:
    """Settings as environment variables."""
    return {f"MEIBO_{name.upper()}": str(value) for name, value in asdict(settings).items()}
