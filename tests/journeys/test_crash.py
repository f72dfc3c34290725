"""kill -9 right before and right after every commit of every store, through the office's own acts: a licence is
there with its number, or nothing is, and then the same act may be done again."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from meibo.access.tokens import command_principal
from meibo.database.stores import Store
from meibo.identity import NumberKind, ReconcileReport
from meibo.installation import Installation, standing
from meibo.register import tables
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault import tables as vault
from tests import forking
from tests.databases import POSTGRES
from tests.forking import told
from tests.journeys.crash import OFFICER, Job, crash, entry
from tests.veterinarian.installed import ENTRIES
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

NUMBERS = ("123456789018", "111111111118", "123123123128")
pytestmark = pytest.mark.slow
EVERY_COMMIT = pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
ENTERED = ["audit", "links", "keys", "numbers", "register", "audit"]
"""The order of commits in which one licence with a number is entered."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows there are of what an act may leave behind."""

    licences: int = 0
    actions: int = 0
    idempotency: int = 0
    persons: int = 0
    links: int = 0
    enrolments: int = 0
    keys: int = 0
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class Office:
    """The installation after a death, as the next process finds it."""

    installation: Installation

    def job(self, act: str, **more: Any) -> Job:
        return Job(act=act, settings=asdict(self.installation.settings), **more)

    async def reconcile(self) -> ReconcileReport:
        async def exists(pseudonyms: Iterable[LicencePseudonym]) -> set[LicencePseudonym]:
            return await standing(self.installation, pseudonyms)

        operator = command_principal("test", self.installation.host.professions)
        return await self.installation.identity.reconcile(operator, exists, timedelta(0))

    async def held(self) -> Held:
        count = self._count
        return Held(
            licences=await count(Store.REGISTER, tables.licence),
            actions=await count(Store.REGISTER, tables.action),
            idempotency=await count(Store.REGISTER, tables.idempotency),
            persons=await count(Store.LINKS, vault.person),
            links=await count(Store.LINKS, vault.licence_link),
            enrolments=await count(Store.NUMBERS, vault.enrolment),
            keys=await count(Store.KEYS, vault.data_key, vault.data_key.c.wrapped.is_not(None)),
            hashes=await count(Store.KEYS, vault.lookup),
        )

    async def _count(self, store: Store, table: Table, *conditions: Any) -> int:
        scopes = self.installation.scopes.numbers.values()
        database = self.installation.databases[store]
        async with database.read(scopes if store is Store.REGISTER else None) as connection:
            counted = await connection.scalar(select(func.count()).select_from(table).where(*conditions))
            return int(counted or 0)

    async def pseudonym(self, registration_number: str, code: str = "doctor") -> LicencePseudonym:
        """Of the licence with a register number, as the API finds and reads it."""
        reader = self.installation.reader(OFFICER, "after")
        id = await reader.find_id(number=(code, registration_number))
        assert id is not None
        [head] = await reader.heads([id])
        assert head is not None
        [register] = await reader.groups("register", [head])
        assert register.values["registration_number"] == registration_number
        return LicencePseudonym(head.pseudonym)

    async def number(self, registration_number: str, code: str = "doctor") -> str:
        """The number of that licence, revealed."""
        return await self.installation.identity.reveal(
            OFFICER, profession=code, file=self.installation.host[code].file,
            pseudonym=await self.pseudonym(registration_number, code), kind=NumberKind.INDIVIDUAL_NUMBER,
            purpose="test", legal_basis="register",
        )  # fmt: skip


@pytest.fixture
def office(installation: Installation) -> Office:
    return Office(installation)


def doctor(index: int) -> dict[str, str]:
    """The entry of one of several doctors."""
    return ENTRIES["doctor"] | {"registration_number": str(700_001 + index)}


def whole(licences: int, *, idempotent: bool = True) -> Held:
    """What so many licences with a number each are."""
    n = licences
    return Held(n, n, n if idempotent else 0, n, n, n, n, n)


def dies(job: Job, commits: int) -> Iterator[Job]:
    """The job, dying at each commit: before, and after."""
    for nth in range(1, commits + 1):
        for after in (False, True):
            yield replace(job, nth=nth, after=after)


@EVERY_COMMIT
async def test_a_registration_is_whole_or_nothing(office: Office) -> None:
    """Until the register has committed nothing stays, and the same numbers are free for the next try."""
    entered = 0
    committed = ENTERED.index("register") + 1
    for job in dies(office.job("register"), len(ENTERED)):
        number = NUMBERS[entered]
        assert crash(replace(job, values=doctor(entered), number=number)) is None
        await office.reconcile()
        if (job.nth, job.after) >= (committed, True):
            assert await office.number(doctor(entered)["registration_number"]) == number
            entered += 1
            break
        assert (job, await office.held()) == (job, whole(0))
    assert crash(office.job("register", values=doctor(1), number=NUMBERS[1])) == ENTERED
    assert await office.reconcile() == ReconcileReport()
    assert await office.held() == whole(2)


@EVERY_COMMIT
async def test_a_registration_without_its_done_leaf_is_whole(office: Office) -> None:
    job = office.job("register", values=doctor(0), number=NUMBERS[0], nth=len(ENTERED))
    assert crash(job) is None
    before = await office.held()
    assert await office.reconcile() == ReconcileReport()
    assert (before, await office.held()) == (whole(1), whole(1))
    assert await office.number(doctor(0)["registration_number"]) == NUMBERS[0]
    made = await office.installation.office.register(OFFICER, "doctor", entry(replace(job, nth=0)))
    assert made.licence is not None  # The same key again does nothing twice.
    assert await office.held() == whole(1)


@EVERY_COMMIT
async def test_an_import_is_whole_or_nothing(office: Office, tmp_path: Path) -> None:
    """Three rows with numbers: all of them, or none."""
    file = tmp_path / "three.csv"
    rows = [doctor(index) | {"individual_number": number} for index, number in enumerate(NUMBERS)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    order = ["audit", "audit", "links", "keys", "numbers", "register", "audit"]
    committed = order.index("register") + 1
    for job in dies(office.job("import", file=str(file)), committed):
        if (job.nth, job.after) == (committed, True):
            break
        assert crash(job) is None
        await office.reconcile()
        assert (job, await office.held()) == (job, Held())
    assert crash(office.job("import", file=str(file), nth=committed, after=True)) is None
    assert await office.reconcile() == ReconcileReport()
    assert await office.held() == whole(3, idempotent=False)
    revealed = [await office.number(doctor(index)["registration_number"]) for index in range(3)]
    assert revealed == list(NUMBERS)


async def enter(office: Office, code: str, values: Mapping[str, str], number: str = "") -> None:
    job = office.job("register", profession=code, values=dict(values), number=number)
    await office.installation.office.register(OFFICER, code, entry(job))


@EVERY_COMMIT
async def test_an_enrolment_is_whole_or_nothing(office: Office) -> None:
    """For a licence that stands; it stays, whatever becomes of the number."""
    order = ["audit", "keys", "numbers", "audit"]
    committed = order.index("numbers") + 1
    await enter(office, "doctor", doctor(0))
    nothing = Held(licences=1, actions=1, idempotency=1, persons=1, links=1)
    enrol = office.job(
        "enrol", number=NUMBERS[0], pseudonym=await office.pseudonym(doctor(0)["registration_number"])
    )
    for job in dies(enrol, len(order)):
        assert crash(job) is None
        await office.reconcile()
        done = (job.nth, job.after) >= (committed, True)
        assert (job, await office.held()) == (job, whole(1) if done else nothing)
        if done:
            assert await office.number(doctor(0)["registration_number"]) == NUMBERS[0]
            break
    assert crash(enrol) == ["audit", "numbers", "audit"]  # The number is there already: it is claimed again.
    assert await office.held() == whole(1)


@EVERY_COMMIT
async def test_a_licence_that_goes_to_its_person_is_whole_or_as_before(office: Office) -> None:
    """The veterinarian's number is the doctor's: both licences turn out to be one person's."""
    order = ["audit", "keys", "numbers", "links", "audit"]
    committed = order.index("links") + 1
    await enter(office, "doctor", doctor(0), NUMBERS[0])
    await enter(office, "veterinarian", ENTRIES["veterinarian"])
    registered = ENTRIES["veterinarian"]["registration_number"]
    apart = replace(whole(1), licences=2, actions=2, idempotency=2, persons=2, links=2)
    together = replace(whole(2), persons=1)
    enrol = office.job(
        "enrol",
        profession="veterinarian",
        number=NUMBERS[0],
        pseudonym=await office.pseudonym(registered, "veterinarian"),
    )
    for job in dies(enrol, len(order)):
        assert crash(job) is None
        await office.reconcile()
        done = (job.nth, job.after) >= (committed, True)
        assert (job, await office.held()) == (job, together if done else apart)
        if done:
            assert await office.number(registered, "veterinarian") == NUMBERS[0]
            break
    assert await office.number(doctor(0)["registration_number"]) == NUMBERS[0]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("nth", "links"),
    [
        pytest.param(4, 1, id="enrolled"),
        pytest.param(5, 0, id="entered"),
    ],
)
async def test_the_command_sweeps_what_a_death_left(
    office: Office, tmp_path: Path, nth: int, links: int
) -> None:
    """`meibo reconcile`: nothing that is younger than an act may take; then all of it; then nothing more."""
    assert crash(office.job("register", values=doctor(0), number=NUMBERS[0], nth=nth, after=True)) is None
    left, nothing = await office.held(), swept(links=0)
    assert meibo(office, tmp_path, "reconcile") == nothing
    assert await office.held() == left
    assert meibo(office, tmp_path, "reconcile", "--older-than", "0") == swept(links=links)
    assert await office.held() == whole(1 - links)
    assert meibo(office, tmp_path, "reconcile", "--older-than", "0") == nothing


def meibo(office: Office, folder: Path, *arguments: str) -> str:
    """What the command prints, run as an operator runs it where the plugin is installed as any stranger's."""
    installed = folder / "veterinarian-1.0.dist-info"
    installed.mkdir(exist_ok=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: veterinarian\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[meibo.plugins]\nveterinarian = tests.veterinarian\n")
    settings = told(office.installation.settings) | {"MEIBO_PROFESSIONS": "doctor,veterinarian"}
    done = subprocess.run(
        [forking.meibo(), *arguments], env=os.environ | settings | {"PYTHONPATH": str(folder)},
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def swept(*, links: int) -> str:
    """What the command says of a sweep of nothing but links."""
    return (
        f"Swept {links} links, 0 enrolments and 0 keys that no licence stands for;"
        " carried out 0 destructions of numbers."
    )
