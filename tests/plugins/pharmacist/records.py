"""A sound record of a pharmacist, and changes to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from meibo.plugin import Code, Group, Kana, PartialDate, Record
from meibo_pharmacist.items import PharmacistApplicationEntry, PharmacistExam, PharmacistRegister

DAY = date(2020, 5, 1)
PASSED = date(2020, 3, 24)

SOUND = Record(
    {
        "exam": PharmacistExam.of(
            exam_number="12345", national_exam_year=2020, national_exam_pass_date=PASSED
        ),
        "application_entry": PharmacistApplicationEntry.of(
            entry_id=12,
            registration_id=7,
            registration_number="600001",
            received_date=date(2020, 4, 2),
            hold_flag=False,
        ),
        "register": PharmacistRegister.of(
            registration_id=7,
            registration_number="600001",
            registration_date=DAY,
            registration_category_code=Code("01"),
            pass_registration_category_code=Code("01"),
            received_date=date(2020, 4, 2),
            exam_number="12345",
            national_exam_year=2020,
            national_exam_pass_date=PASSED,
            pass_date_presence_code=Code("1"),
            domicile_code=Code("13"),
            family_name="見本",
            family_name_kana=Kana("ミホン"),
            given_name="花子",
            given_name_kana=Kana("ハナコ"),
            birth_date=PartialDate("1995-01-15"),
            sex_code=Code("2"),
        ),
    }
)
HELD = datetime(2020, 4, 3, 9, 0, tzinfo=UTC)


def changed(changes: Mapping[str, object], record: Record = SOUND) -> Record:
    """The record with items changed by path, such as `register.given_name`."""
    groups: dict[str, Group] = dict(record.groups)
    for path, value in changes.items():
        key, _, name = path.partition(".")
        groups[key] = groups[key].with_values({name: value})
    return Record(groups)
