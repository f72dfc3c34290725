"""A worker in a process of its own, which kills itself at its n-th commit to any store: `NTH WHEN`. Its settings are in
the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.jobs.crash import Death


async def work(death: Death) -> None:
    """Deliver what waits."""
    async with open_installation(load_settings(), load_host(only={"doctor"})) as installation:
        worker = Worker(installation.register, installation.links.handlers)
        for database in installation.databases.values():
            death.watch(database)
        while await worker.run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Death(int(sys.argv[1]), sys.argv[2] == "after")))
