"""A worker of inquiries in a process of its own, which kills itself at its n-th commit to a store: `STORE NTH WHEN`.
Its settings are in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.database.stores import Store
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.jobs.crash import Death


async def work(store: Store, death: Death) -> None:
    """Take steps until nothing is due."""
    async with open_installation(load_settings(), load_host(only={"doctor"})) as installation:
        worker = Worker(installation.register, installation.residents.handlers)
        death.watch(installation.databases[store])
        while await worker.run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Store(sys.argv[1]), Death(int(sys.argv[2]), sys.argv[3] == "after")))
