"""What every resolver of one holder's request shares."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from aiodataloader import DataLoader

from meibo.certificates.instances import Instance
from meibo.codes.service import CodeTables
from meibo.consent import Share, ShareUse
from meibo.partners import KnownPartner
from meibo.portal import Holder, HolderReader, Portal
from meibo.registry.readlog import ReadLog
from meibo.registry.views import Head
from meibo_graphql.ids import NodeIds, NodeKind

if TYPE_CHECKING:
    from strawberry.types import Info

Rows = list[Mapping[str, Any]]


class ShownRowsLoader(DataLoader[Head, Rows]):
    """The rows of one group, with the items that holders are shown."""

    def __init__(self, reader: HolderReader, group: str) -> None:
        super().__init__(get_cache_key=lambda head: head.id)
        self.reader, self.group = reader, group

    async def batch_load_fn(self, keys: list[Head]) -> list[Rows]:
        return await self.reader.rows(self.group, keys)


class ShareUsesLoader(DataLoader[Share, "list[ShareUse]"]):
    """The uses of shares."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(get_cache_key=lambda share: share.id)
        self.portal = portal

    async def batch_load_fn(self, keys: list[Share]) -> list[list[ShareUse]]:
        return await self.portal.consents.uses(keys)


class PartnersLoader(DataLoader[str, KnownPartner]):
    """The partners that shares and uses name: each of them is registered for good."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal

    async def batch_load_fn(self, keys: list[str]) -> list[KnownPartner]:
        found = await self.portal.partners.by_id(keys)
        return [found[id] for id in keys]


class InstancesLoader(DataLoader[Head, "list[Instance]"]):
    """The certificates of licences."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(get_cache_key=lambda head: head.id)
        self.portal = portal

    async def batch_load_fn(self, keys: list[Head]) -> list[list[Instance]]:
        found = await self.portal.certificates.of(keys)
        return [[each for each in found if each.licence == head.id] for head in keys]


@dataclass(slots=True)
class HolderContext:
    """One request of a holder: everything is looked for among the holder's own licences."""

    portal: Portal
    holder: Holder
    reader: HolderReader
    log: ReadLog
    ids: NodeIds
    uses: ShareUsesLoader = field(init=False)
    partners: PartnersLoader = field(init=False)
    instances: InstancesLoader = field(init=False)
    _own: asyncio.Future[list[Head]] | None = None
    _rows: dict[str, ShownRowsLoader] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.uses = ShareUsesLoader(self.portal)
        self.partners = PartnersLoader(self.portal)
        self.instances = InstancesLoader(self.portal)

    @property
    def caller(self) -> str:
        """Whose allowance the request counts against."""
        return self.holder.pseudonym

    @property
    def codes(self) -> CodeTables:
        """The code tables, for labels."""
        return self.portal.codes

    async def licences(self) -> list[Head]:
        """The holder's licences, loaded once."""
        if self._own is None:
            self._own = asyncio.ensure_future(self.reader.licences())
        return await self._own

    async def licence(self, id: str) -> Head | None:
        """The holder's licence of an id; None for everybody else's."""
        key = self.ids.open(id)
        if key is None or key.kind is not NodeKind.LICENCE:
            return None
        return next((head for head in await self.licences() if head.id == key.id), None)

    def rows(self, group: str) -> ShownRowsLoader:
        """The loader of a group."""
        return self._rows.setdefault(group, ShownRowsLoader(self.reader, group))


def of(info: Info[Any, Any]) -> HolderContext:
    """The context of a resolver."""
    return cast(HolderContext, info.context)
