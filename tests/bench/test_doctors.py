"""The doctors that are loaded: our own writer's rows, and the same doctors in the clear."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import doctors, plain
from bench.doctors import Doctors
from meibo import clock
from meibo.crypto.keys import FileKeys
from meibo.host import load_host
from meibo.register import sealing
from meibo.register.fold import State
from meibo.register.writing import LicenceWriter

UNCONNECTED: Any = None


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctors, "PATTERNS", 12)


@pytest.mark.usefixtures("few")
def test_every_sixth_has_two_dispositions(tmp_path: Path) -> None:
    drawn = Doctors(load_host(only={"doctor"}))
    writer = LicenceWriter(UNCONNECTED, drawn.profession, 1, FileKeys(tmp_path))
    made = [drawn.write(writer, index, clock.now()) for index in range(1, 13)]
    assert Counter(len(list(plain.disposition_rows(doctor))) for doctor in made) == {0: 6, 1: 4, 2: 2}
    assert {doctor.state for doctor in made} == {State.REGISTERED}
    assert [doctor.number for doctor in made[:2]] == ["100001", "100002"]
    assert {name: len(rows) for name, rows in writer.rows.items()} == {
        "licence": 12, "action": 20, "licence_version": 22, "licence_span": 22,
        "doctor_register": 12, "doctor_practice_report": 12, "doctor_reeducation": 12,
    }  # fmt: skip


@pytest.mark.usefixtures("few")
def test_a_row_in_the_clear_says_what_the_sealed_one_says(tmp_path: Path) -> None:
    drawn, keys = Doctors(load_host(only={"doctor"}), narrow=True), FileKeys(tmp_path)
    writer = LicenceWriter(UNCONNECTED, drawn.profession, 1, keys)
    doctor = drawn.write(writer, 2, clock.now())
    told = plain.doctor_row(doctor)
    (licence,), (row,) = writer.rows["licence"], writer.rows["doctor_register"]
    secret = sealing.open_licence_key(
        writer.envelope, doctor.licence, licence["wrapped_key"], licence["key_version"]
    )
    where = sealing.place("doctor_register", doctor.licence, "1", row["plugin_version"])
    hidden = sealing.open_json(secret, row["sealed"], where)
    assert told["family_name"] == hidden["family_name"]
    assert told["registration_date"] == row["registration_date"] > date(1966, 3, 31)
    assert told["version"] == licence["version"] == 1
    assert set(writer.rows) == {"licence", "action", "licence_version", "licence_span", "doctor_register"}
