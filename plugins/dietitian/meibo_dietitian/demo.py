"""What a synthetic holder of this register told before the examination, and the entry's dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from meibo.plugin import EraParts, SyntheticPerson

PRACTISED_EVERY = 3
"""One in so many studied two years, then practised four."""
STUDY = timedelta(days=4 * 365)
PARTS = ("era", "year", "month", "day")
OF_FEW = (
    *(f"exam.previous_exam_{name}" for name in ("name", "round", "site_code", "number")),
    *(f"exam.practice_total_{name}" for name in ("status", "years", "months")),
    *(
        f"practice_periods.practice_{end}_{part}[{row}]"
        for row in (1, 2)
        for end in ("start", "end")
        for part in PARTS
    ),
    "exam.dietitian_course_completed",
)
"""Left out unless it is told."""


def values(person: SyntheticPerson, day: date, number: int, random: Random) -> dict[str, str]:
    """Values by path of item, as an import file holds them."""
    passed, practised = person.passed_date, number % PRACTISED_EVERY == 0
    graduated = passed - STUDY - timedelta(days=14) if practised else person.graduated_date
    licensed = min(graduated + timedelta(days=10), day)
    return {
        **dict.fromkeys(OF_FEW, ""),
        "exam.exam_fiscal_year": str(passed.year - 1),
        "exam.full_name_kanji": person.family_name + person.given_name,
        "exam.age": str(passed.year - person.born.year),
        "exam.school_category_code": "2" if practised else "1",
        "exam.graduation_category": "1",
        "exam.nutritionist_licence_status": "1",
        "exam.exam_number": f"{random.randint(1, 99_999):05}",
        "register.qualification_date": passed.isoformat(),
        "register.issue_date": day.isoformat(),
        "register.forwarding_prefecture_code": person.prefecture_code,
        "register.application_category": "01",
        **dict(_parts("exam.birth_date", person.born)),
        **dict(_parts("exam.graduation", graduated)),
        **dict(_parts("exam.nutritionist_licence_date", licensed)),
        **(dict(_practice(licensed)) if practised else {"exam.dietitian_course_completed": "1"}),
    }


def _practice(licensed: date) -> Iterator[tuple[str, str]]:
    """Two facilities, two years each."""
    yield from (("exam.practice_total_status", "1"), ("exam.practice_total_years", "4"))
    yield "exam.practice_total_months", "0"
    for row in (1, 2):
        start = licensed + (row - 1) * STUDY / 2
        for name, each in (("start", start), ("end", start + STUDY / 2 - timedelta(days=1))):
            yield from (
                (f"{path}[{row}]", v) for path, v in _parts(f"practice_periods.practice_{name}", each)
            )


def _parts(path: str, day: date) -> Iterator[tuple[str, str]]:
    """The four items of a day."""
    parts = EraParts.of(day)
    for name in PARTS:
        yield f"{path}_{name}", str(getattr(parts, name))
