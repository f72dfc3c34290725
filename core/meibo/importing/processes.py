"""Several processes that prepare chunks, in the order of the file; a short file is prepared here."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import entry_points
from itertools import chain, islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from meibo.crypto.keys import FileKeys
from meibo.distributions import GROUP
from meibo.host import load_host
from meibo.importing.files import Line
from meibo.importing.preparing import Job, Prepared, Preparer
from meibo.professions.compiled import Profession

CHUNK = 1_000
GARBAGE = 100_000
"""Objects between two looks for cycles: rows make none, and looking took a fifth of the time."""
AHEAD = 2
"""Chunks under way for each process, beside the one that it works on."""


@dataclass(frozen=True, slots=True)
class Processes:
    """Prepares the rows of one profession in so many processes (0: as many as the machine has processors)."""

    profession: Profession
    keys: FileKeys
    job: Job
    count: int = 0

    async def prepared(self, rows: Iterable[Line]) -> AsyncIterator[Prepared]:
        """The chunks, prepared, in order."""
        chunks = _chunks(rows)
        first = list(islice(chunks, 2))
        plugin = _installed_as(self.profession)
        count = self.count or os.cpu_count() or 1
        if len(first) < 2 or plugin is None or count < 2:
            here = Preparer(self.profession, self.keys, self.job)
            for chunk in chain(first, chunks):
                yield here.prepare(chunk)
                await asyncio.sleep(0)
            return
        with ProcessPoolExecutor(
            count, get_context("spawn"), _begin, (plugin, self.profession.code, self.keys.folder, self.job)
        ) as pool:
            async for each in _in_order(pool, chain(first, chunks), count * AHEAD):
                yield each


async def _in_order(
    pool: ProcessPoolExecutor, chunks: Iterator[list[Line]], ahead: int
) -> AsyncIterator[Prepared]:
    """What the pool makes of the chunks, a few of them ahead."""
    loop = asyncio.get_running_loop()
    under_way: deque[asyncio.Future[Prepared]] = deque()
    try:
        for chunk in chunks:
            under_way.append(loop.run_in_executor(pool, _prepare, chunk))
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


def _begin(plugin: str, code: str, keys: Path, job: Job) -> None:
    """Make a process ready; it goes when the process goes that asked for it, however that ends."""
    parent = parent_process()
    assert parent is not None
    gc.set_threshold(GARBAGE)
    threading.Thread(target=_go_with, args=(parent.sentinel,), daemon=True).start()
    _preparers.append(Preparer(load_host(only=[plugin])[code], FileKeys(keys), job))


def _go_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _prepare(chunk: Sequence[Line]) -> Prepared:
    return _preparers[0].prepare(chunk)
