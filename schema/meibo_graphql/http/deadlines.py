"""Giving up what takes too long, with one timer for all: deadlines of one length fall due as they were set."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Protocol


class Limited(Protocol):
    """What has a deadline."""

    def pass_(self) -> None:
        """It has come: give up."""


class Deadline:
    """`with deadlines.set() as deadline:` raises TimeoutError where the block is not done in time."""

    __slots__ = ("cancelling", "deadlines", "passed", "task")

    def __init__(self, deadlines: Deadlines, task: asyncio.Task[object]) -> None:
        self.deadlines, self.task = deadlines, task
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
        self._waiting: dict[Limited, float] = {}
        """By what waits, when it is due: the first is due first."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def set(self) -> Deadline:
        """A deadline for the block that the running task begins."""
        task = asyncio.current_task()
        assert task is not None
        deadline = Deadline(self, task)
        self.add(deadline)
        return deadline

    def add(self, limited: Limited) -> None:
        """A deadline for what is under way from now on, until it is removed."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # Else a timer is set already.
            self._loop, self._waiting = loop, {}
            loop.call_later(self.seconds, self._look)
        self._waiting[limited] = loop.time() + self.seconds

    def remove(self, limited: Limited) -> None:
        """It is done."""
        self._waiting.pop(limited, None)

    def _look(self) -> None:
        """Pass what is due, and come back for the next; where nothing waits, the next one set begins anew."""
        assert self._loop is not None
        now = self._loop.time()
        while (first := next(iter(self._waiting), None)) and self._waiting[first] <= now:
            del self._waiting[first]
            first.pass_()
        if first:
            self._loop.call_later(self._waiting[first] - now, self._look)
        else:
            self._loop = None
