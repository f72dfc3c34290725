"""Runs one act of an office and kills itself right before or right after the n-th commit of any store.

`JOB`, as JSON. It prints the stores in the order of their commits where the act comes to its end.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

from meibo.access.permissions import Permission, Role
from meibo.database.stores import COMMIT, COMMITTED
from meibo.host import load_host
from meibo.identity import NumberKind, VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer
from meibo.installation import Installation, open_installation
from meibo.registry.requests import ActRequest
from meibo.settings import Settings
from tests import veterinarian
from tests.forking.processes import printed
from tests.installed import principal

OFFICER = principal(
    Role.OFFICER,
    {"doctor", "veterinarian"},
    plus=frozenset({Permission.IMPORT_RUN, Permission.NUMBER_REVEAL}),
)
HOST = load_host([("veterinarian", veterinarian)], only={"doctor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An act by name, what it is about, and when it dies: never, if `nth` is 0."""

    act: str
    settings: dict[str, Any]
    profession: str = "doctor"
    values: dict[str, str] = field(default_factory=dict)
    number: str = ""
    file: str = ""
    pseudonym: str = ""
    after: bool = False
    nth: int = 0


class Countdown:
    """Notes whose commits there were, and kills the process at the one that was asked for."""

    def __init__(self, job: Job, installation: Installation) -> None:
        self.job = job
        self.stores: list[str] = []
        for store, database in installation.databases.items():
            for engine in {database._reading.sync_engine, database._writing.sync_engine}:
                event.listen(engine, "commit", partial(self.about_to_commit, store.value))
                event.listen(engine, "checkin", self.given_back)
            database.heard.append(partial(self.heard, store.value))

    def about_to_commit(self, store: str, _connection: Any) -> None:
        self.stores.append(store)
        if len(self.stores) == self.job.nth and not self.job.after:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(self, store: str, what: str) -> None:
        """What goes straight to the driver."""
        if what == COMMIT:
            self.about_to_commit(store, None)
        elif what == COMMITTED:
            self.given_back(None, None)

    def given_back(self, _connection: Any, _record: Any) -> None:
        """The first connection that is given back after a commit is the one that has committed."""
        if len(self.stores) == self.job.nth and self.job.after:
            os.kill(os.getpid(), signal.SIGKILL)


async def run(job: Job) -> list[str]:
    """Do the job; whose commits there were."""
    async with open_installation(Settings(**job.settings), HOST) as installation:
        countdown = Countdown(job, installation)
        await ACTS[job.act](installation, job)
        return countdown.stores


async def register(installation: Installation, job: Job) -> None:
    """Enter a licence with a number."""
    made = await installation.office.register(OFFICER, job.profession, entry(job))
    assert isinstance(made.licence, UUID)


async def import_file(installation: Installation, job: Job) -> None:
    """Enter licences from a file."""
    profession = installation.host[job.profession]
    importer = Importer(installation, OFFICER, profession, "register", "101", VerifiedBy.PAPER_COPY)
    report = await importer.run(read_table(Path(job.file)))
    assert report.bad == ()


async def enrol(installation: Installation, job: Job) -> None:
    """Give a number to the vault, for a licence that stands."""
    await installation.identity.enrol_for(
        OFFICER,
        profession=job.profession,
        file=installation.host[job.profession].file,
        pseudonym=job.pseudonym,  # type: ignore[arg-type]
        numbers={NumberKind.INDIVIDUAL_NUMBER: job.number},
        verified_by=VerifiedBy.MY_NUMBER_CARD,
        operation="enrol_number",
    )


ACTS = {"register": register, "import": import_file, "enrol": enrol}


def entry(job: Job) -> ActRequest:
    """The request to enter a licence; without a number where the job has none."""
    return ActRequest(
        idempotency_key=f"{job.profession}-{job.values['registration_number']}",
        effective_date=date.fromisoformat(job.values["registration_date"]),
        reason="101",
        legal_basis="register",
        values={"register": job.values},
        numbers={NumberKind.INDIVIDUAL_NUMBER: job.number} if job.number else {},
        verified_by=VerifiedBy.MY_NUMBER_CARD if job.number else None,
    )


def crash(job: Job) -> list[str] | None:
    """Do a job in a process of its own: the stores as they committed, or None where it was killed."""
    told = printed(__name__, json.dumps(asdict(job)))
    return None if told is None else list(json.loads(told))


def main() -> None:
    """Be the process."""
    print(json.dumps(asyncio.run(run(Job(**json.loads(sys.argv[1]))))))
