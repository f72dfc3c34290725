"""What synthetic doctors report, and what their entries say beyond what core guesses."""

from datetime import date
from random import Random

from meibo.plugin import SyntheticPerson, demo, lists

Row = dict[str, str]

SERVICE_QUOTA_YEAR = 2014
BIRTHS = ("31", "32")
"""The clinical departments that attend births."""


def values(person: SyntheticPerson, day: date, number: int, random: Random) -> Row:
    """A doctor's values by item."""
    return {
        **demo.medical_entry(
            person, day, number, random, licence_type="01", exam_round=demo.rounds(118, yearly_since=1985)
        ),
        **report(person, random),
        **second_workplace(person, random),
        **regional_quota(day, random),
    }


def report(person: SyntheticPerson, random: Random) -> Row:
    """The biennial report: where and how the doctor works."""
    codes = sorted(f"{n:02}" for n in random.sample(range(1, 40), random.choice((1, 1, 1, 2, 3))))
    return {
        "address": person.address,
        "phone_number": person.phone_number,
        "email_address": person.email_address,
        "email_use_consent": random.choice("01"),
        "practice_type": f"{random.choice((1, 2, 2, 3, 4, 4, 4, 5, 7, 12, 13)):02}",
        **workplace("main", person, random, days=random.randint(3, 6)),
        "employment_form": random.choice("1112"),
        "main_duties": random.choice(("01", "01", "01", "02", "03", "04")),
        "leave_taken": random.choice("000000012"),
        "clinical_departments": ";".join(codes),
        "advertisable_specialty_qualifications": f"{random.randint(1, 20):02}"
        if random.random() < 0.6
        else "",
        "handles_childbirth": str(int(any(code in BIRTHS for code in codes))),
        "place_of_origin": "" if person.foreign else random.choice(tuple(lists.PREFECTURE.values)),
        "foreign_medical_school_country": person.domicile_code if person.foreign else "",
        "practice_report_use_consent": random.choice("0111"),
        "remarks": "見本データ",
    }


def second_workplace(person: SyntheticPerson, random: Random) -> Row:
    """Where else three in five work."""
    row = workplace("secondary", person, random, days=1)
    if random.random() < 0.6:
        return row | {"secondary_workplace_count": random.choice("1112")}
    return dict.fromkeys(row, "") | {"secondary_workplace_count": "0"}


def regional_quota(day: date, random: Random) -> Row:
    """The service to which a regional quota binds some of the younger."""
    served = day.year >= SERVICE_QUOTA_YEAR
    bound = served and random.random() < 0.2
    return {
        "regional_quota_service_required": str(int(bound)) if served else "",
        "regional_quota_service_years": "9" if bound else "",
        "regional_quota_service_completed": random.choice("01") if bound else "",
        "regional_quota_service_place": "県内の公立病院" if bound else "",
        "regional_quota_scholarship_lender": "見本県" if bound else "",
        "regional_quota_selection_method": random.choice("1234") if bound else "",
    }


def workplace(place: str, person: SyntheticPerson, random: Random, *, days: int) -> Row:
    """A workplace of a doctor."""
    name = random.choice(("病院", "診療所", "クリニック"))
    return demo.workplace(place, person, random, name=name, days=days)
