"""An installation of its own for a test: migrated, with code tables, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from meibo.access.permissions import ROLES, Permission, Role
from meibo.access.principals import Principal, Surface
from meibo.access.tokens import command_principal
from meibo.database.stores import Store
from meibo.host import Host
from meibo.installation import migrate, open_installation, seed_codes
from meibo.settings import Settings
from tests.emptying import Emptier
from tests.postgres import PostgresDatabase


@dataclass(slots=True)
class Template:
    """Migrates and seeds once for each place, and gives every test a fresh copy or an emptied database."""

    folder: Path
    host: Host
    seeded: dict[str, Path] = field(default_factory=dict)

    async def settings(
        self, place: PostgresDatabase | None, target: Path, emptier: Emptier | None = None
    ) -> Settings:
        """Settings of an installation that holds code tables and nothing else."""
        name = place.name if place else "sqlite"
        source = self.folder / name
        if name not in self.seeded:
            await self._seed(settings_of(place, source))
            self.seeded[name] = source
        elif place:
            assert emptier, "A database that tests share is emptied by the one who has a connection to it."
            await emptier.empty(place)
        shutil.copytree(source, target, dirs_exist_ok=True)
        return settings_of(place, target)

    async def _seed(self, settings: Settings) -> None:
        await migrate(settings, self.host)
        async with open_installation(settings, self.host) as installation:
            await seed_codes(installation, command_principal("seed", self.host.professions))


def settings_of(place: PostgresDatabase | None, folder: Path) -> Settings:
    """Settings that keep everything under `folder`, or in one PostgreSQL database as owner and server."""
    settings = Settings(data=str(folder), terminal="test")
    if place is None:
        return settings
    urls: dict[str, Any] = {f"{store}_url": place.app_url for store in Store}
    urls |= {f"{store}_owner_url": place.owner_url for store in Store}
    return replace(settings, **urls)


def principal(
    role: Role = Role.OFFICER, professions: frozenset[str] | set[str] = frozenset({"doctor"}), account: str = "tester",
    *, without: frozenset[Permission] = frozenset(), plus: frozenset[Permission] = frozenset(),
) -> Principal:  # fmt: skip
    """A caller in a role, with permissions taken away or added."""
    permissions = (ROLES[role] - without) | plus
    return Principal(
        account, "Test office", "terminal-1", Surface.REGISTRY, permissions, frozenset(professions)
    )
