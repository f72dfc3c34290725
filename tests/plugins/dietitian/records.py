"""A sound entry of a registered dietitian as an office hands it in, and changes to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meibo.host import load_host
from meibo.professions.rules import Record
from meibo.register.fold import patched
from meibo.register.validation import read

PROFESSION = load_host(only={"dietitian"})["dietitian"]
Raw = Mapping[str, Any]


def parts(prefix: str, era: str | None, year: int | None, month: int | None, day: int | None) -> Raw:
    """A day as the four items of the list."""
    names = (f"{prefix}_{part}" for part in ("era", "year", "month", "day"))
    return dict(zip(names, (era, year, month, day), strict=True))


def period(start: tuple[str, int, int, int], end: tuple[str, int, int, int]) -> Raw:
    """A row of practice."""
    return {**parts("practice_start", *start), **parts("practice_end", *end)}


EXAM: Raw = {
    "exam_round": 34,
    "exam_fiscal_year": 2019,
    "full_name_kanji": "見本花子",
    "age": 25,
    **parts("birth_date", "4", 6, 5, 3),
    "school_category_code": "2",
    **parts("graduation", "4", 27, 3, 20),
    "nutritionist_licence_status": "1",
    **parts("nutritionist_licence_date", "4", 27, 4, 1),
    "practice_total_status": "1",
    "practice_total_years": 3,
    "practice_total_months": 11,
    "exam_number": "00012",
}
REGISTER: Raw = {
    "registration_number": "300001",
    "registration_date_era": "R",
    "registration_date": "020401",
    "family_name": "見本",
    "given_name": "花子",
    "family_name_kana": "ミホン",
    "given_name_kana": "ハナコ",
    "birth_date_era": "平成",
    "birth_date": "6年5月3日",
    "sex": "2",
    "qualification_date": "2020-03-27",
    "issue_date": "2020-04-10",
    "forwarding_prefecture_code": "13",
}
PERIODS = [period(("4", 27, 4, 2), ("4", 29, 3, 31)), period(("4", 29, 4, 1), ("4", 31, 3, 31))]
SOUND: Raw = {"exam": EXAM, "practice_periods": PERIODS, "register": REGISTER}


def changed(changes: Raw) -> Record:
    """The sound record with items changed by path, such as `exam.age`; `practice_periods` as a whole."""
    raw = {key: dict(group) if isinstance(group, Mapping) else group for key, group in SOUND.items()}
    for path, value in changes.items():
        key, _, name = path.partition(".")
        if name:
            raw[key] = {**raw[key], name: value}
        else:
            raw[key] = value
    reading = read(PROFESSION, raw, lambda _table, _code: True)
    assert reading.findings == []
    return patched(PROFESSION.empty(), reading.patch)


def within(key: str, values: Raw) -> Raw:
    """Changes of one group, by path."""
    return {f"{key}.{name}": value for name, value in values.items()}
