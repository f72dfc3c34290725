"""The registry's point reads: requests that come at once are answered at once, by one statement and with one commit.

Callers of equal rights see the same of a licence, so what differs between their requests is which licence, and who is
told of in the audit log. Each request is let in by itself, has its own leaf, and is answered by itself wherever
anything is not plain.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from graphql.execution import VariableValues

from meibo.access.guard import leaf
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.errors import AuditUnavailable
from meibo.registry.views import Head
from meibo_graphql.context import RegistryContext
from meibo_graphql.http import Outcome
from meibo_graphql.http.deadlines import Deadlines
from meibo_graphql.http.sharing import Sharing
from meibo_graphql.reads import Point
from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.fallback import Fallback

MOST = 64
"""Requests that share a statement at most."""
NO_VARIABLES = VariableValues({}, {})


class PointRead(NamedTuple):
    """A request that was let in, and which licence it asks for."""

    id: UUID
    principal: Principal
    sharing: Sharing


Kind = tuple[Point, Principal]
"""What requests have in common that go together: the operation, and the rights."""
Shown = tuple[PointRead, Head, bytes]
"""A request, the licence that was found, and the answer that shows it."""


class Batch:
    """Requests of one kind that go together. They came within moments, and have one deadline."""

    def __init__(self) -> None:
        self.reads: list[PointRead] = []
        self.task: asyncio.Task[None] | None = None
        """What answers them."""

    def pass_(self) -> None:
        """Their time is over: refuse them, and give up what is under way."""
        for read in self.reads:
            read.sharing.late()
        if self.task:
            self.task.cancel()


class PointReads:
    """Answers point reads together: while a statement is under way, those of its kind that come gather for the next."""

    def __init__(
        self,
        audit: AuditLog,
        context: Callable[[Principal], RegistryContext],
        seconds: float,
        answered: Counter[str],
    ) -> None:
        """`context` is that of somebody with some rights; requests are answered within so many `seconds`, and counted
        in `answered`."""
        self.audit, self.context, self.answered = audit, context, answered
        self.deadlines = Deadlines(seconds)
        self._gathering: dict[Kind, list[Batch]] = {}
        """By kind, those that wait until the statement of the one before is done."""
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, point: Point, read: PointRead) -> None:
        """Have a request answered."""
        kind = point, rights(read.principal)
        batches = self._gathering.get(kind)
        if batches is None:
            batches = self._gathering[kind] = []
            self._begin(kind, batches)
        if not batches or len(batches[-1].reads) >= MOST or batches[-1].reads[-1].sharing.is_over:
            batches.append(Batch())
            self.deadlines.add(batches[-1])
        batches[-1].reads.append(read)

    def _begin(self, kind: Kind, batches: list[Batch]) -> None:
        """Answer the next of the batches, once all that has come by now is in it."""
        task = asyncio.get_running_loop().create_task(self._answer(kind, batches))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, kind: Kind, batches: list[Batch]) -> None:
        """Answer a batch; the next is begun as soon as its statement is done, and before its leaves are."""
        batch = batches.pop(0)
        batch.task = asyncio.current_task()
        try:
            try:
                shown = await self._shown(*kind, batch)
            finally:
                if batches:
                    self._begin(kind, batches)
                else:
                    del self._gathering[kind]
            await self._tell(kind[0], shown)
        finally:
            self.deadlines.remove(batch)

    async def _shown(self, point: Point, rights: Principal, batch: Batch) -> list[Shown]:
        """What is shown to a batch; those of whom anything is not plain are left to be answered by themselves."""
        try:
            found = await self._read(point, rights, batch.reads)
        except Exception:  # Each is told what was its own fault.
            found = {}
        shown = []
        for read in batch.reads:
            if seen := found.get(read.id):
                shown.append((read, *seen))
            else:
                read.sharing.leave()
        return shown

    async def _read(
        self, point: Point, rights: Principal, reads: Iterable[PointRead]
    ) -> dict[UUID, tuple[Head, bytes]]:
        along = point.along()
        if along is None:
            return {}
        context = self.context(rights)
        heads = await context.reader.present((read.id for read in reads), along)
        answers = await point.answers(heads, Asked(context, NO_VARIABLES))
        seen = {along.profession: dict.fromkeys(head.pseudonym for head in heads)} if heads else {}
        if context.log.subjects != seen or context.log.terms:
            raise Fallback(
                "log"
            )  # More was looked at than the licences: whose leaf it belongs to is not known.
        return {head.id: (head, answer) for head, answer in zip(heads, answers, strict=True)}

    async def _tell(self, point: Point, shown: Sequence[Shown]) -> None:
        """Answer those who are shown something, once their leaves are durable."""
        leaves = [_leaf(read, point.operation, head) for read, head, _ in shown if not read.sharing.is_over]
        try:
            await self.audit.record(*leaves)
        except AuditUnavailable:
            for read, _, _ in shown:
                read.sharing.leave()
            return
        self.answered["compiled"] += len(leaves)
        for read, _, body in shown:
            read.sharing.reply(Outcome(body=body))


@lru_cache(1000)
def rights(principal: Principal) -> Principal:
    """What a caller has in common with all who may see the same."""
    return replace(principal, account="", terminal="")


def _leaf(read: PointRead, operation: str, head: Head) -> Leaf:
    return leaf(
        read.principal, LeafKind.READ, operation, head.profession, subjects=(head.pseudonym,), count=1
    )
