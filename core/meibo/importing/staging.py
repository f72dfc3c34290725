"""A folder beside the SQLite register in which the processes of an import stage their rows, each in a file of its own;
what a dead import left there goes with the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Table

from meibo.database.bulk import Ready, insertion, shape_of

PREFIX = "import-"
MOST_FILES = 8
"""SQLite attaches no more than ten; and one process that takes rows over keeps fewer than these busy."""


@contextmanager
def staging_folder(beside: Path) -> Iterator[Path]:
    """A folder of this import's own, which is gone afterwards."""
    for left in beside.glob(f"{PREFIX}*"):
        with _held(left) as ours:
            if ours:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=beside) as name, _held(Path(name)):
        yield Path(name)


def stage(folder: Path, targets: Sequence[Table], rows: Mapping[str, Ready]) -> None:
    """Add rows to this process's file. Nothing waits for the disk: with the machine the whole import goes."""
    with closing(sqlite3.connect(folder / f"{os.getpid()}.db", isolation_level=None)) as file:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            file.execute(f"PRAGMA {pragma}")
        file.execute("BEGIN")
        for target in targets:
            columns = shape_of(target, "sqlite").columns
            names = ", ".join(f'"{name}"' for name in columns)
            file.execute(f'CREATE TABLE IF NOT EXISTS "{target.name}" ({names})')
            queued = rows.get(target.name, ())
            assert not isinstance(queued, bytes)
            file.executemany(insertion(target.name, columns), queued)
        file.execute("COMMIT")


def staged_files(folder: Path) -> list[Path]:
    """The files of all processes."""
    return sorted(folder.glob("*.db"))


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
