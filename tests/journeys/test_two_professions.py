"""One person, two registers of one installation."""

from __future__ import annotations

import pytest

from meibo.installation import Installation
from meibo.values.pseudonyms import LicencePseudonym
from tests.veterinarian.installed import OFFICER, enter_both
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template


async def test_x(installation: Installation) -> None:
    made = await enter_both(installation)
    print(made)
