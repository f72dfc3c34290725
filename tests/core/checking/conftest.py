"""A register of doctors, and a registry that is asked about them."""

from __future__ import annotations

import pytest

from meibo.installation import Installation
from tests.core.checking.standins import Checked, Registry
from tests.core.register.doctors import Doctors


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    """The register of doctors, empty."""
    return Doctors(installation)


@pytest.fixture
def registry() -> Registry:
    """A registry to which nothing has happened yet."""
    return Registry()


@pytest.fixture
def checked(installation: Installation, registry: Registry) -> Checked:
    """Checks that ask it."""
    return Checked.of(installation, registry)
