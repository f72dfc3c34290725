"""Several processes: the same licences as one would enter, bad rows by their lines, and nothing left running."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from bench.entries import FIRST_NUMBER, doctors, write_doctors
from meibo.access.permissions import Role
from meibo.access.tokens import command_principal
from meibo.exporting.service import Exporter
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.importing.checking import BadRow
from meibo.importing.files import Table, read_table
from meibo.importing.processes import CHUNK
from meibo.importing.service import Importer, ImportReport
from meibo.installation import Installation, open_installation
from tests.installed import Template, principal

pytestmark = pytest.mark.slow
COUNT = 2 * CHUNK + 50


async def enter(installation: Installation, table: Table, processes: int) -> ImportReport:
    caller = command_principal("test", ["doctor"])
    network = VerifiedBy.RESIDENT_RECORD_NETWORK
    importer = Importer(installation, caller, installation.host["doctor"], "register", "101", network)
    importer.processes = processes
    return await importer.run(table)


async def exported(installation: Installation) -> bytes:
    exporter = Exporter(installation, principal(Role.ADMINISTRATOR), installation.host["doctor"])
    await exporter.begin()
    return b"".join([part async for part in exporter.parts()])


async def test_two_processes_enter_what_one_enters(
    installation: Installation, template: Template, host: Host, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    write_doctors(path, COUNT)
    assert await enter(installation, read_table(path), 2) == ImportReport(COUNT)
    assert not [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    by_two = await exported(installation)
    settings = await template.settings(None, tmp_path / "second")
    async with open_installation(settings, host) as second:
        assert await enter(second, read_table(path), 1) == ImportReport(COUNT)
        assert await exported(second) == by_two
    assert by_two.count(b"\n") == COUNT + 1


async def test_bad_rows_of_any_chunk_are_named_in_order(installation: Installation) -> None:
    rows = [list(row.values()) for row in doctors(COUNT)]
    headers = list(next(doctors(1)))
    birth, number = headers.index("birth_date"), headers.index("registration_number")
    rows[COUNT - 1][number] = str(FIRST_NUMBER)
    rows[COUNT - 2][birth] = "1990-02-30"
    rows[3][birth] = "1990-13-01"
    report = await enter(installation, Table(headers, list(enumerate(rows, 2))), 2)
    assert report == ImportReport(
        0,
        [
            BadRow(5, "医師26 register.birth_date", "The calendar has no such day: check the date."),
            BadRow(COUNT, "医師26 register.birth_date", "The calendar has no such day: check the date."),
            BadRow(COUNT + 1, "医師4 register.registration_number", "An earlier row has this value."),
        ],
    )
