"""A worker in a process of its own, which kills itself before its n-th commit, in the register or the vault: `NTH`. Its
settings are in the environment."""

from __future__ import annotations

import asyncio
import sys

from meibo.database.stores import Store
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.jobs import Worker
from meibo.settings import load_settings
from tests.core.exchange.inbound.conftest import KINDS, PROFESSION
from tests.core.jobs.crash import Death


async def work(death: Death) -> None:
    """Take what came, and answer it."""
    async with open_installation(load_settings(), load_host(only={PROFESSION})) as installation:
        handlers = [each for each in installation.handlers if each.kind.name in KINDS]
        for store in (Store.REGISTER, Store.LINKS, Store.NUMBERS, Store.KEYS):
            death.watch(installation.databases[store])
        while await Worker(installation.register, handlers).run_one():
            pass


def main() -> None:
    """Be the worker."""
    asyncio.run(work(Death(int(sys.argv[1]), after=False)))
