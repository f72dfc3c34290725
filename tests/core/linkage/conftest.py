"""The register of doctors in an installation of its own."""

from __future__ import annotations

import pytest

from meibo.installation import Installation
from tests.core.register.doctors import Doctors


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    """The register of doctors, empty."""
    return Doctors(installation)
