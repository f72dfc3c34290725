"""Rules of the entry, for registers that have these items: its dates, its number, and what the office noted later.

A profession takes them under its own code with its own law: `entry.of_age("dentist", "歯科医師法3条")`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from meibo.errors import Finding
from meibo.items.declaration import Group
from meibo.professions.rules import DeclaredRule, Record, shared_rule
from meibo.professions.shared.days import birthday, precedes, year_of
from meibo.professions.shared.names import is_national

FULL_AGE = 18
"""民法4条. It was 20 before April 2022; an older entry is not refused for that."""
ERROR_CORRECTION = "06"
"""The processing category 誤謬訂正."""
ACTS = (
    ("register_correction", "籍訂正", "correction"),
    ("reissue", "再交付", "reissue"),
    ("deregistration", "まっ消", "striking off"),
    ("registration_transfer", "登録換", "transfer"),
)
"""What the office notes in three items each: the day, the reason's code, and its words."""


def whole(group: Group, names: Sequence[str], ja: str, en: str) -> Iterator[Finding]:
    """A finding for each of these items that is missing where another of them is given."""
    values = [getattr(group, name) for name in names]
    if any(value is not None for value in values):
        yield from (Finding(n, ja, en) for n, value in zip(names, values, strict=True) if value is None)


@shared_rule("register.birth_date", "register.registration_date", ja="未成年者には免許を与えない。")
def of_age(register: Group) -> Finding | None:
    """A minor gets no licence."""
    if not precedes(register.registration_date, birthday(register.birth_date, FULL_AGE)):
        return None
    return Finding(
        "registration_date",
        "未成年者は登録できません。登録年月日と生年月日を確認してください。",
        "A minor cannot be registered: check the date of registration and the date of birth.",
    )


@shared_rule(
    "register.received_date",
    "register.national_exam_pass_date",
    "register.former_registration_date",
    "register.birth_date",
    ja="受付・合格・旧登録は生年月日より後である。",
)
def born_first(register: Group) -> Finding | None:
    """Nobody applies or passes before birth."""
    later = (register.received_date, register.national_exam_pass_date, register.former_registration_date)
    if not any(precedes(day, register.birth_date) for day in later):
        return None
    return Finding(
        "birth_date",
        "生年月日より前の日付があります。受付・合格・旧登録の日付と生年月日を確認してください。",
        "A date of receipt, pass or former registration precedes the date of birth: check them.",
    )


@shared_rule(
    "register.registration_date",
    "register.national_exam_pass_date",
    ja="国家試験に合格した者だけを登録する。",
)
def exam_before_registration(register: Group) -> Finding | None:
    """Only who has passed the national examination is registered."""
    if not precedes(register.registration_date, register.national_exam_pass_date):
        return None
    return Finding(
        "national_exam_pass_date",
        "国家試験合格年月日が登録年月日より後です。どちらかを直してください。",
        "The examination was passed after the registration: mend one of the dates.",
    )


@shared_rule(
    "register.national_exam_year",
    "register.national_exam_pass_date",
    ja="合格は国家試験を実施した年に発表される。",
)
def exam_year(register: Group) -> Finding | None:
    """The pass is made known in the year of the examination."""
    passed = year_of(register.national_exam_pass_date)
    if register.national_exam_year in (None, passed) or passed is None:
        return None
    return Finding(
        "national_exam_year",
        "国家試験実施年が合格年月日の年と違います。どちらかを直してください。",
        "The year of the examination is not that of its pass: mend one of them.",
    )


def not_before_the_act(code: str, law: str, since: date) -> DeclaredRule:
    """A rule for registers that an act founded: nobody is registered before it was in force."""

    @shared_rule("register.registration_date", ja="法律の施行より前の登録はない。")
    def not_before_the_act(register: Group) -> Finding | None:
        """Nobody is registered before the act that founds the register was in force."""
        if not precedes(register.registration_date, since):
            return None
        return Finding(
            "registration_date",
            "登録年月日が、この名簿を設けた法律の施行より前です。登録年月日を確認してください。",
            "The registration precedes the act that founded this register: check its date.",
        )

    return not_before_the_act(code, law)


@shared_rule("register.received_date", "register.registration_date", ja="申請は登録の前に受け付ける。")
def received_first(register: Group) -> Finding | None:
    """An application is received before the entry is made."""
    if not precedes(register.registration_date, register.received_date):
        return None
    return Finding(
        "received_date",
        "受付年月日が登録年月日より後です。どちらかを直してください。",
        "The application was received after the registration: mend one of the dates.",
    )


@shared_rule(
    "register.licence_type_code",
    "register.passed_licence_type_code",
    ja="登録する職種は合格した職種である。",
)
def passed_licence_type(register: Group) -> Finding | None:
    """The licence is of the type that the holder passed for."""
    registered, passed = register.licence_type_code, register.passed_licence_type_code
    if registered is None or passed is None or registered == passed:
        return None
    return Finding(
        "passed_licence_type_code",
        "合格職種コードが職種コードと違います。どちらかを直してください。",
        "The licence type passed for is not the one registered: mend one of them.",
    )


FORMER = tuple(f"former_registration_{name}" for name in ("prefecture_code", "number", "date"))


@shared_rule(
    *(f"register.{name}" for name in FORMER), ja="旧登録は、県コード・番号・年月日をそろえて登録する。"
)
def former_registration_whole(register: Group) -> Iterator[Finding]:
    """A former registration is told whole: prefecture, number and date."""
    yield from whole(
        register,
        FORMER,
        "旧登録は、県コード・番号・年月日をそろえて入力してください。",
        "Give the former registration whole: prefecture, number and date.",
    )


@shared_rule(
    "register.registration_date", "register.former_registration_date", ja="旧登録は今の登録より前である。"
)
def former_registration_first(register: Group) -> Finding | None:
    """The former registration came before this one."""
    if not precedes(register.registration_date, register.former_registration_date):
        return None
    return Finding(
        "former_registration_date",
        "旧登録年月日が登録年月日より後です。どちらかを直してください。",
        "The former registration is later than this one: mend one of the dates.",
    )


@shared_rule(
    "register.registration_date",
    *(f"register.{act}_date" for act, _, _ in ACTS),
    ja="訂正・再交付・まっ消・登録換は登録の後に行う。",
)
def acts_after_registration(register: Group) -> Iterator[Finding]:
    """Nothing is corrected, reissued, struck off or transferred before it stands."""
    for act, ja, en in ACTS:
        if precedes(getattr(register, f"{act}_date"), register.registration_date):
            yield Finding(
                f"{act}_date",
                f"{ja}年月日が登録年月日より前です。どちらかを直してください。",
                f"The date of the {en} precedes the registration: mend one of them.",
            )


@shared_rule(
    *(f"register.{act}_{part}" for act, _, _ in ACTS for part in ("date", "reason_code", "reason_text")),
    ja="訂正・再交付・まっ消・登録換は、年月日と理由をそろえて登録する。",
)
def reasons_with_dates(register: Group) -> Iterator[Finding]:
    """An act is noted with its day and its reason, in code or in words."""
    for act, ja, en in ACTS:
        day = getattr(register, f"{act}_date")
        reason = getattr(register, f"{act}_reason_code") or getattr(register, f"{act}_reason_text")
        if reason and day is None:
            yield Finding(
                f"{act}_date",
                f"{ja}の理由があります。{ja}年月日も入力してください。",
                f"A reason of the {en} is given: give its date too.",
            )
        if day and not reason:
            yield Finding(
                f"{act}_reason_code",
                f"{ja}年月日があります。{ja}の理由も入力してください。",
                f"A date of the {en} is given: give its reason too.",
            )


@shared_rule(
    "register.registration_number",
    "register.registration_date",
    "register.domicile_code",
    "register.processing_category_code",
    ja="登録番号と登録年月日は訂正では変わらない。誤謬訂正と、国籍の変更に伴う番号は除く。",
)
def number_stays(register: Group, previous: Record | None, procedure: str) -> Iterator[Finding]:
    """A correction changes neither number nor date of registration, except to mend the office's own error.

    The number changes with the nationality as well: foreign nationals are numbered in a series of their own.
    """
    if previous is None or procedure != "correct" or register.processing_category_code == ERROR_CORRECTION:
        return
    same_series = is_national(register.domicile_code) == is_national(previous.value("register.domicile_code"))
    if same_series and register.registration_number != previous.value("register.registration_number"):
        yield _kept("registration_number", "登録番号", "number")
    if register.registration_date != previous.value("register.registration_date"):
        yield _kept("registration_date", "登録年月日", "date")


CERTIFICATION = ("certification_date", "application_health_bureau", "certification_number")


@shared_rule(
    *(f"register.{name}" for name in CERTIFICATION), ja="認定は、年月日・申請厚生局・番号をそろえて登録する。"
)
def certification_whole(register: Group) -> Iterator[Finding]:
    """A certification is told whole: date, bureau and number."""
    yield from whole(
        register,
        CERTIFICATION,
        "認定は、年月日・申請厚生局・番号をそろえて入力してください。",
        "Give the certification whole: date, bureau and number.",
    )


@shared_rule("register.registration_date", "register.certification_date", ja="認定は登録の後に受ける。")
def certified_after_registration(register: Group) -> Finding | None:
    """Only who is registered is certified."""
    if not precedes(register.certification_date, register.registration_date):
        return None
    return Finding(
        "certification_date",
        "認定年月日が登録年月日より前です。どちらかを直してください。",
        "The certification precedes the registration: mend one of the dates.",
    )


@shared_rule(
    "reeducation.reeducation_completion_registered_date",
    "reeducation.reeducation_order_registered_date",
    ja="再教育研修の終了は、その命令の後に登録する。",
)
def reeducation_ordered(reeducation: Group) -> Finding | None:
    """Re-education is completed after it was ordered."""
    completed = reeducation.reeducation_completion_registered_date
    ordered = reeducation.reeducation_order_registered_date
    if completed is None or (ordered is not None and ordered <= completed):
        return None
    return Finding(
        "reeducation_order_registered_date",
        "再教育研修の命令登録日を、終了登録日以前の日付で入力してください。",
        "Give the day on which the order was registered: it does not come after the completion.",
    )


def _kept(name: str, ja: str, en: str) -> Finding:
    return Finding(
        name,
        f"{ja}は籍訂正では変わりません。元に戻すか、誤謬訂正として処理してください。",
        f"A correction leaves the {en} of registration: restore it, or process it as an office error.",
    )
