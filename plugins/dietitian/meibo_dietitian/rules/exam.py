"""Rules of the application for the national examination (items 3-31, 43-46)."""

from collections.abc import Iterator

from meibo.plugin import Finding, days, rule
from meibo_dietitian.items import DietitianExam

DATES = ("birth_date", "graduation", "nutritionist_licence_date")
TRAINING_FACILITY = "1"
"""The school category of training facilities for registered dietitians."""
HELD = "1"
"""The state of the licence as a dietitian (item 25)."""
AGE_SLACK = 1
"""Years by which an age may differ from the fiscal year less the year of birth: it is told on another day."""
PREVIOUS = ("previous_exam_round", "previous_exam_site_code", "previous_exam_number")


@rule(
    "dietitian.exam_dates",
    cites="items 10-13, 19-22, 26-29",
    ja="生年月日・卒業年月日・栄養士免許取得年月日は、元号・年・月・日がそろった暦にある日付である。",
)
def exam_dates(exam: DietitianExam) -> Iterator[Finding]:
    """Birth, graduation and licence are days of the calendar, told whole."""
    for prefix in DATES:
        yield from days.parts_findings(exam, prefix)


@rule(
    "dietitian.licence_date_of_holders",
    cites="items 25-29（※既取得者のみ）",
    ja="栄養士免許取得年月日は、既取得者だけが、必ず登録する。",
)
def licence_date_of_holders(exam: DietitianExam) -> Finding | None:
    """Who holds the licence as a dietitian says since when; nobody else does."""
    day, status = days.parts_of(exam, "nutritionist_licence_date"), exam.nutritionist_licence_status
    given = day != type(day)()
    if status == HELD and not given:
        return Finding(
            "nutritionist_licence_date_era",
            "既取得の方は、栄養士免許取得年月日を入力してください。",
            "The licence as a dietitian is held: give its date.",
        )
    if status == HELD or not given:
        return None
    return Finding(
        "nutritionist_licence_status",
        "栄養士免許取得年月日は既取得の方だけが入力します。取得状況か年月日を直してください。",
        "Only who holds the licence as a dietitian gives its date: mend the state or clear the date.",
    )


@rule(
    "dietitian.course_of_category_1",
    cites="栄養士法5条の3第4号、items 16, 30（※学校区分コード1該当者のみ）",
    ja="管理栄養士養成課程履修の有無は、学校区分コード1の方だけが登録する。",
)
def course_of_category_1(exam: DietitianExam) -> Finding | None:
    """The course for registered dietitians is told by those of school category 1 alone."""
    if exam.dietitian_course_completed is None or exam.school_category_code == TRAINING_FACILITY:
        return None
    return Finding(
        "dietitian_course_completed",
        "学校区分コード1の方だけの項目です。消すか、学校区分コードを直してください。",
        "This item is for school category 1 alone: clear it, or mend the category.",
    )


@rule(
    "dietitian.school_before_licence",
    cites="栄養士法2条1項、items 10-13, 19-22, 26-29",
    ja="生年月日、卒業、栄養士免許取得の順である。",
)
def school_before_licence(exam: DietitianExam) -> Iterator[Finding]:
    """Birth comes before graduation, and graduation before the licence as a dietitian that rests on it.

    Who was licensed after two years may have studied on at a facility of category 1.
    """
    born, graduated, licensed = (days.in_parts(exam, prefix) for prefix in DATES)
    if days.precedes(graduated, born) or days.precedes(licensed, born):
        yield Finding(
            "birth_date_day",
            "卒業か栄養士免許取得が生年月日より前です。日付を確認してください。",
            "Graduation or licence precedes the date of birth: check the dates.",
        )
    studied_first = exam.school_category_code not in (None, TRAINING_FACILITY)
    if studied_first and days.precedes(licensed, graduated):
        yield Finding(
            "nutritionist_licence_date_day",
            "栄養士免許取得が卒業より前です。どちらかを直してください。",
            "The licence as a dietitian precedes the graduation: mend one of them.",
        )


@rule("dietitian.age_agrees", cites="items 4, 10-14", ja="年齢は生年月日と試験実施年度に合う。")
def age_agrees(exam: DietitianExam) -> Finding | None:
    """The age agrees with the date of birth and the fiscal year of the examination."""
    born = days.in_parts(exam, "birth_date")
    if born is None or exam.age is None or exam.exam_fiscal_year is None:
        return None
    if abs(exam.exam_fiscal_year - born.year - exam.age) <= AGE_SLACK:
        return None
    return Finding(
        "age",
        "年齢が生年月日と試験実施年度に合いません。どれかを直してください。",
        "The age does not agree with the date of birth and the fiscal year: mend one of them.",
    )


@rule(
    "dietitian.previous_exam_whole",
    cites="items 43-46",
    ja="前回受験時の試験回・試験地・受験番号はそろって登録し、氏名はそれらと登録する。",
)
def previous_exam_whole(exam: DietitianExam) -> Iterator[Finding]:
    """An examination sat before is told whole: round, site and number."""
    told = [getattr(exam, name) is not None for name in PREVIOUS]
    if not any(told) and exam.previous_exam_name is None:
        return
    for name, given in zip(PREVIOUS, told, strict=True):
        if not given:
            yield Finding(
                name,
                "前回の受験は、試験回・試験地・受験番号をそろえて入力してください。",
                "Give the examination before whole: round, site and examinee number.",
            )


@rule("dietitian.previous_exam_before", cites="items 3, 44", ja="前回の試験回は今回の試験回より前である。")
def previous_exam_before(exam: DietitianExam) -> Finding | None:
    """The examination sat before was of an earlier round."""
    before, now = exam.previous_exam_round, exam.exam_round
    if before is None or now is None or before < now:
        return None
    return Finding(
        "previous_exam_round",
        "前回の試験回が今回の試験回より前ではありません。どちらかを直してください。",
        "The examination before is not of an earlier round: mend one of them.",
    )
