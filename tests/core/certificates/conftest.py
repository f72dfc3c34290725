"""One issuing system for all tests of certificates."""

from __future__ import annotations

import pytest

from tests.core.certificates.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """The issuing system; what a verifier remembers is never shared."""
    return World()
