"""The registry's point reads: requests that come at once are answered at once, by one statement and with one commit.

Callers of equal rights see the same of a licence, so what differs between their requests is which licence, and who is
told of in the audit log. Each request is let in by itself, has its own leaf, and is answered by itself wherever
anything is not plain.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import lru_cache
from types import coroutine
from typing import NamedTuple
from uuid import UUID

from graphql.execution import VariableValues

from meibo.access.guard import leaf
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.registry.views import Head
from meibo_graphql.context import RegistryContext
from meibo_graphql.http import Outcome
from meibo_graphql.http.deadlines import Deadlines
from meibo_graphql.http.sharing import Sharing
from meibo_graphql.reads import Point
from meibo_graphql.reads.calling import Asked

MOST = 64
"""Requests that share a statement at most."""
ENOUGH = 16
"""Requests that are worth a statement beside the batch before: what a batch costs, however few are in it, is as much as
ten requests cost."""
NO_VARIABLES = VariableValues({}, {})


class PointRead(NamedTuple):
    """A request that was let in, and which licence it asks for."""

    id: UUID
    principal: Principal
    sharing: Sharing


Kind = tuple[Point, tuple[object, ...]]
"""What requests have in common that go together: the operation, and the rights."""
Found = tuple[PointRead, Head]
"""A request, and the licence that it asks for."""


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
    """Answers point reads together: while a batch is under way, those of its kind that come gather for the next."""

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
        """By kind, those that wait for the one before."""
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, point: Point, read: PointRead) -> None:
        """Have a request answered."""
        kind = point, read.principal.rights
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
        """Answer a batch. The next is begun once it is answered, or its licences are read and enough wait already."""
        batch, is_followed = batches.pop(0), False
        batch.task = asyncio.current_task()
        try:
            context = self.context(_somebody(batch.reads[0].principal))
            found = await _found(kind[0], context, batch)
            if is_followed := bool(batches) and len(batches[0].reads) >= ENOUGH:
                self._begin(kind, batches)
            if found:
                await self._tell(kind[0], context, found)
        except Exception:  # By itself, each is told what was its own fault.
            for read in batch.reads:
                read.sharing.leave()
        finally:
            self.deadlines.remove(batch)
            if not is_followed:
                self._follow(kind, batches)

    def _follow(self, kind: Kind, batches: list[Batch]) -> None:
        if batches:
            self._begin(kind, batches)
        else:
            del self._gathering[kind]

    async def _tell(self, point: Point, context: RegistryContext, found: Sequence[Found]) -> None:
        """Answer those whose licences were found. Their leaves are written while the answers are; whoever's answer is
        not plain is answered by itself."""
        durable = self.audit.begin([_leaf(read, point.operation, head) for read, head in found])
        await _sent()
        answers = await _answers(point, context, [head for _, head in found])
        await durable
        for (read, _), body in zip(found, answers, strict=True):
            if body is None:
                read.sharing.leave()
            else:
                self.answered["compiled"] += 1
                read.sharing.reply(Outcome(body=body))


async def _found(point: Point, context: RegistryContext, batch: Batch) -> list[Found]:
    """The licences that a batch asks for; those who ask for any other are left to be answered by themselves."""
    along = point.along()
    heads = await context.reader.present((read.id for read in batch.reads), along) if along else []
    by_id = {head.id: head for head in heads}
    found = []
    for read in batch.reads:
        head = by_id.get(read.id)
        if head is None:
            read.sharing.leave()
        elif not read.sharing.is_over:
            found.append((read, head))
    return found


async def _answers(point: Point, context: RegistryContext, heads: Sequence[Head]) -> Sequence[bytes | None]:
    """The answer that shows each licence; None where it is not plain. What is wrong with one is no other's loss."""
    try:
        answers = await point.answers(heads, Asked(context, NO_VARIABLES))
    except Exception:
        if len(heads) == 1:
            return [None]
        return [answer for head in heads for answer in await _answers(point, context, [head])]
    # Was more looked at than the licences, it is not known whose leaf it belongs to.
    return answers if context.log.is_empty else [None] * len(heads)


@coroutine
def _sent() -> Generator[None]:
    """Give way until what was begun is on its way: in one turn of the loop it is asked, after it the loop sends."""
    yield
    yield


@lru_cache(1000)
def _somebody(principal: Principal) -> Principal:
    """Nobody in particular, with a caller's rights."""
    return replace(principal, account="", terminal="")


def _leaf(read: PointRead, operation: str, head: Head) -> Leaf:
    return leaf(
        read.principal, LeafKind.READ, operation, head.profession, subjects=(head.pseudonym,), count=1
    )
