"""What a run needs, from the registries: wrk from Debian, Node and two peers from npm, a third peer from PyPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.places import DATA, PEERS

NODE_PEERS = ("postgraphile", "yoga")
DEBIAN = {"wrk": "wrk", "taskset": "util-linux", "npm": "npm"}
"""Programs that are on the path, and the packages that bring them."""


def provide(tell: Callable[[str], None]) -> None:
    """Install what is missing; SystemExit says what only the machine's owner can install."""
    DATA.mkdir(parents=True, exist_ok=True)
    if missing := sorted({package for program, package in DEBIAN.items() if not shutil.which(program)}):
        _install_debian(missing, tell)
    for name in NODE_PEERS:
        _install_node(PEERS / name, tell)
    _install_python(PEERS / "strawberry" / "requirements.txt", DATA / "strawberry", tell)


def _install_debian(packages: Sequence[str], tell: Callable[[str], None]) -> None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(
            f"Install {', '.join(packages)} first (Debian: apt-get install {' '.join(packages)})."
        )
    tell(f"Installing {', '.join(packages)} …")
    _run(["apt-get", "update", "-qq"])
    _run(["apt-get", "install", "-y", "-qq", *packages])


def _install_node(peer: Path, tell: Callable[[str], None]) -> None:
    """The packages that a peer names; Node itself is one of them."""
    done = peer / "node_modules" / ".bench"
    wanted = (peer / "package.json").read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return
    tell(f"Installing {peer.name} from npm …")
    _run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], peer)
    _run([str(peer / "node_modules" / ".bin" / "node"), "--version"])
    done.write_text(wanted, "utf-8")


def _install_python(requirements: Path, folder: Path, tell: Callable[[str], None]) -> None:
    done, wanted = folder / ".bench", requirements.read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return
    tell("Installing Strawberry and SQLAlchemy from PyPI …")
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    _run([*pip, "--requirement", str(requirements)])
    done.write_text(wanted, "utf-8")


def _run(command: Sequence[str], folder: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"`{' '.join(command)}` ended with exit code {error.returncode}.") from None
