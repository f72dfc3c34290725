"""Group commit: while one commit runs, what others ask gathers for the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    result: asyncio.Future[Result]


class Gathering(Generic[Item, Result]):
    """Does what many ask in as few acts as possible; one for each process and event loop."""

    def __init__(
        self,
        together: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        most: int,
        weight: Callable[[Item], int] = lambda _: 1,
    ) -> None:
        """`together` does several items whole or not at all, and may be asked again for one that failed; items of at
        most `most` by weight go together, and one that weighs more goes alone."""
        self._together = together
        self._most = most
        self._weight = weight
        self._waiting: list[_Waiting[Item, Result]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """What came of an item; raises what it raised by itself."""
        waiting: _Waiting[Item, Result] = _Waiting(item, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._worker is None:
            self._worker = asyncio.create_task(self._drain())
        return await waiting.result

    async def _drain(self) -> None:
        """Do batch after batch until nobody waits; a caller that gave up harms no other."""
        try:
            while self._waiting:
                await self._settle(self._next())
        finally:
            self._worker = None
            for left in self._waiting:  # None, unless the loop is being shut down.
                left.result.cancel()
            self._waiting = []

    def _next(self) -> list[_Waiting[Item, Result]]:
        """Those who waited longest, as many as go together."""
        weight, count = 0, 0
        for waiting in self._waiting:
            weight += self._weight(waiting.item)
            if count and weight > self._most:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _settle(self, batch: Sequence[_Waiting[Item, Result]]) -> None:
        """Do a batch; where it fails, each by itself, so that what one asks wrongly is no other's fault."""
        try:
            results = await self._together([waiting.item for waiting in batch])
        except Exception as error:
            if len(batch) == 1:
                _tell(batch[0], error)
            else:
                for waiting in batch:
                    await self._settle([waiting])
        else:
            for waiting, result in zip(batch, results, strict=True):
                if not waiting.result.done():
                    waiting.result.set_result(result)


def _tell(waiting: _Waiting[Item, Result], error: Exception) -> None:
    if not waiting.result.done():
        waiting.result.set_exception(error)
