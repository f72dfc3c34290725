"""What the offices of the medical file write into an entry and later note there, for synthetic holders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from meibo.items.shared import lists
from meibo.professions.persons import SyntheticPerson

Row = dict[str, str]

LAST_DAY = date(2024, 11, 29)
"""Nothing happens to synthetic people later."""
FOREIGN_EVERY = 50
"""One in so many is a foreign national, numbered in a series of their own from the day of `FOREIGN_SERIES`."""
NATIONAL_SERIES, FOREIGN_SERIES = 100_000, 1_000
CERTIFIED_FROM = date(2020, 10, 1)
ACTS = ("register_correction", "reissue", "registration_transfer")
ORDERS = ("reeducation_order_registered_date", "reeducation_completion_registered_date")
NOTED = (
    "former_registration_prefecture_code", "former_registration_number", "former_registration_date", "remarks_2",
    "remarks_3", "remarks_4", "remarks_5", "certification_date", "application_health_bureau", "certification_number",
    *ORDERS,
)  # fmt: skip
"""What the office notes of few."""


def medical_entry(
    person: SyntheticPerson,
    day: date,
    number: int,
    random: Random,
    *,
    licence_type: str,
    exam_round: Callable[[int], int],
    reeducation: bool = True,
) -> Row:
    """The entry of a register of the medical file, and what its office noted later, by path of item.

    `exam_round` gives the round of the national examination that was passed in a year; `reeducation` says whether
    the act knows orders of re-education.
    """
    blank = {f"{act}_{part}": "" for act in ACTS for part in ("date", "reason_code", "reason_text")}
    row = {
        **blank,
        **dict.fromkeys(NOTED, ""),
        "registration_number": str(_number(number) if person.foreign else number),
        "licence_type_code": licence_type,
        "passed_licence_type_code": licence_type,
        "exam_number": f"{random.randint(1, 99_999):05}",
        "national_exam_round": str(exam_round(person.passed_date.year)),
        "national_exam_year": str(person.passed_date.year),
        "record_count": "1",
        "processing_category_code": "01",
        "entry_category_code": "1",
        "fine_category": "1" if random.random() < 0.005 else "0",
        "remarks_1": "見本データ",
        "memo": "実在しない人物です。",
        **({"alma_mater_code": ""} if person.foreign else {}),
        **_later_acts(person, day, random),
    }
    paths = {f"{name.partition('_')[0] if name in ORDERS else 'register'}.{name}": row[name] for name in row}
    return paths if reeducation else {path: paths[path] for path in paths if path.startswith("register.")}


def rounds(of_2024: int, yearly_since: int) -> Callable[[int], int]:
    """The rounds of an examination by year: held once a year since a year, twice before it."""
    first = of_2024 - (2024 - yearly_since)

    def exam_round(year: int) -> int:
        return (
            first + year - yearly_since if year >= yearly_since else max(1, first - 2 * (yearly_since - year))
        )

    return exam_round


def workplace(place: str, person: SyntheticPerson, random: Random, *, name: str, days: int) -> Row:
    """The `main` or `secondary` workplace of a practice report, by the name that its kind has."""
    number = random.randint(1, 9_999)
    return {
        f"{place}_workplace_name": f"見本{number:04}{name}",
        f"{place}_workplace_phone": f"000-9{number % 1000:03}-{number:04}",
        f"{place}_workplace_address": f"{person.address.split('-')[0]}-{random.randint(1, 30)}",
        f"{place}_workplace_working_days": str(days),
        f"{place}_workplace_duty_count": str(random.randint(0, 6)),
    }


def _number(number: int) -> int:
    """A foreign national's register number; past the room of their series they go on in the other."""
    turn = FOREIGN_SERIES + (number - NATIONAL_SERIES) // FOREIGN_EVERY
    return turn if turn < NATIONAL_SERIES else number


def _later_acts(person: SyntheticPerson, day: date, random: Random) -> Row:
    """What the office noted later: corrections, reissues, transfers, certifications, orders of re-education."""
    row: Row = {}
    if person.former_family_name and (later := _later(day, random)):
        row |= _act("register_correction", later, "201", "氏名の変更") | {"processing_category_code": "02"}
    if random.random() < 0.05 and (later := _later(day, random)):
        row |= _act("reissue", later, "301", "亡失") | {"remarks_2": "再交付済み"}
    if random.random() < 0.01 and (later := _later(day, random)):
        row |= _act("registration_transfer", later, "501", "旧登録からの登録換")
        row |= {
            "former_registration_prefecture_code": random.choice(tuple(lists.PREFECTURE.values)),
            "former_registration_number": str(random.randint(1, 9_999)),
            "former_registration_date": day.isoformat(),
            "remarks_3": "旧登録を確認済み",
        }
    if random.random() < 0.04 and (later := _later(max(day, CERTIFIED_FROM), random)):
        row |= {
            "certification_date": later.isoformat(),
            "application_health_bureau": str(random.randint(1, 8)),
            "certification_number": f"R{person.index:07}",
        }
    if random.random() < 0.005 and (later := _later(day, random)):
        row["reeducation_order_registered_date"] = later.isoformat()
        row["reeducation_completion_registered_date"] = min(LAST_DAY, later + timedelta(days=365)).isoformat()
    return row


def _act(act: str, day: date, reason: str, text: str) -> Row:
    return {f"{act}_date": day.isoformat(), f"{act}_reason_code": reason, f"{act}_reason_text": text}


def _later(start: date, random: Random) -> date | None:
    """A day one to ten years later; None where that lies beyond the last day."""
    day = start + timedelta(days=random.randint(365, 3650))
    return day if day <= LAST_DAY else None
