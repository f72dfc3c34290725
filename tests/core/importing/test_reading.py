"""What is remembered of a column changes nothing: every row reads as `validation` reads it, for all ten professions."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.demo.codes import Codes
from meibo.demo.holders import holder_rows
from meibo.host import load_host
from meibo.importing.headers import resolve
from meibo.importing.reading import RowReader, Unsound, sorted_out
from meibo.register import validation
from meibo.register.validation import Reading

HOST = load_host()
COUNT = 12
Rows = list[list[str]]


class Read:
    """The demo's rows of a profession, read both ways."""

    def __init__(self, code: str) -> None:
        self.profession, self.codes = HOST[code], Codes(HOST, code)
        rows = [*holder_rows(HOST, code, COUNT)]
        self.columns = resolve(self.profession, list(rows[0]))
        self.rows = [list(row.values()) for row in rows]
        self.reader = RowReader(self.profession, self.columns, self.codes.known)

    def plainly(self, fields: list[str]) -> tuple[Reading, object]:
        values, numbers = sorted_out(self.columns, fields)
        return validation.read(self.profession, values, self.codes.known), numbers


read = cache(Read)


@pytest.mark.parametrize("code", sorted(HOST.professions))
def test_sound_rows_of_the_demo(code: str) -> None:
    both = read(code)
    for fields in both.rows * 2:  # What is remembered is read the second time.
        reading, numbers = both.plainly(fields)
        assert reading.findings == []
        assert both.reader.read(fields) == (reading.patch, numbers)


@given(st.data())
def test_rows_with_anything_in_them(data: st.DataObject) -> None:
    both = read(data.draw(st.sampled_from(["doctor", "dietitian", "nurse"])))
    fields = list(data.draw(st.sampled_from(both.rows)))
    others = st.text(max_size=12) | st.sampled_from([text for row in both.rows for text in row])
    places = st.integers(0, len(fields) - 1)
    for place, text in data.draw(st.dictionaries(places, others, max_size=4)).items():
        fields[place] = text
    reading, numbers = both.plainly(fields)
    if reading.findings:
        with pytest.raises(Unsound):
            both.reader.read(fields)
    else:
        assert both.reader.read(fields) == (reading.patch, numbers)
