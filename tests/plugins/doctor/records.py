"""A sound record of a doctor, and changes to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meibo.plugin import Code, Group, Kana, PartialDate, Record
from meibo_doctor.items import DoctorPracticeReport, DoctorReeducation, DoctorRegister

DAY = date(2020, 5, 1)

SOUND = Record(
    {
        "register": DoctorRegister.of(
            registration_number="500001",
            registration_date=DAY,
            licence_type_code=Code("01"),
            passed_licence_type_code=Code("01"),
            received_date=date(2020, 4, 2),
            national_exam_year=2020,
            national_exam_pass_date=date(2020, 3, 16),
            domicile_code=Code("13"),
            family_name="見本",
            family_name_kana=Kana("ミホン"),
            given_name="花子",
            given_name_kana=Kana("ハナコ"),
            birth_date=PartialDate("1995-01-15"),
            sex_code=Code("2"),
        ),
        "practice_report": DoctorPracticeReport.of(
            address="東京都見本市1-1", main_workplace_name="見本病院", main_workplace_working_days=5
        ),
        "reeducation": DoctorReeducation.of(),
    }
)


def changed(changes: Mapping[str, object], record: Record = SOUND) -> Record:
    """The record with items changed by path, such as `register.given_name`."""
    groups: dict[str, Group] = dict(record.groups)
    for path, value in changes.items():
        key, _, name = path.partition(".")
        groups[key] = groups[key].with_values({name: value})
    return Record(groups)
