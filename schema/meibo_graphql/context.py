"""What every resolver of one request shares: the caller, the reader, the loaders, the ids."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from aiodataloader import DataLoader

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.codes.service import CodeTables
from meibo.identity import NumberKind, NumberStatus
from meibo.installation import Installation
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.viewing import ViewReader
from meibo.registry.views import DispositionView, GroupView, Head
from meibo_graphql.ids import NodeIds

if TYPE_CHECKING:
    from strawberry.types import Info


K = TypeVar("K")
V = TypeVar("V")
L = TypeVar("L")


class Loader(DataLoader[K, V]):
    """Loads what several fields may wait for. Where one of them is given up because a sibling of it failed, the
    others' wait goes on: a future that they shared would be cancelled for all."""

    def load(self, key: K) -> asyncio.Future[V]:
        return asyncio.shield(super().load(key))


class HeadByIdLoader(Loader[UUID, "Head | None"]):
    """Licences as they stand today."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    async def batch_load_fn(self, keys: list[UUID]) -> list[Head | None]:
        return await self.reader.heads(keys)


class PastHeadLoader(Loader[UUID, "Head | None"]):
    """Licences on one other day, as known at one instant."""

    def __init__(self, reader: Reader, as_of: date | None, known_at: datetime | None) -> None:
        super().__init__()
        self.reader, self.as_of, self.known_at = reader, as_of, known_at

    async def batch_load_fn(self, keys: list[UUID]) -> list[Head | None]:
        return await self.reader.heads(keys, self.as_of, self.known_at)


class VersionLoader(Loader[UUID, "Head | None"]):
    """Licences at stored versions, by the versions' ids."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    async def batch_load_fn(self, keys: list[UUID]) -> list[Head | None]:
        return await self.reader.versions(keys)


class GroupLoader(Loader[Head, GroupView]):
    """One group of licences at a version."""

    def __init__(self, reader: Reader, group: str) -> None:
        super().__init__(get_cache_key=lambda head: (head.id, head.content))
        self.reader, self.group = reader, group

    async def batch_load_fn(self, keys: list[Head]) -> list[GroupView]:
        return await self.reader.groups(self.group, keys)


class RowsLoader(Loader[Head, "list[GroupView]"]):
    """The rows of one list of licences at a version."""

    def __init__(self, reader: Reader, group: str) -> None:
        super().__init__(get_cache_key=lambda head: (head.id, head.content))
        self.reader, self.group = reader, group

    async def batch_load_fn(self, keys: list[Head]) -> list[list[GroupView]]:
        return await self.reader.rows(self.group, keys)


class RepliesLoader(Loader[Head, "list[tuple[UUID, GroupView]]"]):
    """The rows of a group that licences gather."""

    def __init__(self, reader: Reader, group: str) -> None:
        super().__init__(get_cache_key=lambda head: (head.version_id, head.past))
        self.reader, self.group = reader, group

    async def batch_load_fn(self, keys: list[Head]) -> list[list[tuple[UUID, GroupView]]]:
        return await self.reader.replies(self.group, keys)


class ViewsLoader(Loader[Head, "list[GroupView]"]):
    """The rows of a view of licences."""

    def __init__(self, reader: Reader, group: str) -> None:
        super().__init__(get_cache_key=lambda head: (head.version_id, head.past))
        self.reader, self.group = ViewReader(reader), group

    async def batch_load_fn(self, keys: list[Head]) -> list[list[GroupView]]:
        return await self.reader.rows(self.group, keys)


class DispositionsLoader(Loader[Head, "list[DispositionView]"]):
    """The measures of licences."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(get_cache_key=lambda head: (head.version_id, head.past))
        self.reader = reader

    async def batch_load_fn(self, keys: list[Head]) -> list[list[DispositionView]]:
        return await self.reader.dispositions(keys)


class NumberStatusLoader(Loader[Head, NumberStatus]):
    """Whether the vault holds holders' numbers."""

    def __init__(self, reader: Reader, kind: NumberKind) -> None:
        super().__init__(get_cache_key=lambda head: head.pseudonym)
        self.reader, self.kind = reader, kind

    async def batch_load_fn(self, keys: list[Head]) -> list[NumberStatus]:
        return await self.reader.number_statuses(keys, self.kind)


@dataclass(slots=True)
class RegistryContext:
    """One request to the registry."""

    installation: Installation
    principal: Principal
    reader: Reader
    ids: NodeIds
    _loaders: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """By kind and what they load, as they were first asked for."""

    @property
    def heads(self) -> HeadByIdLoader:
        """The loader of licences as they stand today."""
        return self._loader(HeadByIdLoader)

    @property
    def versions(self) -> VersionLoader:
        """The loader of stored versions."""
        return self._loader(VersionLoader)

    @property
    def dispositions(self) -> DispositionsLoader:
        """The loader of measures."""
        return self._loader(DispositionsLoader)

    @property
    def caller(self) -> str:
        """The account."""
        return self.principal.account

    @property
    def codes(self) -> CodeTables:
        """The code tables, for labels."""
        return self.installation.codes

    @property
    def log(self) -> ReadLog:
        """What the request looks at."""
        return self.reader.log

    def past(self, as_of: date | None, known_at: datetime | None = None) -> PastHeadLoader:
        """The loader of licences on a day, as known at an instant."""
        return self._loader(PastHeadLoader, as_of, known_at)

    def group(self, key: str) -> GroupLoader:
        """The loader of a group."""
        return self._loader(GroupLoader, key)

    def rows(self, key: str) -> RowsLoader:
        """The loader of a list."""
        return self._loader(RowsLoader, key)

    def replies(self, key: str) -> RepliesLoader:
        """The loader of a group of replies."""
        return self._loader(RepliesLoader, key)

    def views(self, key: str) -> ViewsLoader:
        """The loader of a view."""
        return self._loader(ViewsLoader, key)

    def numbers(self, kind: NumberKind) -> NumberStatusLoader:
        """The loader of the status of a kind of number."""
        return self._loader(NumberStatusLoader, kind)

    async def demand(self, permission: Permission, operation: str, profession: str | None = None) -> None:
        """Raise Forbidden, with a leaf, unless the caller has the permission."""
        await self.installation.guard.demand(self.principal, permission, operation, profession)

    def forget(self) -> None:
        """Drop what was loaded: a mutation has changed it."""
        for loader in self._loaders.values():
            loader.clear_all()

    def _loader(self, kind: Callable[..., L], *about: Any) -> L:
        """The one loader of a kind about something, made when it is first asked for."""
        key = (kind, *about)
        if key not in self._loaders:
            self._loaders[key] = kind(self.reader, *about)
        return cast(L, self._loaders[key])


def of(info: Info[Any, Any]) -> RegistryContext:
    """The context of a resolver."""
    return cast(RegistryContext, info.context)


def codes_of(info: Info[Any, Any]) -> CodeTables:
    """The code tables of a resolver's context, on every surface that shows codes."""
    return cast(CodeTables, info.context.codes)


def present(values: Sequence[Any]) -> list[Any]:
    """Those that are not None."""
    return [value for value in values if value is not None]
