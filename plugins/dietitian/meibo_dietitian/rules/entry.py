"""Rules of the entry (items 47-71), alone and beside the examination."""

from collections.abc import Iterator

from meibo.plugin import Finding, Record, days, rule
from meibo_dietitian.items import DietitianExam, DietitianRegister

ERROR_CORRECTION = "06"
"""The kind of application 誤謬訂正."""


@rule(
    "dietitian.born_first",
    cites="items 49, 58, 63",
    ja="生年月日は、資格取得年月日と登録日より前である。",
)
def born_first(register: DietitianRegister) -> Finding | None:
    """Nobody qualifies or is registered before birth."""
    later = (register.qualification_date, register.registration_date)
    if not any(days.precedes(day, register.birth_date) for day in later):
        return None
    return Finding(
        "birth_date",
        "資格取得年月日か登録日が生年月日より前です。日付を確認してください。",
        "Qualification or registration precedes the date of birth: check the dates.",
    )


@rule(
    "dietitian.qualified_first",
    cites="栄養士法2条3項、items 49, 63",
    ja="管理栄養士国家試験に合格した者だけを登録する。",
)
def qualified_first(register: DietitianRegister) -> Finding | None:
    """Only who has passed the national examination is registered."""
    if not days.precedes(register.registration_date, register.qualification_date):
        return None
    return Finding(
        "qualification_date",
        "資格取得年月日が登録日より後です。どちらかを直してください。",
        "The qualification is later than the registration: mend one of the dates.",
    )


@rule(
    "dietitian.issued_after_registration",
    cites="栄養士法4条4項、items 49, 65",
    ja="免許証は登録の後に交付する。",
)
def issued_after_registration(register: DietitianRegister) -> Finding | None:
    """The certificate is issued once the entry stands."""
    if not days.precedes(register.issue_date, register.registration_date):
        return None
    return Finding(
        "issue_date",
        "交付日が登録日より前です。どちらかを直してください。",
        "The certificate was issued before the registration: mend one of the dates.",
    )


@rule(
    "dietitian.same_person",
    cites="栄養士法2条3項、items 10-13, 58",
    ja="登録する方は受験した方である。",
)
def same_person(exam: DietitianExam, register: DietitianRegister) -> Finding | None:
    """Who is registered is who sat the examination: both were born on one day."""
    born, registered = days.in_parts(exam, "birth_date"), days.earliest(register.birth_date)
    if born is None or registered is None or born == registered:
        return None
    return Finding(
        "birth_date_day",
        "受験時の生年月日が名簿の生年月日と違います。どちらかを直してください。",
        "The date of birth at the examination is not the register's: mend one of them.",
    )


@rule(
    "dietitian.licensed_as_dietitian",
    cites="栄養士法2条3項・5条の3、items 26-29, 49",
    ja="管理栄養士の登録は、栄養士の免許を受けた後に行う。",
)
def licensed_as_dietitian(exam: DietitianExam, register: DietitianRegister) -> Finding | None:
    """Who is registered was licensed as a dietitian before."""
    licensed = days.in_parts(exam, "nutritionist_licence_date")
    if not days.precedes(register.registration_date, licensed):
        return None
    return Finding(
        "nutritionist_licence_date_day",
        "栄養士免許取得年月日が登録日より後です。どちらかを直してください。",
        "The licence as a dietitian is later than the registration: mend one of the dates.",
    )


@rule(
    "dietitian.reason_with_date",
    cites="items 68-70",
    ja="理由コードと理由発生日はそろって登録し、理由は登録の後に発生する。",
)
def reason_with_date(register: DietitianRegister) -> Iterator[Finding]:
    """A reason's day is not told without the reason, and is not before the registration."""
    if register.reason_date and not register.reason_code:
        yield Finding(
            "reason_code",
            "理由発生日があります。理由コードも入力してください。",
            "The day of a reason is given: give the reason too.",
        )
    if days.precedes(register.reason_date, register.registration_date):
        yield Finding(
            "reason_date",
            "理由発生日が登録日より前です。どちらかを直してください。",
            "The reason arose before the registration: mend one of the dates.",
        )


@rule(
    "dietitian.number_stays",
    cites="栄養士法施行令2条・3条、items 47, 49, 67",
    ja="登録番号と登録日は、誤謬訂正を除き、名簿訂正では変わらない。",
)
def number_stays(register: DietitianRegister, previous: Record | None, procedure: str) -> Iterator[Finding]:
    """A correction changes neither number nor date of registration, except to mend the office's own error."""
    if previous is None or procedure != "correct" or register.application_category == ERROR_CORRECTION:
        return
    for name, ja, en in (
        ("registration_number", "登録番号", "number"),
        ("registration_date", "登録日", "date"),
    ):
        if getattr(register, name) != previous.value(f"register.{name}"):
            yield Finding(
                name,
                f"{ja}は名簿訂正では変わりません。元に戻すか、誤謬訂正として処理してください。",
                f"A correction leaves the {en} of registration: restore it, or process it as an office error.",
            )
