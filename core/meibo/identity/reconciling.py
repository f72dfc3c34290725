"""Sweeping what acts that died between two stores have left: at times, and after every restore."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.errors import Forbidden, OperatorError
from meibo.identity.acts import Acts
from meibo.identity.guards import Entry
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.links import LicenceLink

T = TypeVar("T")
Exists = Callable[[Iterable[LicencePseudonym]], Awaitable[set[LicencePseudonym]]]
"""Asks the registers which of the licences are there."""

OPERATION = "reconcile"
BATCH = 1_000
SWEEP_LIMIT = 100
"""What deaths of a server may leave; more looks like a store restored from an older backup than others."""


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What was swept: links without a licence, enrolments without a licence in their file, keys without an
    enrolment; and destructions of numbers that were carried out to the end, or again after a restore."""

    links: int = 0
    enrolments: int = 0
    keys: int = 0
    destructions: int = 0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One sweep over links, numbers and keys, of what is older than `before`."""

    acts: Acts
    audit: AuditLog
    principal: Principal
    before: datetime
    at_most: int

    async def run(self, exists: Exists) -> ReconcileReport:
        """Sweep links first, since they lead to what an act has enrolled."""
        links = await self._sweep_links(exists)
        enrolments, destructions = await self._sweep_enrolments()
        return ReconcileReport(links, enrolments, await self._sweep_keys(), destructions)

    async def _sweep_links(self, exists: Exists) -> int:
        """Links without a licence, with the enrolments of the act that made them."""
        dead: list[LicenceLink] = []
        async for batch in self.acts.links.links_before(self.before):
            there = await exists([link.pseudonym for link in batch])
            self._add(dead, (link for link in batch if link.pseudonym not in there))
        for profession in sorted({link.profession for link in dead}):
            links = [link for link in dead if link.profession == profession]
            await self._sweep_links_of(profession, links)
        return len(dead)

    async def _sweep_links_of(self, profession: str, links: Sequence[LicenceLink]) -> None:
        async with self._recorded(len(links), profession, *(link.pseudonym for link in links)):
            for start in range(0, len(links), BATCH):
                some = links[start : start + BATCH]
                await self.acts.take_back({link.pseudonym: link.act for link in some})

    async def _sweep_enrolments(self) -> tuple[int, int]:
        """Enrolments whose person has no licence in their file; and destructions to be finished."""
        upkeep, dead, destructions = self.acts.numbers.upkeep, list[UUID](), 0
        async for batch in upkeep.enrolments_before(self.before):
            files = await self.acts.links.files_of({one.person for one in batch})
            self._add(dead, (one.id for one in batch if one.file not in files.get(one.person, ())))
            destructions += await upkeep.finish_destructions(batch)
        async with self._recorded(len(dead)):
            return sum([await upkeep.sweep(id, self.before) for id in dead]), destructions

    async def _sweep_keys(self) -> int:
        """Keys without an enrolment."""
        upkeep, dead = self.acts.numbers.upkeep, list[UUID]()
        async for batch in upkeep.orphans(self.before):
            self._add(dead, batch)
        async with self._recorded(len(dead)):
            for id in dead:
                await upkeep.sweep_key(id)
        return len(dead)

    def _add(self, dead: list[T], found: Iterable[T]) -> None:
        """Collect, or raise OperatorError before anything of a kind is destroyed where it is too much."""
        dead += found
        if len(dead) > self.at_most:
            raise OperatorError(
                f"More than {self.at_most} entries of the vault have no licence, which deaths of a server do"
                " not explain. See whether one store was restored from an older backup than the others."
                " To destroy them all the same, say at most how many."
            )

    @asynccontextmanager
    async def _recorded(
        self, count: int, profession: str | None = None, *subjects: LicencePseudonym
    ) -> AsyncIterator[None]:
        """Record an intent before and its end after, unless there is nothing to do."""
        entry = Entry.of(self.audit, self.principal, OPERATION, profession).about(*subjects, act=uuid4())
        if count:
            await entry.record(LeafKind.INTENT, count=count)
        yield
        if count:
            await entry.record(LeafKind.DONE, count=count)


async def guard_command(audit: AuditLog, principal: Principal) -> None:
    """Let the operator's command pass, and nobody else; a refusal is recorded."""
    if principal.surface is not Surface.COMMAND:
        await Entry.of(audit, principal, OPERATION, None).record(LeafKind.REFUSAL, outcome=Forbidden.code)
        raise Forbidden(OPERATION)
