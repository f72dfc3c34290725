"""Workers and acts of drills in processes of their own, most of which die by kill -9."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from meibo.settings import Settings
from tests.forking import address, told
from tests.forking.asking import ask

LONGEST = 60
"""Seconds until one must have ended."""
STANDARD_ERROR = 2


class Process:
    """A module's `main` in a process of its own, with settings in its environment."""

    def __init__(
        self, module: str, settings: Settings | None, *words: object, output: int | None = None
    ) -> None:
        environment = os.environ | (told(settings) if settings else {})
        with Path(os.devnull).open("r+b") as nowhere:
            nothing = nowhere.fileno()
            files = (nothing, output or nothing, STANDARD_ERROR)
            self.asking = ask(address(), module, [module, *map(str, words)], environment, files)
        self.asking.settimeout(LONGEST)

    def code(self) -> int:
        """Its exit code once it has ended; the signal that it died of, negative."""
        with self.asking:
            return int(self.asking.recv(8))

    async def killed(self) -> int:
        """Kill it wherever it is; its code."""
        self.asking.send(bytes([signal.SIGKILL]))
        return await asyncio.to_thread(self.code)


async def exit_code(module: str, settings: Settings | None, *words: object) -> int:
    """How a module's `main` ends in a process of its own: its exit code, or the signal that it died of, negative."""
    return await asyncio.to_thread(Process(module, settings, *words).code)


def printed(module: str, *words: str) -> str | None:
    """What a module's `main` prints in a process of its own; None where it was killed."""
    ours, its = os.pipe()
    process = Process(module, None, *words, output=its)
    os.close(its)
    with open(ours, encoding="utf-8") as output:
        text = output.read()
    code = process.code()
    assert code in (0, -signal.SIGKILL)
    return None if code else text
