"""A worker in a process of its own, which kills itself right before or right after its n-th commit: `URL NTH AFTER`;
with 0 it works until somebody else kills it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from meibo.database.stores import Database
from meibo.jobs import Handler, Worker
from tests.core.jobs.kinds import BRIEF, noting, slowly


@dataclass(slots=True)
class Death:
    """Counts the commits of a database, and kills the process at one of them."""

    nth: int
    after: bool
    commits: int = field(default=0, init=False)

    def watch(self, database: Database) -> None:
        for engine in {database._reading, database._writing}:
            event.listen(engine.sync_engine, "commit", self.about_to_commit)
            event.listen(engine.sync_engine, "checkin", self.given_back)

    def about_to_commit(self, _connection: Any) -> None:
        self.commits += 1
        self._die(self.after is False)

    def given_back(self, _connection: Any, _record: Any) -> None:
        """The first connection that is given back after a commit is the one that has committed."""
        self._die(self.after)

    def _die(self, here: bool) -> None:
        if here and self.commits == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)


async def work(url: str, death: Death) -> None:
    """Work off the queue."""
    database = Database(url)
    death.watch(database)
    worker = Worker(database, [noting(), Handler(BRIEF, slowly)])
    if not death.nth:
        await worker.run(asyncio.Event())
    while await worker.run_one():
        pass
    await database.close()


def main() -> None:
    """Be the worker."""
    asyncio.run(work(sys.argv[1], Death(int(sys.argv[2]), sys.argv[3] == "after")))
