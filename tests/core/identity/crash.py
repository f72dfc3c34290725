"""Runs one act and kills itself right before or right after the n-th commit of any store.

`JOB`, as JSON. It prints the number of commits where the act comes to its end.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from meibo.audit.log import AuditLog
from meibo.crypto.keys import FileKeys
from meibo.database.stores import COMMIT, COMMITTED, Database, Store
from meibo.errors import Refused
from meibo.identity import Identity, Linked, NumberKind, VerifiedBy, open_identity
from meibo.values.pseudonyms import LicencePseudonym
from tests.core.identity.stand_ins import CLERK, FILES, OPERATOR, StandInRegister
from tests.forking.processes import printed

MEDICAL = "medical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An act by name, where its stores are, and when it dies: never, if `nth` is 0."""

    act: str
    urls: dict[str, str]
    register: str
    keys: str
    pseudonym: str
    numbers: dict[str, str]
    after: bool
    nth: int


class Countdown:
    """Counts the commits of engines, and kills the process at the one that was asked for."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.commits = 0

    def watch(self, databases: Iterable[Database]) -> None:
        databases = list(databases)
        for database in databases:
            database.heard.append(self.heard)
        engines = {engine for each in databases for engine in (each._reading, each._writing)}
        for engine in engines:
            event.listen(engine.sync_engine, "commit", self.about_to_commit)
            event.listen(engine.sync_engine, "checkin", self.given_back)

    def about_to_commit(self, _connection: Any) -> None:
        self.commits += 1
        if self.commits == self.job.nth and not self.job.after:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(self, what: str) -> None:
        """What goes straight to the driver."""
        if what == COMMIT:
            self.about_to_commit(None)
        elif what == COMMITTED:
            self.given_back(None, None)

    def given_back(self, _connection: Any, _record: Any) -> None:
        """The first connection that is given back after a commit is the one that has committed."""
        if self.commits == self.job.nth and self.job.after:
            os.kill(os.getpid(), signal.SIGKILL)


async def run(job: Job) -> int:
    """Do the job; returns how many commits there were."""
    databases = {Store(store): Database(url) for store, url in job.urls.items()}
    register, countdown = StandInRegister(Path(job.register)), Countdown(job)
    countdown.watch([*databases.values(), register.database])
    keys = FileKeys(Path(job.keys))
    identity = open_identity(databases, keys, AuditLog(databases[Store.AUDIT], keys), FILES)
    await act(job, identity, register)
    return countdown.commits


async def act(job: Job, identity: Identity, register: StandInRegister) -> None:
    if job.act == "reconcile":
        await identity.reconcile(OPERATOR, register.exists, timedelta(0))
        return
    pseudonym = LicencePseudonym(job.pseudonym)
    given: dict[str, Any] = {
        "profession": "doctor",
        "file": MEDICAL,
        "pseudonym": pseudonym,
        "numbers": {NumberKind(kind): number for kind, number in job.numbers.items()},
        "verified_by": VerifiedBy.MY_NUMBER_CARD,
        "operation": job.act,
    }
    if job.act == "enrol_for":
        await identity.enrol_for(CLERK, **given)
        return
    try:
        await identity.enrol(
            CLERK, **given, commit=refuse if job.act == "refused" else register.entering(pseudonym)
        )
    except Refused:
        if job.act != "refused":
            raise


async def refuse(_linked: Linked) -> None:
    raise Refused


def crash(job: Job) -> int | None:
    """Do a job in a process of its own: how many commits there were, or None where it was killed."""
    told = printed(__name__, json.dumps(asdict(job)))
    return None if told is None else int(told)


def main() -> None:
    """Be the process."""
    print(asyncio.run(run(Job(**json.loads(sys.argv[1])))))
