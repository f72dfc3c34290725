"""The register of doctors in an installation of its own, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from meibo import clock
from meibo.installation import Installation
from tests.core.register.doctors import Doctors

Later = Callable[[timedelta], None]


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    """The register of doctors, empty."""
    return Doctors(installation)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let the clock run ahead of the machine's."""
    machine = clock.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: machine() + by)

    return move
