"""Opening an installation whose plugins are not what their tables are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from meibo.errors import MigrationError, PluginError
from meibo.host import load_host
from meibo.installation import migrate, open_installation
from meibo.register.tables import forget_tables
from meibo.settings import Settings
from tests.core.professions.dancers import module

SENTENCE = (
    "Plugin 'dancer': no migration of it makes dancer_register.scope, which it declares:"
    " write one with `meibo plugin migrate`, then run `meibo migrate`."
)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Other tests of this process compare all tables that core knows with those of their database."""
    yield
    forget_tables("dancer")


@pytest.mark.stores
@pytest.mark.usefixtures("forgotten")
async def test_a_plugin_without_the_migration_of_its_tables(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    tolerant = replace(settings, quarantine=True)
    host = load_host([("dancer", module())], only={"doctor"})
    with pytest.raises(PluginError) as refused:
        await migrate(settings, host)
    assert refused.value.en == SENTENCE
    await migrate(tolerant, host)
    with pytest.raises(PluginError) as refused:
        async with open_installation(settings, host):
            pass
    assert refused.value.en == SENTENCE
    async with open_installation(tolerant, host) as installation:
        assert list(installation.host.professions) == ["doctor"]
        assert installation.host.quarantined == {"dancer": SENTENCE}


@pytest.mark.stores
async def test_a_plugin_under_quarantine_leaves_its_tables_alone(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    await migrate(settings, load_host(only={"doctor"}))
    with pytest.raises(MigrationError, match="not installed here"):
        async with open_installation(settings, load_host(only=())):
            pass
    host = load_host(only={"doctor"}).without({"doctor": "broken"})
    async with open_installation(settings, host) as installation:
        assert installation.host.quarantined == {"doctor": "broken"}
