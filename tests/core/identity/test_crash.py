"""kill -9 right before and right after every commit of every store: whole, or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from meibo.audit.log import AuditLog
from meibo.crypto.envelopes import WrappedKey
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Store
from meibo.identity import Linked, NumberKind, ReconcileReport, VerifiedBy, open_identity
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym
from meibo.vault.keystore import LookupHash
from tests.core.identity.conftest import Office
from tests.core.identity.crash import Job, crash
from tests.core.identity.stand_ins import CLERK, FILES, StandInRegister
from tests.core.vault.conftest import GRANTS, Place, Vault, copied, empty_postgres
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, RESIDENT, THREE, TWO, act
from tests.databases import POSTGRES
from tests.postgres import PostgresDatabase

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

INDIVIDUAL, RESIDENT_CODE = NumberKind.INDIVIDUAL_NUMBER, NumberKind.RESIDENT_CODE
DOCTOR, NURSE, PHARMACIST = (new_licence_pseudonym() for _ in range(3))
WHOLE_ENTRY, NOTHING = (1, 1, 2, 2, 2), (0, 0, 0, 0, 0)

Step = Callable[[Office], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An act on `DOCTOR`: what there is before, and what may be there after it has died and been reconciled."""

    act: str
    before: Step
    after: Step
    numbers: Mapping[str, str] = field(default_factory=dict)


async def number(
    office: Office, pseudonym: LicencePseudonym, file: str, kind: NumberKind = INDIVIDUAL
) -> str:
    person = await office.vault.links.person_of(pseudonym)
    assert person is not None
    return await office.vault.numbers.reveal(person, file, kind)


async def nothing_before(_office: Office) -> None:
    pass


async def pharmacist_before(office: Office) -> None:
    await office.enrol("pharmacist", individual_number=ONE)


async def doctor_before(office: Office) -> None:
    await office.enrol("doctor", DOCTOR, individual_number=ONE)


async def both_before(office: Office) -> None:
    await pharmacist_before(office)
    await office.enrol("doctor", DOCTOR)


async def nurse_before(office: Office) -> None:
    await office.enrol("nurse", NURSE, individual_number=ONE, resident_code=RESIDENT)


async def pharmacist_who_nurses_before(office: Office) -> None:
    """The nurse's file keeps no number of hers yet."""
    await office.enrol("pharmacist", PHARMACIST, individual_number=ONE)
    person = await office.vault.links.person_of(PHARMACIST)
    await office.register.entering(NURSE)(await office.vault.links.link(NURSE, "nurse", FILE, person))


async def wreckage_before(office: Office) -> None:
    """A licence that its register never got, and a key without an enrolment."""

    async def commit(_linked: Linked) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await office.identity.enrol(
            CLERK,
            profession="doctor",
            file=FILE,
            pseudonym=DOCTOR,
            numbers={INDIVIDUAL: ONE, RESIDENT_CODE: RESIDENT},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="register",
            commit=commit,
        )
    await office.vault.keystore.put(
        act(9), FILE, INDIVIDUAL, WrappedKey(b"wrapped", 1), LookupHash(b"hash", 1)
    )


async def entered_or_nothing(office: Office) -> None:
    if not await office.register.exists([DOCTOR]):
        assert await office.stored() == NOTHING
        await office.enrol("doctor", DOCTOR, individual_number=ONE, resident_code=RESIDENT)
    assert await office.stored() == WHOLE_ENTRY
    assert await number(office, DOCTOR, FILE) == ONE
    assert await number(office, DOCTOR, FILE, RESIDENT_CODE) == RESIDENT


async def known_person_entered_or_nothing(office: Office) -> None:
    if not await office.register.exists([DOCTOR]):
        assert await office.stored() == (1, 1, 1, 1, 1)
        await office.enrol("doctor", DOCTOR, individual_number=ONE)
    assert await office.stored() == (1, 2, 2, 2, 2)
    assert await number(office, DOCTOR, FILE) == ONE
    assert await number(office, DOCTOR, OTHER_FILE) == ONE


async def entered_or_nothing_in_the_file(office: Office) -> None:
    if not await office.register.exists([DOCTOR]):
        assert await office.stored() == (1, 2, 1, 1, 1)
        await office.enrol("doctor", DOCTOR, individual_number=ONE)
    assert await office.stored() == (1, 3, 2, 2, 2)
    assert await number(office, NURSE, FILE) == ONE


async def entered_with_a_new_number_or_the_old_one_is_back(office: Office) -> None:
    if not await office.register.exists([DOCTOR]):
        assert await office.stored() == (1, 1, 2, 2, 2)
        assert await number(office, NURSE, FILE) == ONE
        await office.enrol("doctor", DOCTOR, individual_number=TWO, resident_code=RESIDENT)
    assert await office.stored() == (1, 2, 3, 3, 3)
    assert await number(office, DOCTOR, FILE) == TWO


async def nothing_after(office: Office) -> None:
    assert await office.stored() == NOTHING
    await office.enrol("doctor", DOCTOR, individual_number=ONE)
    assert await number(office, DOCTOR, FILE) == ONE


async def one_of_two_numbers(office: Office) -> None:
    current = await number(office, DOCTOR, FILE)
    assert (current, await office.stored()) in [(ONE, (1, 1, 1, 1, 1)), (TWO, (1, 1, 2, 2, 2))]
    await office.enrol_for(DOCTOR, individual_number=THREE)
    assert await number(office, DOCTOR, FILE) == THREE


async def moved_or_not(office: Office) -> None:
    assert await office.stored() in [(2, 2, 1, 1, 1), (1, 2, 2, 2, 2)]
    await office.enrol_for(DOCTOR, individual_number=ONE)
    assert await office.stored() == (1, 2, 2, 2, 2)
    assert await number(office, DOCTOR, FILE) == ONE


BOTH = {"individual_number": ONE, "resident_code": RESIDENT}
SCENES = {
    "new person": Scene(act="enrol", before=nothing_before, numbers=BOTH, after=entered_or_nothing),
    "known person": Scene(
        act="enrol",
        before=pharmacist_before,
        numbers={"individual_number": ONE},
        after=known_person_entered_or_nothing,
    ),
    "known person of the file": Scene(
        act="enrol",
        before=pharmacist_who_nurses_before,
        numbers={"individual_number": ONE},
        after=entered_or_nothing_in_the_file,
    ),
    "known person, new number": Scene(
        act="enrol",
        before=nurse_before,
        numbers={"individual_number": TWO, "resident_code": RESIDENT},
        after=entered_with_a_new_number_or_the_old_one_is_back,
    ),
    "refused": Scene(act="refused", before=nothing_before, numbers=BOTH, after=nothing_after),
    "another number": Scene(
        act="enrol_for",
        before=doctor_before,
        numbers={"individual_number": TWO},
        after=one_of_two_numbers,
    ),
    "person found later": Scene(
        act="enrol_for", before=both_before, numbers={"individual_number": ONE}, after=moved_or_not
    ),
    "reconcile": Scene(act="reconcile", before=wreckage_before, after=nothing_after),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Sets up a scene on fresh stores, plays it, and looks at what is left."""

    where: Path | PostgresDatabase
    folder: Path

    async def play(self, scene: Scene, nth: int, *, after: bool) -> int | None:
        """Let the act die there; reconcile; check. How many commits it had, if it lived."""
        folder = fresh(self.folder, f"{nth}-{after}")
        async with self._office(folder) as (office, place):
            await scene.before(office)
            commits = crash(
                Job(
                    act=scene.act,
                    urls={str(store): url for store, url in place.urls.items()},
                    register=str(folder / "register.db"),
                    keys=str(folder / "keys"),
                    pseudonym=DOCTOR,
                    numbers=dict(scene.numbers),
                    after=after,
                    nth=nth,
                )
            )
            await office.reconcile()
            assert await office.reconcile() == ReconcileReport()
            await scene.after(office)
            return commits

    @asynccontextmanager
    async def _office(self, folder: Path) -> AsyncIterator[tuple[Office, Place]]:
        place = await self._place(folder / "stores")
        databases, register = place.open(), StandInRegister(folder / "register.db")
        keys = FileKeys(folder / "keys")
        await register.create()
        audit = AuditLog(databases[Store.AUDIT], keys)
        yield Office(open_identity(databases, keys, audit, FILES), Vault(databases, keys), register), place
        for database in (*databases.values(), register.database):
            await database.close()

    async def _place(self, folder: Path) -> Place:
        if isinstance(self.where, Path):
            return copied(self.where, folder)
        await empty_postgres(self.where)
        return Place(dict.fromkeys(GRANTS, self.where.app_url))


def fresh(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


@pytest.mark.parametrize(
    "where", ["sqlite", POSTGRES[-1]], indirect=True
)  # One PostgreSQL: these take minutes.
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
async def test_an_act_that_dies_is_whole_or_nothing(
    scene: Scene, where: Path | PostgresDatabase, tmp_path: Path
) -> None:
    stage = Stage(where, fresh(tmp_path, "deaths"))
    commits = await stage.play(scene, 0, after=False)
    assert commits is not None
    assert commits >= 4
    for nth in range(1, commits + 1):
        for after in (False, True):
            assert await stage.play(scene, nth, after=after) is None
