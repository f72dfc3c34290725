"""Files of a population: the same bytes for the same seed, and a truth that stands apart."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from meibo.cli import cli
from meibo.errors import OperatorError
from meibo_sandbox.world import Kind, population
from meibo_sandbox.world.files import Period, write

YEAR = Period(date(2025, 4, 1), date(2026, 4, 1))
PEOPLE = "3ce54d9a8f0022367c32e9de8e4f9d5ea78a1f96814ebdb7c7ff53ed5ec9f5a8"
TRUTH = "9bc0e147b733cae22dfcadd93741d963ef2a9062854023608836e32c15003ab6"


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    made = tmp_path / "people.csv", tmp_path / "truth.jsonl"
    write(1, 3000, *made, YEAR, processes=1)
    return made


def test_equal_seeds_give_equal_bytes_on_every_machine_and_version(files: tuple[Path, Path]) -> None:
    assert [digest(path) for path in files] == [PEOPLE, TRUTH]


def test_more_processes_write_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    write(1, 12_000, one, None, YEAR, processes=1)
    write(1, 12_000, two, None, YEAR, processes=2)
    assert digest(one) == digest(two)
    assert one.read_bytes().startswith(files[0].read_bytes())


def test_another_seed_gives_others(files: tuple[Path, Path], tmp_path: Path) -> None:
    write(2, 3000, tmp_path / "other.csv", None, YEAR, processes=1)
    assert digest(tmp_path / "other.csv") != PEOPLE


def test_the_rows_are_the_people(files: tuple[Path, Path]) -> None:
    with files[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3000
    for row, person in zip(rows, population(1, 3000), strict=True):
        assert row["individual_number"] == person.individual_number
        assert row["birth_date"] == person.birth_date.isoformat()
        assert row["kin_index"] == ("" if person.kin_index is None else str(person.kin_index))
        assert row["gaiji"] == " ".join(f"{g.item}:{g.position}:{g.name}" for g in person.gaiji)
        assert (row["died_date"], row["former_numbers"]) == ("", "")


def test_the_truth_tells_of_those_to_whom_something_happened(files: tuple[Path, Path]) -> None:
    truths = {told["index"]: told for told in map(json.loads, files[1].read_text("utf-8").splitlines())}
    for person in population(1, 3000):
        events = list(population(1, 3000).events(person.index, YEAR.since, YEAR.until))
        assert (person.index in truths) == bool(events or person.refuses)
        if told := truths.get(person.index):
            assert told["individual_number"] == person.individual_number
            assert [event["kind"] for event in told["events"]] == [event.kind for event in events]
            assert told["now"]["refuses"] or told["events"] or person.refuses
            assert bool(told["now"]["died_date"]) == (Kind.DIED in {event.kind for event in events})


def test_the_truth_is_its_owners_and_nothing_is_overwritten(files: tuple[Path, Path]) -> None:
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600
    before = digest(files[0])
    with pytest.raises(OperatorError):
        write(2, 10, *files, YEAR, processes=1)
    assert digest(files[0]) == before


def test_the_command_writes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEIBO_DATA", str(tmp_path / "data"))
    people, truth = tmp_path / "people.csv", tmp_path / "truth.jsonl"
    asked = ["sandbox", "population", "--seed", "1", "--size", "3000", "--processes", "1"]
    done = CliRunner().invoke(
        cli, [*asked, "--output", str(people), "--truth", str(truth), "--until", "2026-04-01"]
    )
    assert (done.exit_code, done.output) == (0, "")
    assert [digest(people), digest(truth)] == [PEOPLE, TRUTH]


def test_the_command_writes_no_truth_where_a_worker_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEIBO_DATA", str(tmp_path))
    asked = ["sandbox", "population", "--seed", "1", "--size", "3", "--output", str(tmp_path / "people.csv")]
    done = CliRunner().invoke(cli, [*asked, "--truth", str(tmp_path / "deep" / "truth.jsonl")])
    assert isinstance(done.exception, OperatorError)
    assert list(tmp_path.iterdir()) == []
