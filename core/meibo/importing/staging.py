"""A folder beside the register in which an import stages its rows; what a dead import left there goes with the next."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "import-"


@contextmanager
def staging_folder(beside: Path) -> Iterator[Path]:
    """A folder of this import's own, which is gone afterwards."""
    for left in beside.glob(f"{PREFIX}*"):
        with _held(left) as ours:
            if ours:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=beside) as name, _held(Path(name)):
        yield Path(name)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody else holds the folder; it is held meanwhile. Who dies lets go."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = True
    except BlockingIOError:
        ours = False
    try:
        yield ours
    finally:
        os.close(handle)
