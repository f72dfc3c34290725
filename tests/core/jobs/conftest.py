"""A register's store with an empty queue, and without notes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from meibo.database.stores import Database
from meibo.installation import Installation
from meibo.register.tables import installation as facts


@pytest.fixture
async def register(installation: Installation) -> AsyncIterator[Database]:
    database = installation.register
    yield database
    async with database.write() as work:  # Facts of an installation outlive a test on PostgreSQL.
        await work.connection.execute(delete(facts).where(facts.c.name.startswith("note-")))
        await work.commit()
