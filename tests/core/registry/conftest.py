"""The register of doctors in an installation of its own, and a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.database.recording import recording
from meibo.installation import Installation
from tests.core.register.doctors import Doctors

Later = Callable[[timedelta], None]


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    """The register of doctors, empty."""
    return Doctors(installation)


@pytest.fixture
async def later(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Later]:
    """Let the clock run ahead of the machine's; the last instant recorded is set back in the end."""
    machine, before = clock.now, select(recording.c.last_at).where(recording.c.id == 1)
    async with installation.register.read() as connection:
        last_at = (await connection.execute(before)).scalar_one()

    def move(by: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: machine() + by)

    yield move
    async with installation.register.write() as work:
        await work.connection.execute(update(recording).values(last_at=last_at))
        await work.commit()
