"""Giving up what takes too long, with one timer for all: deadlines of one length fall due as they were set."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Deadline:
    """`with deadlines.set() as deadline:` raises TimeoutError where the block is not done in time."""

    __slots__ = ("at", "cancelling", "deadlines", "passed", "task")

    def __init__(self, deadlines: Deadlines, task: asyncio.Task[object], at: float) -> None:
        self.deadlines, self.task, self.at = deadlines, task, at
        self.cancelling = task.cancelling()
        self.passed = False
        """Whether the block was given up."""

    def __enter__(self) -> Deadline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.deadlines.remove(self)
        if self.passed and self.task.uncancel() <= self.cancelling and kind is asyncio.CancelledError:
            raise TimeoutError

    def pass_(self) -> None:
        """Give the block up."""
        self.passed = True
        self.task.cancel()


class Deadlines:
    """Deadlines that are all so many seconds away when they are set."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._waiting: dict[Deadline, None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def set(self) -> Deadline:
        """A deadline for the block that the running task begins."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        if self._loop is not loop:  # Else a timer is set already.
            self._loop, self._waiting = loop, {}
            loop.call_later(self.seconds, self._look)
        deadline = Deadline(self, task, loop.time() + self.seconds)
        self._waiting[deadline] = None
        return deadline

    def remove(self, deadline: Deadline) -> None:
        """Its block is done."""
        self._waiting.pop(deadline, None)

    def _look(self) -> None:
        """Pass what is due, and come back for the next; where nothing waits, the next one set begins anew."""
        assert self._loop is not None
        now = self._loop.time()
        while (first := next(iter(self._waiting), None)) and first.at <= now:
            del self._waiting[first]
            first.pass_()
        if first:
            self._loop.call_later(first.at - now, self._look)
        else:
            self._loop = None
