"""A worker of checks in a process of its own, which kills itself right before or right after its n-th commit:
`NTH AFTER SOURCE`; with 0 it works until somebody else kills it. The source is the tests' registry, or the network
that the settings name, which stand in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.checking.standins import Checked, Registry
from tests.core.jobs.crash import Death


async def work(death: Death, source: str) -> None:
    """Work off the queue."""
    async with open_installation(load_settings(), load_host(only={"doctor"})) as installation:
        death.watch(installation.register)
        linked = [*installation.checks.handlers, *installation.residents.handlers]
        worker = (
            Worker(installation.register, linked)
            if source == "residents"
            else Checked.of(installation, Registry()).worker
        )
        if not death.nth:
            await worker.run(asyncio.Event())
        while await worker.run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Death(int(sys.argv[1]), sys.argv[2] == "after"), sys.argv[3]))
