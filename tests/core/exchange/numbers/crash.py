"""A worker's turn of the numbers in a process of its own, which kills itself at its n-th commit: `NTH WHEN`. Its
settings are in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.host import load_host
from meibo.installation import open_installation
from meibo.settings import load_settings
from tests.core.jobs.crash import Death


async def work(death: Death) -> None:
    """Send erasures on, and hand numbers over."""
    async with open_installation(load_settings(), load_host(only={"pharmacist"})) as installation:
        [feed] = installation.exchange.beats.numbers.values()
        death.watch(installation.register)
        await feed.turn()


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Death(int(sys.argv[1]), sys.argv[2] == "after")))
