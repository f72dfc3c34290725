"""Sound records of care workers: one who passed the examination, one entered for a term; and changes to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meibo.plugin import Code, EraDate, EraMonth, Group, Kana, Record
from meibo_careworker.items import CareworkerRegister

DAY = date(2020, 5, 1)


def era(text: str) -> EraDate:
    """The pair of an ISO day."""
    return EraDate.of(date.fromisoformat(text))


SOUND = Record(
    {
        "register": CareworkerRegister.of(
            registration_number="1000001",
            registration_date_wareki=EraDate.of(DAY),
            family_name="見本",
            family_name_kana=Kana("ミホン"),
            given_name="花子",
            given_name_kana=Kana("ハナコ"),
            domicile_code=Code("13"),
            birth_date_wareki=era("1995-01-15"),
            sex=Code("2"),
            pass_certificate_number="K000001",
            pass_month_wareki=EraMonth("5", "0203"),
        )
    }
)


def changed(changes: Mapping[str, object], record: Record = SOUND) -> Record:
    """The record with items of the register changed."""
    register: Group = record.groups["register"].with_values(changes)
    return Record({"register": register})


FIXED_TERM = changed(
    {
        "registration_number": "E000001",
        "fixed_term_registration": True,
        "training_facility_code": Code("000001"),
        "expiry_date_wareki": era("2025-03-31"),
        "pass_certificate_number": None,
        "pass_month_wareki": None,
    }
)
