"""Serving a plugin while its author edits it: a server of its own process, started anew on every save."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

SECONDS = 0.3
"""How often the files are looked at."""
WATCHED = frozenset({".py", ".toml"})
PROGRAM = "from meibo.cli import main; main()"


def serve_watching(root: Path, arguments: Sequence[str]) -> None:
    """Run `meibo` with these arguments until SIGINT or SIGTERM, anew whenever a file below `root` is saved.

    Where it ends with an error (it has printed its sentence), the next save starts it again.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    child: subprocess.Popen[bytes] | None = None
    try:
        while True:
            seen = _saved(root)
            child = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments])  # noqa: S603 - our own program
            while _saved(root) == seen:
                time.sleep(SECONDS)
            click.echo("Saved: starting again …")
            _stop(child)
    except KeyboardInterrupt:
        pass
    finally:
        if child:
            _stop(child)


def _saved(root: Path) -> dict[str, int]:
    """When each file was saved last."""
    return {str(f): f.stat().st_mtime_ns for f in root.rglob("*") if f.suffix in WATCHED and f.is_file()}


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    child.wait()
