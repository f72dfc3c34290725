"""Redeems tokens and kills itself with SIGKILL at a commit of the register: before it, or right after.

`before|after NTH TOKEN…`; its settings are in the environment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from meibo.database.stores import COMMIT, COMMITTED
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.settings import Settings, load_settings
from meibo.verifying import verifying_of
from tests import veterinarian
from tests.core.verifying.desk import token_shown
from tests.partners import HOSPITAL


async def redeem(settings: Settings, mark: str, nth: int, tokens: list[str]) -> None:
    """Each token is a request of its own, under a key that is its beginning."""
    host, seen = load_host([("veterinarian", veterinarian)], only={"doctor"}), 0

    def heard(what: str) -> None:
        nonlocal seen
        seen += what == mark
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    async with open_installation(settings, host) as installation:
        shares = verifying_of(installation).shares
        await shares.memory.sweep()  # Its commit is none of those counted.
        installation.register.heard.append(heard)
        for half in (tokens[::2], tokens[1::2]):  # Those of a half go in one commit.
            await asyncio.gather(*(shares.redeem(HOSPITAL, [token_shown(t)], t[:16]) for t in half))


def main() -> None:
    """Be the process."""
    when, nth, *tokens = sys.argv[1:]
    asyncio.run(redeem(load_settings(), {"before": COMMIT, "after": COMMITTED}[when], int(nth), tokens))
