"""The desk of every test here."""

from __future__ import annotations

import pytest

from meibo.demo.keys import make_keys
from meibo.installation import Installation
from meibo.verifying import verifying_of
from tests.core.verifying.desk import Desk
from tests.holders import enter_holders
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template


@pytest.fixture
async def desk(installation: Installation) -> Desk:
    """Two people entered, and keys made."""
    make_keys(installation.authority)
    return Desk(await enter_holders(installation), verifying_of(installation))
