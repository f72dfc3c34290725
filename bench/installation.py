"""Our installation for so many doctors: five databases of the cluster, migrated, with codes, accounts and tokens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.cluster import Cluster
from bench.places import DATA
from meibo.access.permissions import Role
from meibo.access.tokens import Account, command_principal
from meibo.database.stores import Store
from meibo.host import load_host
from meibo.installation import migrate, open_installation, seed_codes
from meibo.settings import Settings

ACCOUNTS = tuple(f"bench-{number}" for number in range(1, 9))
"""Requests come from eight officers in turn: nobody has more under way than one caller may."""
TOKEN_HOURS = 24


@dataclass(frozen=True)
class Dataset:
    """So many doctors, in databases of the cluster; `narrow` leaves out what only searches and reports read."""

    cluster: Cluster
    doctors: int
    narrow: bool = False

    @property
    def name(self) -> str:
        """What its databases' names begin with."""
        return f"bench_{self.doctors}{'_narrow' if self.narrow else ''}"

    @property
    def plain(self) -> str:
        """The database with the same doctors in the clear, for the peers."""
        return f"{self.name}_plain"

    @property
    def register(self) -> str:
        """The database of our register."""
        return f"{self.name}_{Store.REGISTER}"

    @property
    def given(self) -> Mapping[str, str]:
        """The settings that our server is started with, by name; all others are the defaults."""
        urls = {
            f"{store}_{kind}url": self.cluster.url(f"{self.name}_{store}", role)
            for store in Store
            for kind, role in (("", "bench_app"), ("owner_", "bench_owner"))
        }
        return {"data": str(DATA / self.name), **urls}

    @property
    def settings(self) -> Settings:
        """Those settings as our code takes them."""
        given: dict[str, Any] = dict(self.given)
        return Settings(**given)

    @property
    def environment(self) -> dict[str, str]:
        """Those settings as a process takes them; the owners' URLs are not the server's business."""
        told = {name: value for name, value in self.given.items() if "_owner_" not in name}
        return environment(told)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with these settings alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEIBO_")}
    return kept | {f"MEIBO_{name.upper()}": value for name, value in settings.items()}


async def make_installation(dataset: Dataset) -> None:
    """Databases, tables and code tables, without a doctor."""
    for store in Store:
        await dataset.cluster.make_database(f"{dataset.name}_{store}")
    await prepare(dataset.settings)


async def prepare(settings: Settings) -> None:
    """Migrate an installation, and add codes."""
    host = load_host()
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        await seed_codes(installation, command_principal("bench", host.professions))


async def tokens(settings: Settings) -> list[str]:
    """A fresh token for each account; those that are missing are added."""
    async with open_installation(settings) as installation:
        known = {account.id for account in await installation.tokens.accounts()}
        for id in sorted(set(ACCOUNTS) - known):
            await installation.tokens.add_account(_officer(id))
        return [await installation.tokens.issue(id, "bench", TOKEN_HOURS) for id in ACCOUNTS]


def _officer(id: str) -> Account:
    return Account(
        id=id,
        name_ja="測定担当",
        name_en="Bench",
        institution="測定用",
        role=Role.OFFICER,
        professions=("*",),
    )


def sqlite_settings() -> Settings:
    """An installation on SQLite with the default settings."""
    return Settings(data=str(DATA / "sqlite"))
