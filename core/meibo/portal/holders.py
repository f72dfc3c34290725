"""Reading for whoever has signed in: their own licences, and of each what its profession shows holders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.audit.subjects import SubjectAccess, subject_access
from meibo.crypto.keys import derive
from meibo.database.paging import Cursors, Page, PageRequest, Position
from meibo.database.stores import Database
from meibo.identity import HeldLicence
from meibo.register import tables
from meibo.registry.claims import ClaimView, certificate_claims, claim_groups
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.views import ActionView, DispositionView, GroupView, Head
from meibo.values.pseudonyms import PortalPseudonym

INSTITUTION = "本人"
"""Who looked, where a holder did."""
TERMINAL = "portal"
OPERATION = "portal"
"""Of every look: a name that the caller chooses would stand in the leaves of two licences of one person."""
GRANTED = frozenset(
    {
        Permission.HISTORY_READ,
        Permission.LICENCE_READ,
        Permission.PERSONAL_READ,
        Permission.SENSITIVE_READ,
    }
)
"""What a reader is told to let through; `HolderReader` narrows it to the holder's own, and to what is shown them."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has signed in, and the licences that are theirs: none for a stranger."""

    pseudonym: PortalPseudonym = field(repr=False)
    licences: tuple[HeldLicence, ...] = field(repr=False)

    def reading(self) -> Principal:
        """The caller of a reader; leaves name it by each register's alias."""
        return self._principal("holder", {held.profession for held in self.licences})

    def acting(self, profession: str) -> Principal:
        """The caller as the leaves of one profession name it: by its register's own alias."""
        [held] = [held for held in self.licences if held.profession == profession]
        return self._principal(held.alias, {profession})

    def _principal(self, account: str, professions: set[str]) -> Principal:
        return Principal(account, INSTITUTION, TERMINAL, Surface.PORTAL, GRANTED, frozenset(professions))


@dataclass(slots=True)
class HolderLog(ReadLog):
    """A read log whose leaves name the holder as the register of each does: equal in no two of them."""

    holder: Holder | None = None

    def caller(self, profession: str) -> Principal:
        """The holder, by that register's alias."""
        assert self.holder is not None
        return self.holder.acting(profession)


@dataclass(frozen=True, slots=True)
class LicenceAccess:
    """Who looked at a licence: the institution and the purpose, not the official."""

    access: SubjectAccess

    @property
    def by_holder(self) -> bool:
        """Whether it was the holder."""
        return self.access.surface == Surface.PORTAL


class HolderReader:
    """Reads for one holder and one request; every head that it takes is one that it gave."""

    def __init__(self, reader: Reader, holder: Holder, audit: Database) -> None:
        self.holder = holder
        self._reader = reader
        self._audit = audit

    async def licences(self) -> list[Head]:
        """The holder's licences as they stand today, by profession."""
        held = {licence.pseudonym for licence in self.holder.licences}
        row, scopes = tables.licence.c, self._reader.scopes
        scope = scopes.of_principal(self._reader.principal)
        found = select(row.id).where(row.scope.in_(scope), row.pseudonym.in_(held))
        async with self._reader.database.read(scope) as connection:
            ids = (await connection.scalars(found)).all()
        heads = [head for head in await self._reader.heads(ids) if head]
        return sorted(heads, key=lambda head: list(scopes.host.professions).index(head.profession))

    async def rows(self, key: str, heads: Sequence[Head]) -> list[list[Mapping[str, Any]]]:
        """The rows of a group (the one, of a group that stands once), with the items that holders are shown."""
        found = await self._reader.rows(key, heads)
        return [
            [self._shown(key, head, row) for row in rows] for head, rows in zip(heads, found, strict=True)
        ]

    async def who(self, head: Head) -> GroupView:
        """Name, reading, birth date and sex of the holder."""
        return self._reader.holder(head, await self._groups(head, self._reader.holder_groups(head)))

    async def registered(self, head: Head) -> Any:
        """The day of registration as the item holds it."""
        key, _, name = self._reader.scopes.host[head.profession].plugin.registered.partition(".")
        return (await self._groups(head, (key,)))[key].values.get(name)

    async def claims(self, head: Head) -> tuple[ClaimView, ...]:
        """What a certificate of the licence shows today: what may be shared. None where it does not stand."""
        profession = self._reader.scopes.host[head.profession]
        groups = await self._groups(head, claim_groups(profession))
        return certificate_claims(profession, head, groups, self._reader.codes)

    async def history(self, head: Head, request: PageRequest) -> Page[ActionView]:
        """The acts on the licence, oldest first."""
        return await self._reader.history(head, request)

    async def dispositions(self, heads: Sequence[Head]) -> list[list[DispositionView]]:
        """The measures against the holder."""
        return await self._reader.dispositions(heads)

    async def accesses(self, head: Head, request: PageRequest) -> Page[LicenceAccess]:
        """Who looked at the licence, newest first. Raises BadCursor for a cursor of another list."""
        key = derive(self._reader.keys.newest("cursors"), "accesses")
        cursors, size = Cursors(key, b"accesses|" + head.id.bytes), request.size
        after = cursors.open(request.after)
        before = int(after.values[0]) if after else None
        found = await subject_access(self._audit, head.pseudonym, before=before, limit=size + 1)
        looks = [LicenceAccess(each) for each in found[:size]]
        marks = [cursors.seal(Position((each.access.index,), each.access.at)) for each in looks]
        return Page(looks, marks, len(found) > size, after is not None, clock.now())

    async def _groups(self, head: Head, keys: Sequence[str]) -> dict[str, GroupView]:
        return {key: (await self._reader.groups(key, [head]))[0] for key in keys}

    def _shown(self, key: str, head: Head, row: GroupView) -> Mapping[str, Any]:
        shown = self._reader.scopes.host[head.profession].shown_to_holder.get(key, ())
        return {item.name: row.values.get(item.name) for item in shown}
