"""Several processes that prepare chunks, in the order of the file; a short file is prepared here."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from itertools import chain, islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

from meibo.crypto.keys import FileKeys
from meibo.distributions import GROUP
from meibo.host import load_host
from meibo.identity import Drawn
from meibo.importing.files import Line
from meibo.importing.preparing import Job, Prepared, Preparer
from meibo.importing.staging import MOST_FILES
from meibo.professions.compiled import Profession

CHUNK = 1_000
GARBAGE = 100_000
"""Objects between two looks for cycles: rows make none, and looking took a fifth of the time."""
NICENESS, BEHIND = 5, 10
"""How far the process that waits for the databases, and those that prepare rows, stand back: whoever reads the register
meanwhile comes first."""
AHEAD = 2
"""Chunks under way for each process, beside the one that it works on."""
Work = Callable[[Preparer, Any], Any]
Mapped = Callable[[Work, Iterable[Any]], AsyncIterator[Any]]


@dataclass(frozen=True, slots=True)
class Workers:
    """Does the work of one import, chunk by chunk and in order."""

    chunks: Iterable[list[Line]]
    mapped: Mapped

    def prepared(self) -> AsyncIterator[Prepared]:
        """The rows, prepared."""
        return self.mapped(Preparer.prepare, self.chunks)

    def drawn(self, packed: Iterable[Sequence[bytes]]) -> AsyncIterator[Drawn]:
        """The holders of some chunks, and of the next ones, as the vault will keep them."""
        return self.mapped(Preparer.drawn, packed)


@dataclass(frozen=True, slots=True)
class Processes:
    """Prepares the rows of one profession in so many processes (0: as many as the machine has processors)."""

    profession: Profession
    keys: FileKeys
    job: Job
    count: int = 0

    @asynccontextmanager
    async def at_work(self, rows: Iterable[Line]) -> AsyncIterator[Workers]:
        """What works on these rows, until it is left."""
        chunks = _chunks(rows)
        first = list(islice(chunks, 2))
        plugin = _installed_as(self.profession)
        count = at_once(self.count, self.job.folder)
        every = chain(first, chunks)
        if len(first) < 2 or plugin is None or count < 2:
            yield Workers(every, partial(_here, Preparer(self.profession, self.keys, self.job)))
            return
        begun = (plugin, self.profession.code, self.keys, self.job)
        with ProcessPoolExecutor(count, get_context("spawn"), _begin, begun) as pool:
            yield Workers(every, partial(_in_order, pool, count * AHEAD))


def at_once(count: int, folder: Path | None) -> int:
    """How many processes work: as many as the machine has processors where `count` is 0, but no more than may stage
    rows in a folder."""
    wanted = count or os.cpu_count() or 1
    return wanted if folder is None else min(wanted, MOST_FILES)


async def _here(preparer: Preparer, work: Work, chunks: Iterable[Any]) -> AsyncIterator[Any]:
    """What this process makes of the chunks."""
    for chunk in chunks:
        yield work(preparer, chunk)
        await asyncio.sleep(0)


async def _in_order(
    pool: ProcessPoolExecutor, ahead: int, work: Work, chunks: Iterable[Any]
) -> AsyncIterator[Any]:
    """What the pool makes of the chunks, a few of them ahead."""
    loop = asyncio.get_running_loop()
    under_way: deque[asyncio.Future[Any]] = deque()
    try:
        for chunk in chunks:
            under_way.append(loop.run_in_executor(pool, _at_work, work, chunk))
            if len(under_way) > ahead:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for future in under_way:
            future.cancel()


def _chunks(rows: Iterable[Line]) -> Iterator[list[Line]]:
    lines = iter(rows)
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _installed_as(profession: Profession) -> str | None:
    """The name under which another process finds the plugin; None for one that is not installed."""
    found = (e.name for e in entry_points(group=GROUP) if e.module == profession.plugin.package)
    return next(found, None)


_preparers: list[Preparer] = []
"""The one of this process, where it is one of the pool's."""


def _begin(plugin: str, code: str, keys: FileKeys, job: Job) -> None:
    """Make a process ready; it goes when the process goes that asked for it, however that ends."""
    parent = parent_process()
    assert parent is not None
    stand_back(BEHIND)
    threading.Thread(target=_go_with, args=(parent.sentinel,), daemon=True).start()
    _preparers.append(Preparer(load_host(only=[plugin])[code], keys, job))


def stand_back(niceness: int = NICENESS) -> None:
    """Let this process give way to others, and look for cycles seldom."""
    gc.set_threshold(GARBAGE)
    os.nice(max(0, niceness - os.nice(0)))


def _go_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _at_work(work: Work, chunk: Any) -> Any:
    return work(_preparers[0], chunk)
