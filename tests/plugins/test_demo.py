"""Synthetic holders of every installed profession pass all of its rules, whatever they are."""

from __future__ import annotations

import pytest

from meibo.demo.holders import holder_rows
from meibo.host import load_host
from meibo.professions.shared.demo import rounds

HOST = load_host()
COUNT = 100


@pytest.mark.parametrize("code", HOST.professions)
def test_holders_are_sound_and_unlike_one_another(code: str) -> None:
    """A row that broke a rule would be refused by name."""
    number = HOST[code].plugin.number
    rows = list(holder_rows(HOST, code, COUNT))
    header = number if number in rows[0] else number.rpartition(".")[2]
    assert len({row[header] for row in rows}) == COUNT


def test_midwives_are_women() -> None:
    assert {row["sex_code"] for row in holder_rows(HOST, "midwife", COUNT)} == {"2"}


def test_rounds_are_yearly_since_a_year_and_twice_yearly_before() -> None:
    doctor = rounds(118, yearly_since=1985)
    assert [doctor(year) for year in (1900, 1984, 1985, 2024)] == [1, 77, 79, 118]
