"""The registry's point reads: requests that come at once are answered at once, by one statement and with one commit.

Callers of equal rights see the same of a licence, so what differs between their requests is which licence, and who is
told of in the audit log. Each request is let in by itself, has its own leaf, and is answered by itself wherever
anything is not plain.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
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


@dataclass(frozen=True, slots=True)
class PointRead:
    """A request that was let in: which licence it asks for, and how its leaf tells of it."""

    id: UUID
    principal: Principal
    operation: str
    sharing: Sharing


Kind = tuple[Point, Principal]
"""What requests have in common that go together: the operation, and the rights."""
Found = dict[UUID, tuple[Head, bytes]]
"""Licences by id, each with the answer that shows it."""


class PointReads:
    """Answers point reads together: while a statement is under way, those of its kind that come gather for the next."""

    def __init__(
        self, audit: AuditLog, context: Callable[[Principal], RegistryContext], seconds: float, answered: Counter[str]
    ) -> None:  # fmt: skip
        """`context` is that of somebody with some rights; a statement may take so many `seconds`. How many operations
        were answered is counted in `answered`."""
        self.audit, self.context, self.answered = audit, context, answered
        self.deadlines = Deadlines(seconds)
        self._waiting: dict[Kind, list[PointRead]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, point: Point, read: PointRead) -> None:
        """Have a request answered."""
        kind = point, rights(read.principal)
        if kind in self._waiting:
            self._waiting[kind].append(read)
        else:
            self._waiting[kind] = [read]
            self._begin(self._drain(kind))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, kind: Kind) -> None:
        """Read batch after batch until nobody waits; a batch is recorded and told while the next is read."""
        waiting = self._waiting[kind]
        while waiting:
            batch, waiting[:MOST] = waiting[:MOST], ()
            self._begin(self._tell(batch, await self._found(*kind, batch)))
        del self._waiting[kind]

    async def _found(self, point: Point, rights: Principal, batch: Sequence[PointRead]) -> Found:
        """What is found of a batch; nothing where anything goes wrong."""
        try:
            with self.deadlines.set():
                return await self._read(point, rights, batch)
        except Exception:  # Each is answered by itself, and told what was its own fault.
            return {}

    async def _read(self, point: Point, rights: Principal, batch: Sequence[PointRead]) -> Found:
        along = point.along()
        if along is None:
            return {}
        context = self.context(rights)
        heads = await context.reader.present((read.id for read in batch), along)
        answers = await point.answers(heads, Asked(context, NO_VARIABLES))
        seen = {along.profession: dict.fromkeys(head.pseudonym for head in heads)} if heads else {}
        if context.log.subjects != seen or context.log.terms:
            raise Fallback(
                "log"
            )  # More was looked at than the licences: whose leaf it belongs to is not known.
        return {head.id: (head, answer) for head, answer in zip(heads, answers, strict=True)}

    async def _tell(self, batch: Sequence[PointRead], found: Found) -> None:
        """Answer a batch, once its leaves are durable."""
        for read in batch:
            if read.id not in found:
                read.sharing.leave()
        told = [read for read in batch if not read.sharing.is_over]
        try:
            await self.audit.record(*(_leaf(read, found[read.id][0]) for read in told))
        except AuditUnavailable:
            for read in told:
                read.sharing.leave()
            return
        self.answered["compiled"] += len(told)
        for read in told:
            read.sharing.reply(Outcome(body=found[read.id][1]))


@lru_cache(1000)
def rights(principal: Principal) -> Principal:
    """What a caller has in common with all who may see the same."""
    return replace(principal, account="", terminal="")


def _leaf(read: PointRead, head: Head) -> Leaf:
    return leaf(
        read.principal, LeafKind.READ, read.operation, head.profession, subjects=(head.pseudonym,), count=1
    )
