"""Rules of practice (実務), a row for each facility and its sum (items 32-42)."""

from collections.abc import Iterator

from meibo.plugin import Finding, days, rule
from meibo_dietitian.items import DietitianExam, PracticePeriod
from meibo_dietitian.rules.exam import TRAINING_FACILITY

Periods = tuple[PracticePeriod, ...]
TOTALS = ("practice_total_status", "practice_total_years", "practice_total_months")
LONGEST_STUDY = {"2": 3, "3": 2, "4": 1}
"""Years of practice by school category, as 栄養士法5条の3 asks for: three after two years of study, and so on."""
LEAST_PRACTICE = 1
"""Years for every other category."""


@rule(
    "dietitian.practice_dates",
    cites="items 32-39（実務施設１箇所ごとに作成）",
    ja="実務期間の開始と終了は、元号・年・月・日がそろった暦にある日付で、実務施設ごとに登録する。",
)
def practice_dates(practice_periods: Periods) -> Iterator[Finding]:
    """The start and the end of each period are days of the calendar, told whole."""
    for row, period in enumerate(practice_periods):
        for prefix in ("practice_start", "practice_end"):
            yield from days.parts_findings(period, prefix, where=f"practice_periods.{row}.")
        if days.parts_of(period, "practice_start").era is None:
            yield Finding(
                f"practice_periods.{row}.practice_start_era",
                "実務期間の開始を入力してください。",
                "Give the start of the period of practice.",
            )


@rule(
    "dietitian.practice_of_categories_2_to_9",
    cites="栄養士法5条の3、items 16, 32-42（※学校区分コード２～９該当者のみ）",
    ja="実務期間とその合計は、学校区分コード2～9の方だけが登録する。",
)
def practice_of_categories_2_to_9(exam: DietitianExam, practice_periods: Periods) -> Finding | None:
    """Practice is told by those of school categories 2 to 9 alone."""
    told = practice_periods or any(getattr(exam, name) is not None for name in TOTALS)
    if not told or exam.school_category_code not in (None, TRAINING_FACILITY):
        return None
    return Finding(
        "school_category_code",
        "実務期間は学校区分コード2～9の方だけの項目です。消すか、学校区分コードを直してください。",
        "Practice is for school categories 2 to 9 alone: clear it, or mend the category.",
    )


@rule("dietitian.practice_in_order", cites="items 32-39", ja="実務期間の終了は開始の後である。")
def practice_in_order(practice_periods: Periods) -> Iterator[Finding]:
    """A period of practice does not end before it starts."""
    for row, period in enumerate(practice_periods):
        if days.precedes(days.in_parts(period, "practice_end"), days.in_parts(period, "practice_start")):
            yield Finding(
                f"practice_periods.{row}.practice_end_day",
                "実務期間の終了が開始より前です。どちらかを直してください。",
                "The period of practice ends before it starts: mend one of the dates.",
            )


@rule(
    "dietitian.practice_after_licence",
    cites="栄養士法5条の3第1号～第3号、items 26-29, 32-35",
    ja="実務は栄養士の免許を受けた後に行う。",
)
def practice_after_licence(exam: DietitianExam, practice_periods: Periods) -> Iterator[Finding]:
    """Practice counts from the licence as a dietitian on."""
    licensed = days.in_parts(exam, "nutritionist_licence_date")
    for row, period in enumerate(practice_periods):
        if days.precedes(days.in_parts(period, "practice_start"), licensed):
            yield Finding(
                f"practice_periods.{row}.practice_start_day",
                "実務期間の開始が栄養士免許取得年月日より前です。どちらかを直してください。",
                "The period of practice starts before the licence as a dietitian: mend one of the dates.",
            )


@rule(
    "dietitian.practice_long_enough",
    cites="栄養士法5条の3第1号～第3号、items 16, 41, 42",
    ja="実務期間の合計は、修業年限2年の方は3年以上、3年の方は2年以上、他の方は1年以上である。",
)
def practice_long_enough(exam: DietitianExam) -> Finding | None:
    """Practice lasts three years after two years of study, two after three, one after four."""
    if exam.practice_total_years is None or exam.school_category_code in (None, TRAINING_FACILITY):
        return None
    if exam.practice_total_years >= LONGEST_STUDY.get(exam.school_category_code, LEAST_PRACTICE):
        return None
    return Finding(
        "practice_total_years",
        "実務期間の合計が受験資格に足りません。学校区分コードと合計を確認してください。",
        "There is less practice in all than the examination asks for: check the category and the sum.",
    )


@rule(
    "dietitian.practice_total_counted",
    cites="items 40-42",
    ja="実務期間の合計は、区分・年・ヶ月をそろえ、ヶ月は11以下とする。",
)
def practice_total_counted(exam: DietitianExam) -> Iterator[Finding]:
    """The sum of practice is told whole, in years and at most eleven months."""
    values = {name: getattr(exam, name) for name in TOTALS}
    if any(value is not None for value in values.values()):
        for name in (name for name, value in values.items() if value is None):
            yield Finding(
                name,
                "実務期間合計は、区分・年・ヶ月をそろえて入力してください。",
                "Give practice in all whole: state, years and months.",
            )
    if (exam.practice_total_months or 0) > 11:
        yield Finding(
            "practice_total_months",
            "12ヶ月は1年として、11ヶ月以下で入力してください。",
            "Count twelve months as a year: give at most eleven months.",
        )
