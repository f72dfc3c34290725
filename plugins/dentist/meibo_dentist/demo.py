"""What synthetic dentists report, and what their entries say beyond what core guesses."""

from datetime import date
from random import Random

from meibo.plugin import SyntheticPerson, demo, lists

Row = dict[str, str]


def values(person: SyntheticPerson, day: date, number: int, random: Random) -> Row:
    """A dentist's values by path of item."""
    rounds = demo.rounds(117, yearly_since=1985)
    entry = demo.medical_entry(person, day, number, random, licence_type="02", exam_round=rounds)
    reported = report(person, random) | {
        "registration_number": entry["register.registration_number"],
        "registration_date": day.isoformat(),
    }
    return entry | {f"practice_report.{name}": value for name, value in reported.items()}


def report(person: SyntheticPerson, random: Random) -> Row:
    """The biennial report: who and where the dentist is, and how the dentist works."""
    return {
        "birth_date": person.birth_date,
        "sex_code": person.sex_code,
        "address": person.address,
        "phone_number": person.phone_number,
        "email_address": person.email_address,
        "email_use_consent": random.choice("01"),
        "practice_type": f"{random.choice((1, 1, 2, 2, 2, 3, 4, 5, 12)):02}",
        **workplace("main", person, random),
        "employment_form": random.choice("1112"),
        "main_duties": random.choice(("01", "01", "01", "02", "03", "04")),
        "leave_taken": random.choice("000000012"),
        **dict.fromkeys(workplace("secondary", person, random), ""),
        "clinical_departments": random.choice(("01", "01", "01;03", "02", "04")),
        "advertisable_dental_specialty_qualifications": random.choice(("", "", "01", "02", "07")),
        "dental_school_name": f"見本第{random.randint(1, 29)}歯科大学",
        "place_of_origin": "" if person.foreign else random.choice(tuple(lists.PREFECTURE.values)),
        "dental_practice_report_use_consent": random.choice("0111"),
        "remarks": "見本データ",
    }


def workplace(place: str, person: SyntheticPerson, random: Random) -> Row:
    """A workplace of a dentist: the report asks for neither days nor duties."""
    row = demo.workplace(place, person, random, name=random.choice(("歯科医院", "歯科", "病院")), days=0)
    return {name: row[name] for name in row if not name.endswith(("_days", "_count"))}
