"""Workers that kill themselves before their n-th commit, in the register or the vault. For each line of standard input,
`NTH`, one is forked, and its exit code printed; imports are paid for once. Settings are in the environment."""

from __future__ import annotations

import asyncio
import os
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


def die(nth: int) -> int:
    """The exit code of a worker that kills itself before its n-th commit, if it comes to that."""
    child = os.fork()
    if not child:
        asyncio.run(work(Death(nth, after=False)))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for line in sys.stdin:
        print(die(int(line)), flush=True)
