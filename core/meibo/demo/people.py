"""The people of a register, as rows that its office would hand in.

`persons` says who they are; a filler per profession adds what its register keeps. Rows are those of a CSV
file: identifiers as headers, the same for every row, and values as a file holds them, "" for none.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from meibo.demo.persons import LAST_DAY, PREFECTURES, Person, chance, persons

Row = dict[str, str]

_DOCTOR_HEADERS = """
registration_id registration_number licence_type_code forwarding_prefecture_code received_date
registration_date exam_number national_exam_round national_exam_year exam_site_code
national_exam_pass_date former_registration_prefecture_code former_registration_number
former_registration_date domicile_code family_name given_name family_name_kana given_name_kana
common_family_name common_given_name common_family_name_kana common_given_name_kana birth_date
sex_code register_correction_date register_correction_reason_code register_correction_reason_text
reissue_date reissue_reason_code reissue_reason_text registration_transfer_date
registration_transfer_reason_code registration_transfer_reason_text minister_code
bureau_director_code alma_mater_code record_count processing_category_code entry_category_code
fine_category remarks_1 remarks_2 remarks_3 passed_licence_type_code memo
chief_medical_officer_code former_family_name
former_family_name_kana certification_date application_health_bureau certification_number address
phone_number email_address email_use_consent practice_type main_workplace_name main_workplace_phone
main_workplace_address main_workplace_working_days main_workplace_duty_count employment_form
main_duties leave_taken secondary_workplace_name secondary_workplace_phone
secondary_workplace_address secondary_workplace_working_days secondary_workplace_duty_count
secondary_workplace_count clinical_departments advertisable_specialty_qualifications
handles_childbirth place_of_origin foreign_medical_school_country regional_quota_service_required
regional_quota_service_years regional_quota_service_completed regional_quota_service_place
regional_quota_scholarship_lender regional_quota_selection_method practice_report_use_consent
remarks reeducation_completion_registered_date reeducation_order_registered_date individual_number
"""
DOCTOR_ITEMS = tuple(_DOCTOR_HEADERS.split())
"""The headers of a doctor's row, in official order."""
OFFICES = {
    "minister_code": (date(1946, 4, 1), 5),
    "bureau_director_code": (date(1946, 7, 1), 4),
    "chief_medical_officer_code": (date(2017, 7, 11), 3),
}
"""The first day of each office and the years of a term, as the sample code rows have them."""
FOREIGN_SERIES, NATIONAL_SERIES = 1_000, 100_000
"""Foreign nationals are numbered in a series of their own."""
YEARLY_EXAM = 1985
"""From this year the national examination is held once a year, before it twice."""
SERVICE_QUOTA_YEAR = 2014
CERTIFIED_FROM = date(2020, 10, 1)
BIRTHS = ("31", "32")
"""The clinical departments that attend births."""


def doctor_rows(count: int, seed: int = 1) -> Iterator[Row]:
    """Rows of so many doctors, in the order of their registration; needs the extra `demo`."""
    foreign = 0
    for person in persons(count, seed):
        foreign += person.foreign
        own_series = person.foreign and FOREIGN_SERIES + foreign < NATIONAL_SERIES
        number = FOREIGN_SERIES + foreign if own_series else NATIONAL_SERIES + person.index
        rng = chance(seed, "doctor", person.index)
        yield dict.fromkeys(DOCTOR_ITEMS, "") | {
            "registration_number": str(number),
            **_entry(person, rng),
            **_later_acts(person, rng),
            **_report(person, rng),
            **_further_work(person, rng),
        }


def _entry(person: Person, rng: random.Random) -> Row:
    """The entry as it was made on the day of the licence."""
    day = person.licensed_date
    passed = _passed(day)
    received = max(passed, day - timedelta(days=rng.randint(14, 40)))
    return {
        "registration_id": str(person.index),
        "licence_type_code": "01",
        "forwarding_prefecture_code": person.prefecture_code,
        "received_date": received.isoformat(),
        "registration_date": day.isoformat(),
        "exam_number": f"{rng.randint(1, 99_999):05}",
        "national_exam_round": str(_exam_round(passed.year)),
        "national_exam_year": str(passed.year),
        "exam_site_code": f"{rng.randint(1, 12):02}",
        "national_exam_pass_date": passed.isoformat(),
        "domicile_code": person.domicile_code,
        **_names(person),
        "birth_date": person.birth_date,
        "sex_code": person.sex_code,
        **{name: holder for name in OFFICES if (holder := _office_holder(name, day))},
        "alma_mater_code": "" if person.foreign else f"{rng.randint(1, 40):05}",
        "record_count": "1",
        "processing_category_code": "01",
        "entry_category_code": "1",
        "fine_category": "1" if rng.random() < 0.005 else "0",
        "remarks_1": "見本データ",
        "passed_licence_type_code": "01",
        "memo": "実在しない人物です。",
        "individual_number": person.individual_number,
    }


def _names(person: Person) -> Row:
    parts = ("family_name", "given_name", "common_family_name", "common_given_name", "former_family_name")
    return {name: getattr(person, name) for part in parts for name in (part, f"{part}_kana")}


def _later_acts(person: Person, rng: random.Random) -> Row:
    """What the office noted later: corrections, reissues, transfers, certifications, orders."""
    row: Row = {}
    start = person.licensed_date
    if person.former_family_name and (day := _later(start, rng)):
        row |= _act("register_correction", day, "201", "氏名の変更") | {"processing_category_code": "02"}
    if rng.random() < 0.05 and (day := _later(start, rng)):
        row |= _act("reissue", day, "301", "亡失") | {"remarks_2": "再交付済み"}
    if rng.random() < 0.01 and (day := _later(start, rng)):
        row |= _act("registration_transfer", day, "501", "旧登録からの登録換")
        row |= {
            "former_registration_prefecture_code": rng.choice(PREFECTURES),
            "former_registration_number": str(rng.randint(1, 9_999)),
            "former_registration_date": start.isoformat(),
            "remarks_3": "旧登録を確認済み",
        }
    if rng.random() < 0.04 and (day := _later(max(start, CERTIFIED_FROM), rng)):
        row |= {
            "certification_date": day.isoformat(),
            "application_health_bureau": str(rng.randint(1, 8)),
            "certification_number": f"R{person.index:07}",
        }
    if rng.random() < 0.005 and (day := _later(start, rng)):
        row["reeducation_order_registered_date"] = day.isoformat()
        row["reeducation_completion_registered_date"] = min(LAST_DAY, day + timedelta(days=365)).isoformat()
    return row


def _act(act: str, day: date, reason: str, text: str) -> Row:
    return {f"{act}_date": day.isoformat(), f"{act}_reason_code": reason, f"{act}_reason_text": text}


def _report(person: Person, rng: random.Random) -> Row:
    """The biennial report: where and how the doctor works."""
    departments = rng.sample(range(1, 40), rng.choice((1, 1, 1, 2, 3)))
    codes = sorted(f"{number:02}" for number in departments)
    return {
        "address": person.address,
        "phone_number": person.phone_number,
        "email_address": person.email_address,
        "email_use_consent": rng.choice("01"),
        "practice_type": f"{rng.choice((1, 2, 2, 3, 4, 4, 4, 5, 7, 12, 13)):02}",
        **_workplace("main", person, rng, days=rng.randint(3, 6)),
        "employment_form": rng.choice("1112"),
        "main_duties": rng.choice(("01", "01", "01", "02", "03", "04")),
        "leave_taken": rng.choice("000000012"),
        "clinical_departments": ";".join(codes),
        "advertisable_specialty_qualifications": f"{rng.randint(1, 20):02}" if rng.random() < 0.6 else "",
        "handles_childbirth": str(int(any(code in BIRTHS for code in codes))),
        "place_of_origin": "" if person.foreign else rng.choice(PREFECTURES),
        "foreign_medical_school_country": person.domicile_code if person.foreign else "",
        "practice_report_use_consent": rng.choice("0111"),
        "remarks": "見本データ",
    }


def _further_work(person: Person, rng: random.Random) -> Row:
    """A second workplace, and the service to which a regional quota binds."""
    row: Row = {"secondary_workplace_count": "0"}
    if rng.random() < 0.6:
        row = _workplace("secondary", person, rng, days=1) | {"secondary_workplace_count": rng.choice("1112")}
    served = person.licensed_date.year >= SERVICE_QUOTA_YEAR
    if served:
        row["regional_quota_service_required"] = "0"
    if served and rng.random() < 0.2:
        row |= {
            "regional_quota_service_required": "1",
            "regional_quota_service_years": "9",
            "regional_quota_service_completed": rng.choice("01"),
            "regional_quota_service_place": "県内の公立病院",
            "regional_quota_scholarship_lender": "見本県",
            "regional_quota_selection_method": rng.choice("1234"),
        }
    return row


def _workplace(place: str, person: Person, rng: random.Random, *, days: int) -> Row:
    number = rng.randint(1, 9_999)
    return {
        f"{place}_workplace_name": f"見本{number:04}{rng.choice(('病院', '診療所', 'クリニック'))}",
        f"{place}_workplace_phone": f"000-9{number % 1000:03}-{number:04}",
        f"{place}_workplace_address": f"{person.address.split('-')[0]}-{rng.randint(1, 30)}",
        f"{place}_workplace_working_days": str(days),
        f"{place}_workplace_duty_count": str(rng.randint(0, 6)),
    }


def _passed(licensed: date) -> date:
    """The day on which the examination's pass was made known: in March, before the licence."""
    passed = date(licensed.year, 3, 17)
    return passed if passed < licensed else passed.replace(year=licensed.year - 1)


def _exam_round(year: int) -> int:
    """The round of the national examination: the 79th was in 1985, the 118th in 2024."""
    return year - 1906 if year >= YEARLY_EXAM else 2 * (year - 1946) + 1


def _later(start: date, rng: random.Random) -> date | None:
    """A day one to ten years later; None where that lies beyond the last day."""
    day = start + timedelta(days=rng.randint(365, 3650))
    return day if day <= LAST_DAY else None


def _office_holder(name: str, day: date) -> str:
    """The code of who held an office on a day; "" before the first."""
    first, years = OFFICES[name]
    since = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    return f"{since // years + 1:03}" if since >= 0 else ""
