"""What the entries of synthetic pharmacists say beyond what core guesses."""

from collections.abc import Mapping
from random import Random

from meibo.plugin import SyntheticPerson, demo
from meibo_pharmacist.rules.acts import ACTS
from meibo_pharmacist.rules.applying import FACTS, IDENTITY

Row = dict[str, str]

KEPT = ("exam", "application_entry", "register")
"""The groups that repeat one another."""
exam_round = demo.rounds(109, yearly_since=1987)
"""The round of the national examination in a year: the 109th was in 2024."""


def values(person: SyntheticPerson, number: int, random: Random) -> Row:
    """A pharmacist's values by item: the examination and the application agree with the entry."""
    year = person.passed_date.year
    told = {
        "registration_id": str(person.index),
        "registration_number": str(number),
        "registration_date": person.licensed_date.isoformat(),
        "exam_number": f"{random.randint(1, 99_999):05}",
        "national_exam_round": str(exam_round(year)),
        "national_exam_year": str(year),
        "exam_site_code": f"{random.randint(1, 12):02}",
        "national_exam_pass_date": person.passed_date.isoformat(),
        "pass_certificate_number": f"{year}{person.index:06}",
    }
    named = [name for name, _, _ in (*FACTS, *IDENTITY)]
    return {
        **_blank(),
        **{f"{group}.{name}": told[name] for group in KEPT for name in named if _has(group, name)},
        **{f"{group}.registration_category_code": "01" for group in KEPT},
        **{f"{group}.pass_date_presence_code": "1" for group in KEPT},
        **{f"{group}.fine_category": "0" for group in KEPT},
        **{f"{group}.pass_registration_category_code": "01" for group in KEPT[1:]},
        **{f"{group}.remarks": "見本データ" for group in KEPT},
        "hold_flag": "0",
        "error_flag": "0",
        "entry_id": str(person.index),
    }


def _blank() -> Row:
    """What the office has not noted: later acts, a former registration, a hold."""
    acts = (f"{act}_{part}" for act, _, _ in ACTS for part in ("date", "reason_code", "reason_text"))
    former = (f"former_registration_{part}" for part in ("prefecture_code", "number", "date"))
    noted: Mapping[str, str] = dict.fromkeys((*acts, *former), "")
    rows = {f"{group}.{name}": "" for group in KEPT[1:] for name in noted}
    return {**rows, "held_at": "", "parent_entry_id": "", "provisional_registration_date": ""}


def _has(group: str, name: str) -> bool:
    """Whether a group has an item: the examination knows no entry, the application no second number of it."""
    examined = {fact for fact, _, _ in FACTS}
    return name in examined if group == "exam" else True
