"""What of a group lies in columns, and what in its blob."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date

from meibo.professions.compiled import compile_profession
from meibo.register.sealing import joined, split
from meibo.register.tables import group_table
from meibo.values.eras import EraDate
from tests.core.professions.dancers import PLUGIN

SPEC = compile_profession(PLUGIN).groups["practice"]


def test_a_clear_pair_has_its_day_in_a_column_and_itself_in_the_blob() -> None:
    values = {"started_era": "S", "started_date": EraDate("S", "50年5月3日"), "colour": "1"}
    clear, hidden = split(SPEC, values)
    assert clear == {"started_date": date(1975, 5, 3)}
    assert hidden == {"started_era": "S", "started_date": ["S", "50年5月3日"], "colour": "1"}
    assert joined(SPEC, clear, hidden) == values


def test_nothing_in_a_clear_pair_is_null_in_its_column() -> None:
    assert split(SPEC, {}) == ({"started_date": None}, {})
    assert joined(SPEC, {"started_date": None}, {}) == {}


def test_the_column_of_a_clear_pair_is_a_date() -> None:
    assert isinstance(group_table("dancer", SPEC).c.started_date.type, Date)
