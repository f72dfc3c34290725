"""The plugin under check: compiled, beside its sources and an installation with synthetic holders."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Self

from meibo.demo.holders import Row, holder_rows
from meibo.distributions import distribution_at, plugin_at
from meibo.errors import MeiboError
from meibo.host import Host, load_host
from meibo.professions.compiled import GroupSpec
from meibo.register.tables import forget_tables
from meibo.settings import Settings
from meibo.testing.sources import Sources

MANY_HOLDERS = 300
HOLDERS = 25
"""Synthetic holders of the sample: as many as the larger of two pages whose statements are counted."""


@dataclass
class Subject:
    """A plugin at `path`; `postgres` is the URL of a superuser of a server where its migrations are tried."""

    path: Path
    postgres: str = ""
    stack: ExitStack = field(default_factory=ExitStack)
    filled: bool | MeiboError = False
    """Whether its installation was migrated and filled, or why it could not be."""

    def __post_init__(self) -> None:
        self.name, self.module = plugin_at(self.path)
        self.alone = load_host([self.plugin], only=())
        [self.profession] = self.alone.professions.values()
        forget_tables(self.profession.code)
        self.sources = Sources(self.profession.plugin, Path(str(self.module.__file__)).parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @property
    def plugin(self) -> tuple[str, ModuleType]:
        """The plugin as `load_host` takes it."""
        return self.name, self.module

    @property
    def root(self) -> Path:
        """The folder of its distribution."""
        return distribution_at(self.path).root

    @cached_property
    def beside(self) -> Host:
        """The plugin beside every installed one; raises PluginError where they clash."""
        return load_host([self.plugin])

    @cached_property
    def rows(self) -> list[Row]:
        """Synthetic holders as rows of an import."""
        return list(holder_rows(self.alone, self.profession.code, HOLDERS))

    def many_rows(self) -> Iterator[Row]:
        """As many as it takes for what few holders have, such as a common name."""
        return holder_rows(self.alone, self.profession.code, MANY_HOLDERS)

    @cached_property
    def settings(self) -> Settings:
        """Where the plugin's own installation lies, on SQLite; its folder goes with the subject."""
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="meibo-check-"))
        return Settings(data=folder, terminal="check")

    def own_groups(self) -> list[GroupSpec]:
        """The groups that the plugin declares itself."""
        return [spec for spec in self.profession.groups.values() if not spec.shared]
