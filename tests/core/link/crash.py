"""A worker of links in a process of its own, which kills itself at its n-th commit: `ADDRESS NTH WHEN`. Its settings
are in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.jobs.crash import Death
from tests.core.link.conftest import inspected


async def work(address: str, death: Death) -> None:
    """Deliver what waits."""
    async with open_installation(load_settings(), load_host(only={"doctor"})) as installation:
        links = inspected(installation, address)
        worker = Worker(installation.register, links.handlers)
        death.watch(installation.register)
        while await worker.run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(sys.argv[1], Death(int(sys.argv[2]), sys.argv[3] == "after")))
