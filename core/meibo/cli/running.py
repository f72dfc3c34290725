"""What commands share: settings, an opened installation, the operator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TextIO, TypeVar

from meibo.access.principals import Principal, Surface
from meibo.access.tokens import command_principal
from meibo.installation import Installation, open_installation
from meibo.settings import load_settings

T = TypeVar("T")


def with_installation(work: Callable[[Installation, Principal], Awaitable[T]]) -> T:
    """Run `work` with the installation of the present settings and the operator as principal."""

    async def run() -> T:
        settings = load_settings()
        async with open_installation(settings) as installation:
            operator = command_principal(settings.terminal, installation.host.professions)
            return await work(installation, operator)

    return asyncio.run(run())


async def acting(installation: Installation, operator: Principal, token_file: TextIO | None) -> Principal:
    """Whoever's token the file holds, else the operator. Raises Unauthenticated."""
    if token_file is None:
        return operator
    return await installation.tokens.principal(token_file.read().strip(), Surface.COMMAND)
