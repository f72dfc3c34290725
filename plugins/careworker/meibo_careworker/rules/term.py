"""Rules of entries for a term (期限付登録、経過措置): graduates of training facilities without the examination.

The term begins on 1 April after the year of graduation and runs five years, longer by the days of leave, ten at most.
It is lifted by the examination, or by work in care throughout it.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from meibo.plugin import Finding, Record, days, entry, rule
from meibo_careworker.code_lists import BY_EXAMINATION, BY_WORK
from meibo_careworker.items import CareworkerRegister
from meibo_careworker.law import NOTICE

FIRST_END = date(2023, 3, 31)
"""Of those who graduated in 平成29年度."""
LAST_END = date(2032, 3, 31)
"""Of those who graduated in 令和8年度."""
MOST_YEARS_OF_LEAVE = 5
OF_A_TERM = (
    "expiry_date_wareki",
    "expiry_release_date_wareki",
    "expiry_release_reason",
    "total_leave_days",
    "available_leave_days",
)
NEEDED = ("expiry_date_wareki", "training_facility_code")
LAW = "平成19年法律125号附則6条の2"
WORK_LAW = "平成19年法律125号附則6条の3"


@rule(
    "careworker.term_whole",
    cites=f"{LAW}、items 32, 36, 37-43",
    ja="期限付登録には有効期限と養成施設があり、期限の項目は期限付登録だけにある。",
)
def term_whole(register: CareworkerRegister) -> Iterator[Finding]:
    """An entry for a term names its last day and the training facility; no other entry has items of a term."""
    if register.fixed_term_registration:
        for name in NEEDED:
            if getattr(register, name) is None:
                yield Finding(
                    name,
                    "期限付登録には、有効期限と養成施設コードを入力してください。",
                    "An entry for a term needs its last day and the training facility.",
                )
    elif any(getattr(register, name) is not None for name in OF_A_TERM):
        yield Finding(
            "fixed_term_registration",
            "有効期限・解除・休業の項目があります。期限付登録とするか、これらを消してください。",
            "Items of a term are given: mark the entry as one for a term, or clear them.",
        )


@rule(
    "careworker.e_number",
    cites=f"{LAW}、items 4, 32, 39-40",
    ja="登録番号は、期限付登録の間だけ「E」で始まる。",
)
def e_number(register: CareworkerRegister) -> Finding | None:
    """The number of an entry for a term begins with E until the term is lifted, and no other number does."""
    begins = unicodedata.normalize("NFKC", register.registration_number or "").upper().startswith("E")
    if begins and not register.fixed_term_registration:
        return Finding(
            "registration_number",
            "「E」で始まる登録番号は期限付登録だけです。番号か期限付登録を直してください。",
            "Only an entry for a term has a number that begins with E: mend the number, or mark the term.",
        )
    if begins or not register.fixed_term_registration or register.expiry_release_date_wareki:
        return None
    return Finding(
        "registration_number",
        "期限付登録の登録番号は「E」で始めてください。",
        "The number of an entry for a term begins with E.",
    )


@rule(
    "careworker.term_end",
    cites=f"{LAW}、items 37-38, 42",
    ja="有効期限は、卒業年度の翌年度から5年目の3月31日に、休業した日数を加えた日である。",
)
def term_end(register: CareworkerRegister) -> Finding | None:
    """A term ends on the fifth 31 March after the year of graduation, later by the days of leave."""
    end = _end_without_leave(register)
    if end is None or (end == date(end.year, 3, 31) and FIRST_END <= end <= LAST_END):
        return None
    return Finding(
        "expiry_date_wareki",
        "有効期限は、令和5年から令和14年までの3月31日に合計休業日数を加えた日を入力してください。",
        "Give a 31 March from 2023 to 2032 plus the days of leave taken.",
    )


@rule(
    "careworker.term_after_registration",
    cites=f"{LAW}、items 5-6, 37-38",
    ja="有効期限は登録年月日より前ではない。",
)
def term_after_registration(register: CareworkerRegister) -> Finding | None:
    """Nobody is entered for a term that is over."""
    if not days.precedes(register.expiry_date_wareki, register.registration_date_wareki):
        return None
    return Finding(
        "expiry_date_wareki",
        "有効期限が登録年月日より前です。どちらかを直してください。",
        "The last day of the term precedes the registration: mend one of the dates.",
    )


@rule(
    "careworker.leave_within_limits",
    cites=f"{LAW}、items 42, 43",
    ja="休業は合わせて5年まで、有効期限は通算10年までである。",
)
def leave_within_limits(register: CareworkerRegister) -> Iterator[Finding]:
    """Leave lengthens the term by five years at most, to ten in all; what is still open is within the rest."""
    end = _end_without_leave(register)
    if end is None:
        return
    limit = (end.replace(year=end.year + MOST_YEARS_OF_LEAVE, day=1) - end.replace(day=1)).days
    taken, still_open = register.total_leave_days or 0, register.available_leave_days or 0
    if taken > limit:
        yield _too_much_leave("total_leave_days")
    elif taken + still_open > limit:
        yield _too_much_leave("available_leave_days")


@rule(
    "careworker.lifting_whole",
    cites="items 39-41",
    ja="有効期限の解除は、解除日と理由をそろえて登録する。",
)
def lifting_whole(register: CareworkerRegister) -> Iterator[Finding]:
    """The lifting of a term is told whole: its day and its reason."""
    return entry.whole(
        register,
        ("expiry_release_date_wareki", "expiry_release_reason"),
        "有効期限の解除は、解除日と理由をそろえて入力してください。",
        "Give the lifting of the term whole: its day and its reason.",
    )


@rule(
    "careworker.lifted_within_term",
    cites=f"{LAW}、{WORK_LAW}、items 5-6, 37-40",
    ja="有効期限は、登録の日から有効期限の翌日までに解除される。",
)
def lifted_within_term(register: CareworkerRegister) -> Finding | None:
    """A term is lifted while it runs, or on the day after its last: then five years' work are complete."""
    lifted, until = register.expiry_release_date_wareki, days.earliest(register.expiry_date_wareki)
    too_late = until is not None and days.precedes(until + timedelta(days=1), lifted)
    if not too_late and not days.precedes(lifted, register.registration_date_wareki):
        return None
    return Finding(
        "expiry_release_date_wareki",
        "有効期限解除日は、登録年月日から有効期限の翌日までの日付を入力してください。",
        "Give a day from the registration to the day after the last day of the term.",
    )


@rule(
    "careworker.lifted_by_examination",
    cites="社会福祉士及び介護福祉士法39条、items 33-35, 37-38, 41",
    ja="試験の合格により解除する場合は、有効期限までの合格を登録する。",
)
def lifted_by_examination(register: CareworkerRegister) -> Finding | None:
    """Who is freed by the examination has passed it by the last day of the term."""
    if register.expiry_release_reason != BY_EXAMINATION:
        return None
    passed = register.pass_month_wareki
    if passed and not days.precedes(register.expiry_date_wareki, passed):
        return None
    return Finding(
        "pass_month_wareki",
        "解除理由が試験の合格です。有効期限までの合格年月を入力してください。",
        "The term was lifted by the examination: give the month of the pass, within the term.",
    )


@rule(
    "careworker.lifted_by_work",
    cites=f"{WORK_LAW}、items 37-41",
    ja="業務への従事により解除するのは、有効期限まで従事した場合である。",
)
def lifted_by_work(register: CareworkerRegister) -> Finding | None:
    """Who is freed by work has worked to the last day of the term."""
    by_work = register.expiry_release_reason == BY_WORK
    if not by_work or not days.precedes(register.expiry_release_date_wareki, register.expiry_date_wareki):
        return None
    return Finding(
        "expiry_release_date_wareki",
        "業務への従事による解除日は、有効期限以後の日付を入力してください。",
        "Work lifts a term when it has lasted to the last day: give that day or the next.",
    )


@rule(
    "careworker.notice_in_time",
    cites=f"{WORK_LAW}、items 37-41",
    ja="業務への従事による解除は、有効期限から14日以内に届け出る。",
)
def notice_in_time(
    register: CareworkerRegister, previous: Record | None, procedure: str, day: date
) -> Finding | None:
    """Work throughout the term is told within 14 days after it; else the entry has lapsed for good."""
    if procedure != "correct" or previous is None or register.expiry_release_reason != BY_WORK:
        return None
    until = days.earliest(previous.value("register.expiry_date_wareki"))
    told_before = previous.value("register.expiry_release_reason") == BY_WORK
    if told_before or until is None or day <= until + NOTICE:
        return None
    return Finding(
        "expiry_release_reason",
        "届出の期限（有効期限から14日以内）を過ぎています。登録は効力を失いました。",
        "The notice came more than 14 days after the term: the entry has lapsed.",
    )


def _end_without_leave(register: CareworkerRegister) -> date | None:
    """The last day that the term would have without leave."""
    until = days.earliest(register.expiry_date_wareki)
    return None if until is None else until - timedelta(days=register.total_leave_days or 0)


def _too_much_leave(name: str) -> Finding:
    return Finding(
        name,
        "休業は合わせて5年までです。合計休業日数と休業可能日数を確認してください。",
        "Leave lengthens a term by five years at most: check the days taken and those still open.",
    )


RULES = (
    term_whole,
    e_number,
    term_end,
    term_after_registration,
    leave_within_limits,
    lifting_whole,
    lifted_within_term,
    lifted_by_examination,
    lifted_by_work,
    notice_in_time,
)
