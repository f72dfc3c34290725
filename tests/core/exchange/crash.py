"""A worker of the exchange in a process of its own, which kills itself at its n-th commit: `NTH WHEN`. Its settings
are in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.exchange.beats import TURN
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.jobs.crash import Death


async def work(death: Death) -> None:
    """Tell what changed."""
    async with open_installation(load_settings(), load_host(only={"doctor"})) as installation:
        handlers = [each for each in installation.exchange.beats.handlers if each.kind is TURN]
        death.watch(installation.register)
        while await Worker(installation.register, handlers).run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Death(int(sys.argv[1]), sys.argv[2] == "after")))
