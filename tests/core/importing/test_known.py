"""Persons whom the vault knows: one who has another licence gets a second, one who has this licence is refused."""

from __future__ import annotations

from meibo.access.tokens import command_principal
from meibo.database.stores import Store
from meibo.identity import NumberKind, VerifiedBy
from meibo.importing.files import Table
from meibo.importing.service import Importer, ImportReport
from meibo.installation import Installation
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault import tables as vault
from tests.veterinarian.installed import ENTRIES
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

NUMBERS = ("123456789018", "111111111118", "123123123128")
CALLER = command_principal("test", ["doctor", "veterinarian"])


async def enter(installation: Installation, code: str, *numbers: str) -> ImportReport:
    """Licences of one profession with these numbers, by import."""
    entry = ENTRIES[code]
    headers = [*entry, "individual_number"]
    rows = [
        (line, [*(entry | {"registration_number": str(910_000 + line)}).values(), number])
        for line, number in enumerate(numbers, 2)
    ]
    importer = Importer(
        installation, CALLER, installation.host[code], "register", "101", VerifiedBy.PAPER_COPY
    )
    return await importer.run(Table(headers, rows))


async def persons(installation: Installation) -> dict[str, set[str]]:
    """The professions of each person."""
    found: dict[str, set[str]] = {}
    async with installation.databases[Store.LINKS].read() as connection:
        for row in await connection.execute(vault.licence_link.select()):
            found.setdefault(row.person, set()).add(row.profession)
    return found


async def numbers_of(installation: Installation, code: str) -> set[str]:
    """The numbers that the register file of a profession holds, opened by the vault itself."""
    numbers, file = installation.identity._numbers, installation.host[code].file
    async with installation.databases[Store.LINKS].read() as connection:
        rows = (await connection.execute(vault.licence_link.select())).all()
    return {
        await numbers.reveal(row.person, file, NumberKind.INDIVIDUAL_NUMBER)
        for row in rows
        if row.profession == code
    }


async def test_one_person_of_two_professions(installation: Installation) -> None:
    assert await enter(installation, "doctor", NUMBERS[0], NUMBERS[1]) == ImportReport(2)
    assert await enter(installation, "veterinarian", NUMBERS[1], NUMBERS[2]) == ImportReport(2)
    found = sorted(map(sorted, (await persons(installation)).values()))
    assert found == [["doctor"], ["doctor", "veterinarian"], ["veterinarian"]]
    assert await numbers_of(installation, "doctor") == set(NUMBERS[:2])
    assert await numbers_of(installation, "veterinarian") == set(NUMBERS[1:])


async def test_one_person_of_this_profession_is_refused_by_line(installation: Installation) -> None:
    assert await enter(installation, "doctor", NUMBERS[0]) == ImportReport(1)
    before = await persons(installation)
    entry = ENTRIES["doctor"] | {"registration_number": "920001"}
    importer = Importer(
        installation, CALLER, installation.host["doctor"], "register", "101", VerifiedBy.PAPER_COPY
    )
    rows = [(2, [*entry.values(), NUMBERS[0]])]
    report = await importer.run(Table([*entry, "individual_number"], rows))
    assert [(bad.line, bad.item) for bad in report.bad] == [(2, "医師232 numbers.individual_number")]
    assert report.bad[0].reason.startswith("Whose number this is has a licence of this profession already.")
    assert await persons(installation) == before


async def test_what_a_dead_import_left_is_told_and_then_swept(installation: Installation) -> None:
    """A link without a licence, as kill -9 leaves it."""
    identity, code = installation.identity, "doctor"
    linked = await identity._links.link(LicencePseudonym("L-DEAD"), code, installation.host[code].file)
    place = installation.host[code].file, NumberKind.INDIVIDUAL_NUMBER, NUMBERS[0]
    await identity._numbers.enrol(linked.act, linked.person, *place, VerifiedBy.PAPER_COPY)
    [bad] = (await enter(installation, code, NUMBERS[0])).bad
    assert bad.reason.endswith("After an interrupted import, run `meibo reconcile` first.")
    await identity._acts.take_back({LicencePseudonym("L-DEAD"): linked.act})
    await identity._numbers.upkeep.withdraw(linked.act)
    assert await enter(installation, code, NUMBERS[0]) == ImportReport(1)
