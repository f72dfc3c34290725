"""What the centre writes into an entry, for synthetic care workers; one in two of the newer ones is for a term."""

from datetime import date, timedelta
from random import Random

from meibo.plugin import SyntheticPerson
from meibo_careworker.code_lists import BY_WORK
from meibo_careworker.items import CareworkerRegister

Row = dict[str, str]

LAST_DAY = date(2024, 11, 29)
"""Nothing happens to synthetic people later."""
TERMS_FROM = date(2018, 4, 1)
"""From when the first graduates without the examination were entered."""
GUESSED = (
    "given_name", "given_name_kana", "current_address_code", "postal_code", "landline_phone_number",
    "mobile_phone_number", "address", "email_address",
)  # fmt: skip
"""Optional items that core draws well by itself."""
NOTED = tuple(
    name
    for name, item in CareworkerRegister.items.items()
    if not item.required and item.kind.name != "era" and name not in GUESSED
)
"""Optional items that follow from one another; their eras follow from their days."""


def values(person: SyntheticPerson, day: date, number: int, random: Random) -> Row:
    """A care worker's values by item."""
    for_a_term = day >= TERMS_FROM and random.random() < 0.5
    return {
        **dict.fromkeys(NOTED, ""),
        "registration_number": f"E{number}" if for_a_term else str(number),
        **names(person),
        **(term(day, random) if for_a_term else examination(day, number)),
        **annotations(day, random),
    }  # fmt: skip


def names(person: SyntheticPerson) -> Row:
    """The names beside the one of the family register, which the certificate shows."""
    former, common = person.former_family_name, person.common_family_name + person.common_given_name
    return {
        "former_family_name": former,
        "former_family_name_flag": "1" if former else "",
        "common_name": common,
        "common_name_flag": "1" if common else "",
    }


def examination(registered: date, number: int) -> Row:
    """Passed a month before the registration."""
    passed = registered - timedelta(days=31)
    return {"pass_certificate_number": f"K{number:07}", "pass_month_wareki": f"{passed:%Y-%m}"}


def term(registered: date, random: Random) -> Row:
    """Graduated in the year before; a term that is over was lifted for three in four, by work."""
    year = registered.year - (registered.month < 4)
    leave = random.choice((0, 0, 0, random.randint(60, 400)))
    until = date(year + 5, 3, 31) + timedelta(days=leave)
    lifted = until < LAST_DAY and random.random() < 0.75
    return {
        "fixed_term_registration": "1",
        "training_facility_code": f"{random.randint(1, 400):06}",
        "expiry_date_wareki": until.isoformat(),
        "total_leave_days": str(leave),
        "available_leave_days": str(1_826 - leave),
        "expiry_release_date_wareki": (until + timedelta(days=1)).isoformat() if lifted else "",
        "expiry_release_reason": BY_WORK if lifted else "",
    }


def annotations(registered: date, random: Random) -> Row:
    """Practical training of one in five, in one to five acts."""
    later = registered + timedelta(days=random.randint(200, 900))
    if random.random() > 0.2 or later > LAST_DAY:
        return {}
    row: Row = {}
    for place, code in enumerate(sorted(random.sample(range(1, 6), random.randint(1, 5))), 1):
        row[f"annotated_qualification_{place}"] = f"{code:02}"
        row[f"annotated_qualification_{place}_date_wareki"] = later.isoformat()
    return row
