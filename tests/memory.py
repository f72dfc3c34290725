"""Where tests keep their files: in memory where there is room, since SQLite waits for the disk at each commit, and a
database of PostgreSQL is a thousand files."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 * 2**30
"""Bytes that must be free there; a container often has 64 MiB."""


def keep_files_in_memory() -> None:
    """Let pytest and whatever tests start make their folders in memory, unless told where. Programs must run from
    there: tests install some."""
    if has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None  # It is asked for anew.


def has_room(folder: Path) -> bool:
    """Whether a folder has room for what tests write, and lets programs run."""
    if not folder.is_dir():
        return False
    return shutil.disk_usage(folder).free > ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC
