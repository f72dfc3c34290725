"""Rules of the entry: its dates, its numbers, and what the office noted later."""

from collections.abc import Iterator

from meibo.plugin import Finding, Record, lists, rule
from meibo_doctor.items import DoctorReeducation, DoctorRegister
from meibo_doctor.rules.days import birthday, earliest, precedes, year_of

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
"""What the office notes in three items each: the day, the reason's code, and its words (items 28-39)."""


@rule("doctor.of_age", cites="医師法3条")
def of_age(register: DoctorRegister) -> Finding | None:
    """A minor gets no licence."""
    if not precedes(register.registration_date, birthday(register.birth_date, FULL_AGE)):
        return None
    return Finding(
        "registration_date",
        "未成年者は登録できません。登録年月日と生年月日を確認してください。",
        "A minor cannot be registered: check the date of registration and the date of birth.",
    )


@rule("doctor.born_first", cites="items 7, 13, 16, 26")
def born_first(register: DoctorRegister) -> Finding | None:
    """Nobody applies or passes before birth."""
    born = earliest(register.birth_date)
    later = (register.received_date, register.national_exam_pass_date, register.former_registration_date)
    if not any(precedes(day, born) for day in later):
        return None
    return Finding(
        "birth_date",
        "生年月日より前の日付があります。受付・合格・旧登録の日付と生年月日を確認してください。",
        "A date of receipt, pass or former registration precedes the date of birth: check them.",
    )


@rule("doctor.exam_before_registration", cites="医師法2条、6条1項")
def exam_before_registration(register: DoctorRegister) -> Finding | None:
    """Only who has passed the national examination is registered."""
    if not precedes(register.registration_date, register.national_exam_pass_date):
        return None
    return Finding(
        "national_exam_pass_date",
        "国家試験合格年月日が登録年月日より後です。どちらかを直してください。",
        "The examination was passed after the registration: mend one of the dates.",
    )


@rule("doctor.exam_year", cites="items 11, 13")
def exam_year(register: DoctorRegister) -> Finding | None:
    """The pass is made known in the year of the examination."""
    passed = year_of(register.national_exam_pass_date)
    if register.national_exam_year in (None, passed) or passed is None:
        return None
    return Finding(
        "national_exam_year",
        "国家試験実施年が合格年月日の年と違います。どちらかを直してください。",
        "The year of the examination is not that of its pass: mend one of them.",
    )


@rule("doctor.received_first", cites="医師法施行令3条、items 7, 8")
def received_first(register: DoctorRegister) -> Finding | None:
    """An application is received before the entry is made."""
    if not precedes(register.registration_date, register.received_date):
        return None
    return Finding(
        "received_date",
        "受付年月日が登録年月日より後です。どちらかを直してください。",
        "The application was received after the registration: mend one of the dates.",
    )


@rule("doctor.passed_licence_type", cites="items 5, 52")
def passed_licence_type(register: DoctorRegister) -> Finding | None:
    """The licence is of the type that the holder passed for."""
    registered, passed = register.licence_type_code, register.passed_licence_type_code
    if registered is None or passed is None or registered == passed:
        return None
    return Finding(
        "passed_licence_type_code",
        "合格職種コードが職種コードと違います。どちらかを直してください。",
        "The licence type passed for is not the one registered: mend one of them.",
    )


@rule("doctor.former_registration_whole", cites="items 14-16")
def former_registration_whole(register: DoctorRegister) -> Iterator[Finding]:
    """A former registration is told whole: prefecture, number and date."""
    names = ("prefecture_code", "number", "date")
    values = {name: getattr(register, f"former_registration_{name}") for name in names}
    if all(value is None for value in values.values()):
        return
    for name, value in values.items():
        if value is None:
            yield Finding(
                f"former_registration_{name}",
                "旧登録は、県コード・番号・年月日をそろえて入力してください。",
                "Give the former registration whole: prefecture, number and date.",
            )


@rule("doctor.former_registration_first", cites="items 8, 16")
def former_registration_first(register: DoctorRegister) -> Finding | None:
    """The former registration came before this one."""
    if not precedes(register.registration_date, register.former_registration_date):
        return None
    return Finding(
        "former_registration_date",
        "旧登録年月日が登録年月日より後です。どちらかを直してください。",
        "The former registration is later than this one: mend one of the dates.",
    )


@rule("doctor.acts_after_registration", cites="items 8, 28, 31, 34, 37")
def acts_after_registration(register: DoctorRegister) -> Iterator[Finding]:
    """Nothing is corrected, reissued, struck off or transferred before it stands."""
    for act, ja, en in ACTS:
        if precedes(getattr(register, f"{act}_date"), register.registration_date):
            yield Finding(
                f"{act}_date",
                f"{ja}年月日が登録年月日より前です。どちらかを直してください。",
                f"The date of the {en} precedes the registration: mend one of them.",
            )


@rule("doctor.reasons_with_dates", cites="items 28-39")
def reasons_with_dates(register: DoctorRegister) -> Iterator[Finding]:
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


@rule("doctor.number_stays", cites="医師法施行令4条1号、5条、items 4, 8, 17, 44")
def number_stays(register: DoctorRegister, previous: Record | None, procedure: str) -> Iterator[Finding]:
    """A correction changes neither number nor date of registration, except to mend the office's own error.

    The number changes with the nationality as well: foreign nationals are numbered in a series of their own.
    """
    if previous is None or procedure != "correct" or register.processing_category_code == ERROR_CORRECTION:
        return
    same_series = _japanese(register.domicile_code) == _japanese(previous.value("register.domicile_code"))
    if same_series and register.registration_number != previous.value("register.registration_number"):
        yield _kept("registration_number", "登録番号", "number")
    if register.registration_date != previous.value("register.registration_date"):
        yield _kept("registration_date", "登録年月日", "date")


@rule("doctor.certification_whole", cites="医師法施行令4条7号、医療法5条の2、items 57-59")
def certification_whole(register: DoctorRegister) -> Iterator[Finding]:
    """A certification is told whole: date, bureau and number."""
    names = ("certification_date", "application_health_bureau", "certification_number")
    values = {name: getattr(register, name) for name in names}
    if all(value is None for value in values.values()):
        return
    for name, value in values.items():
        if value is None:
            yield Finding(
                name,
                "認定は、年月日・申請厚生局・番号をそろえて入力してください。",
                "Give the certification whole: date, bureau and number.",
            )


@rule("doctor.certified_after_registration", cites="医療法5条の2、items 8, 57")
def certified_after_registration(register: DoctorRegister) -> Finding | None:
    """Only a doctor is certified for work where doctors are few."""
    if not precedes(register.certification_date, register.registration_date):
        return None
    return Finding(
        "certification_date",
        "認定年月日が登録年月日より前です。どちらかを直してください。",
        "The certification precedes the registration: mend one of the dates.",
    )


@rule("doctor.reeducation_ordered", cites="医師法7条の2第1項・第2項、items 92, 93")
def reeducation_ordered(reeducation: DoctorReeducation) -> Finding | None:
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


def _japanese(domicile: str | None) -> bool:
    """Whether the domicile is a prefecture, and so the holder a Japanese national."""
    return domicile in lists.PREFECTURE.values


def _kept(name: str, ja: str, en: str) -> Finding:
    return Finding(
        name,
        f"{ja}は籍訂正では変わりません。元に戻すか、誤謬訂正として処理してください。",
        f"A correction leaves the {en} of registration: restore it, or process it as an office error.",
    )
