"""Rules of what the office notes in the register about its acts, and of the category registered."""

from collections.abc import Iterator

from meibo.plugin import Finding, days, rule
from meibo_pharmacist.items import PharmacistRegister

ACTS = (
    ("roll_correction", "名簿訂正", "correction"),
    ("reissue", "再交付", "reissue"),
    ("erasure", "消除", "striking off"),
    ("registration_transfer", "登録換", "transfer"),
    ("error_correction", "誤謬訂正", "correction of an error"),
)
"""What is noted in three items each: the day, the reason's code, and its words (items 122-133, 147-149)."""


@rule(
    "pharmacist.acts_after_registration",
    cites="items 102, 122, 125, 128, 131, 147",
    ja="訂正・再交付・消除・登録換は登録の後に行う。",
)
def acts_after_registration(register: PharmacistRegister) -> Iterator[Finding]:
    """Nothing is corrected, reissued, struck off or transferred before it stands."""
    for act, ja, en in ACTS:
        if days.precedes(getattr(register, f"{act}_date"), register.registration_date):
            yield Finding(
                f"{act}_date",
                f"{ja}年月日が登録年月日より前です。どちらかを直してください。",
                f"The date of the {en} precedes the registration: mend one of them.",
            )


@rule(
    "pharmacist.reasons_with_dates",
    cites="items 122-133, 147-149",
    ja="訂正・再交付・消除・登録換は、年月日と理由をそろえて登録する。",
)
def reasons_with_dates(register: PharmacistRegister) -> Iterator[Finding]:
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


@rule(
    "pharmacist.pass_registration_category",
    cites="薬剤師法3条、items 99, 145",
    ja="登録する区分は合格した区分である。",
)
def pass_registration_category(register: PharmacistRegister) -> Finding | None:
    """The entry is of the category that the holder passed for."""
    registered, passed = register.registration_category_code, register.pass_registration_category_code
    if registered is None or passed is None or registered == passed:
        return None
    return Finding(
        "pass_registration_category_code",
        "合格登録区分コードが登録区分コードと違います。どちらかを直してください。",
        "The category passed for is not the one registered: mend one of them.",
    )
