"""A run of more than one file: everybody is asked about once, and how long that takes is printed.

`RESIDENTS=20000 pytest tests/core/linkage/residents/test_many.py` asks about so many.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.entries import doctors, write_doctors
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer, ImportReport
from meibo.linkage.residents.inquiries import Outcome
from meibo.linkage.residents.tables import resident_batch, resident_reply
from meibo_sandbox.residents import Resident
from tests.core.importing.test_import import OPERATOR
from tests.core.linkage.residents.conftest import World

pytestmark = pytest.mark.slow
HOLDERS = int(os.environ.get("RESIDENTS", "1200"))


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Residents who are found by their numbers alone, however many there are."""

    residents: Mapping[str, Resident]

    def find(self, asked: Mapping[str, str]) -> Sequence[Resident]:
        found = self.residents.get(asked.get("subject_individual_number", ""))
        return [found] if found else []


def resident(row: Mapping[str, str]) -> Resident:
    return Resident(
        f"{row['family_name']}　{row['given_name']}", f"{row['family_name_kana']}　{row['given_name_kana']}",
        row["birth_date"], row["sex_code"], row["address"], row["individual_number"], "99999999995",
    )  # fmt: skip


async def test_a_run_of_several_files_asks_about_each_once(
    world: World, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    world.network.register = ByNumber({row["individual_number"]: resident(row) for row in doctors(HOLDERS)})
    file, doctor = tmp_path / "doctors.csv", world.installation.host["doctor"]
    write_doctors(file, HOLDERS)
    importer = Importer(world.installation, OPERATOR, doctor, "register", "101", VerifiedBy.MY_NUMBER_CARD)
    assert await importer.run(read_table(file)) == ImportReport(HOLDERS)
    run, began, busy = await world.begin(), time.perf_counter(), time.process_time()
    await world.work()
    took, spent = time.perf_counter() - began, time.process_time() - busy
    assert (await world.run(run.id)).outcomes == {Outcome.FOUND: HOLDERS}
    files = -(-HOLDERS // 1_000)
    assert len(await world.rows(resident_batch)) == len(world.network.came) == files
    assert len({row.licence_id for row in await world.rows(resident_reply)}) == HOLDERS
    record_property(
        "figures",
        f"resident records, {world.installation.register.dialect}, one worker with the stand-in in its process:"
        f" {HOLDERS:,} holders in {took:.1f} s, {HOLDERS / took:,.0f} a second,"
        f" {spent / HOLDERS * 1e6:,.0f} µs of its processor for each",
    )
