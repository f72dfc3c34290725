"""What kinds of jobs there are, and what does them. A kind is declared where jobs are asked for; what does them is
bound to an installation's services when it opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Generic

from meibo import clock
from meibo.jobs.leases import Lease
from meibo.jobs.payloads import Nothing, P, check_payload


class Priority(IntEnum):
    """Which of several due jobs is taken first."""

    SOON = 0
    NORMAL = 50
    LATER = 100


@dataclass(frozen=True, slots=True)
class JobKind(Generic[P]):
    """A kind of job: its name, such as `link.deliver`, what it carries, and how long and how often it is tried.

    `every` makes it a job of the clock: one for each such span of a day in Japan, whoever asks for it. A job that
    takes longer than its `lease` is broken off and tried again.
    """

    name: str
    payload: type[P]
    priority: Priority = Priority.NORMAL
    most_attempts: int = 12
    lease: timedelta = timedelta(minutes=1)
    every: timedelta | None = None

    def __post_init__(self) -> None:
        check_payload(self.payload)
        assert self.every is None or self.payload is Nothing  # The clock knows of no row.

    def slot(self, at: datetime) -> datetime:
        """The beginning of the span in which an instant lies; only of a job of the clock."""
        assert self.every is not None
        midnight = clock.start_of_day(clock.japan_day(at))
        return midnight + (at - midnight) // self.every * self.every


@dataclass(frozen=True, slots=True)
class Handler(Generic[P]):
    """What does the jobs of a kind.

    `run` writes what it changes in `lease.write()`, which ends the job in the same commit. If it returns without
    having done so, the job has changed nothing here and is ended then.
    """

    kind: JobKind[P]
    run: Callable[[Lease, P], Awaitable[None]]
