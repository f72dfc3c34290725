"""Rules of the entry: on what it rests, its days, and what the office noted later."""

from collections.abc import Iterator

from meibo.plugin import Finding, Record, days, names, rule
from meibo.plugin import entry as shared
from meibo_careworker.items import CareworkerRegister
from meibo_careworker.law import SINCE

ACTS = (
    ("correction_date_wareki", "訂正日", "correction"),
    ("reissue_date_wareki", "再交付日", "reissue"),
    ("erasure_date_wareki", "消除日", "striking off"),
    ("suspension_date_wareki", "停止日", "suspension"),
)
"""What the office notes of an entry that stands (items 44-49, 53-54)."""
UNDONE = (
    ("erasure_date_wareki", "erasure_cancellation_date_wareki", "消除", "消除取消日", "striking off"),
    ("suspension_date_wareki", "suspension_release_date_wareki", "停止", "停止解除日", "suspension"),
)
"""Each act, and the day on which it was undone."""
ANNOTATIONS = range(1, 6)


@rule(
    "careworker.grounds",
    cites="社会福祉士及び介護福祉士法39条、平成19年法律125号附則6条の2、items 33-36",
    ja="登録には、試験の合格か養成施設の卒業が要る。",
)
def grounds(register: CareworkerRegister) -> Finding | None:
    """An entry rests on the examination, or on a training facility."""
    if register.pass_month_wareki or register.training_facility_code:
        return None
    return Finding(
        "pass_month_wareki",
        "合格年月か養成施設コードを入力してください。",
        "Give the month in which the examination was passed, or the training facility.",
    )


@rule(
    "careworker.examination_whole",
    cites="社会福祉士及び介護福祉士法施行規則26条、items 33-35",
    ja="合格証書番号と合格年月はそろって登録する。",
)
def examination_whole(register: CareworkerRegister) -> Iterator[Finding]:
    """The examination is told whole: the certificate's number and the month of the pass."""
    return shared.whole(
        register,
        ("pass_certificate_number", "pass_month_wareki"),
        "合格証書番号と合格年月をそろえて入力してください。",
        "Give the number of the examination's certificate together with the month of the pass.",
    )


@rule(
    "careworker.examination_before_registration",
    cites="社会福祉士及び介護福祉士法39条、42条1項、items 5-6, 32, 34-35",
    ja="期限付登録でなければ、合格は登録より前である。",
)
def examination_before_registration(register: CareworkerRegister) -> Finding | None:
    """Only who is entered for a term may pass the examination later; others have graduated before it was asked."""
    later = days.precedes(register.registration_date_wareki, register.pass_month_wareki)
    if not later or register.fixed_term_registration or register.training_facility_code:
        return None
    return Finding(
        "pass_month_wareki",
        "合格年月が登録年月日より後です。どちらかを直してください。",
        "The examination was passed after the registration: mend one of them.",
    )


@rule(
    "careworker.since_the_act",
    cites="社会福祉士及び介護福祉士法附則1条、items 5-6",
    ja="登録は法律の施行（昭和63年4月1日）以後である。",
)
def since_the_act(register: CareworkerRegister) -> Finding | None:
    """Nobody is registered before the act is in force."""
    if not days.precedes(register.registration_date_wareki, SINCE):
        return None
    return Finding(
        "registration_date_wareki",
        "登録年月日は昭和63年4月1日以後の日付を入力してください。",
        "Give a day from 1 April 1988 on: there was no register before.",
    )


@rule(
    "careworker.born_first",
    cites="items 5-6, 27-28, 34-35, 61-62",
    ja="登録・合格・研修の修了は生年月日より後である。",
)
def born_first(register: CareworkerRegister) -> Finding | None:
    """Nobody passes, is trained or is registered before birth."""
    later = (
        register.registration_date_wareki,
        register.pass_month_wareki,
        register.designated_training_completion_date_wareki,
    )
    if not any(days.precedes(day, register.birth_date_wareki) for day in later):
        return None
    return Finding(
        "birth_date_wareki",
        "生年月日より前の日付があります。登録・合格・研修の日付と生年月日を確認してください。",
        "A date of registration, pass or training precedes the date of birth: check them.",
    )


@rule(
    "careworker.foreign_nationals",
    cites="items 20, 30, 31",
    ja="ＥＰＡ・留学の方は、登録の時に外国籍である。",
)
def foreign_nationals(register: CareworkerRegister, previous: Record | None) -> Iterator[Finding]:
    """Who came under a partnership agreement or as a student is a foreign national when registered."""
    if previous is not None or not names.is_national(register.domicile_code):
        return
    for flag in ("epa_flag", "study_abroad_flag"):
        if getattr(register, flag):
            yield Finding(
                flag,
                "本籍が都道府県の方です。ＥＰＡ・留学か本籍地コードを直してください。",
                "The domicile is a prefecture: clear the flag, or check the domicile.",
            )


@rule(
    "careworker.acts_after_registration",
    cites="items 5-6, 44-49, 53-54",
    ja="訂正・再交付・消除・停止は登録より前ではない。",
)
def acts_after_registration(register: CareworkerRegister) -> Iterator[Finding]:
    """Nothing is corrected, reissued, struck off or suspended before it stands."""
    for name, ja, en in ACTS:
        if days.precedes(getattr(register, name), register.registration_date_wareki):
            yield Finding(
                name,
                f"{ja}が登録年月日より前です。どちらかを直してください。",
                f"The date of the {en} precedes the registration: mend one of them.",
            )


@rule(
    "careworker.reasons_with_dates",
    cites="items 48-50, 53-55",
    ja="消除・停止は、日と理由をそろえて登録する。",
)
def reasons_with_dates(register: CareworkerRegister) -> Iterator[Finding]:
    """A striking off and a suspension are noted with their day and their reason."""
    for act, ja, en in (("erasure", "消除", "striking off"), ("suspension", "停止", "suspension")):
        yield from shared.whole(
            register,
            (f"{act}_date_wareki", f"{act}_reason"),
            f"{ja}は、日と理由をそろえて入力してください。",
            f"Give the {en} whole: its day and its reason.",
        )


@rule(
    "careworker.undone_after",
    cites="items 48-49, 51-54, 56-57",
    ja="消除の取消しは消除の後、停止の解除は停止の後である。",
)
def undone_after(register: CareworkerRegister) -> Iterator[Finding]:
    """A striking off is undone, and a suspension lifted, after it began."""
    for name, undone, ja, undone_ja, en in UNDONE:
        began, ended = getattr(register, name), getattr(register, undone)
        if ended is not None and (began is None or days.precedes(ended, began)):
            yield Finding(
                undone,
                f"{undone_ja}は、{ja}日以後の日付を入力してください。{ja}日も要ります。",
                f"Give the day of the {en} too, and for its end a day that does not precede it.",
            )


@rule(
    "careworker.anew_after_striking_off",
    cites="社会福祉士及び介護福祉士法3条、33条、items 48-49, 58-59",
    ja="再び登録できる日は、取消しによる消除の後である。",
)
def anew_after_striking_off(register: CareworkerRegister) -> Finding | None:
    """A day from which the holder may register anew follows a striking off."""
    possible, struck_off = register.reregistration_possible_date_wareki, register.erasure_date_wareki
    if possible is None or (struck_off is not None and not days.precedes(possible, struck_off)):
        return None
    return Finding(
        "reregistration_possible_date_wareki",
        "登録可能日は、消除日以後の日付を入力してください。消除日も要ります。",
        "Give the day of the striking off too, and a day that does not precede it.",
    )


@rule(
    "careworker.training_whole",
    cites="items 60-62",
    ja="指定研修課程の修了は、修了の有無と年月日をそろえる。",
)
def training_whole(register: CareworkerRegister) -> Finding | None:
    """The designated training is completed on a day."""
    day = register.designated_training_completion_date_wareki
    if bool(register.designated_training_completed) == (day is not None):
        return None
    return Finding(
        "designated_training_completed" if day else "designated_training_completion_date_wareki",
        "指定研修課程の修了と年月日をそろえて入力してください。",
        "Give the completion of the designated training together with its day.",
    )


@rule(
    "careworker.annotations_whole",
    cites="社会福祉士及び介護福祉士法施行規則1条、26条、items 63-77",
    ja="付記資格は年月日とそろえ、１から順に、重ねずに登録する。",
)
def annotations_whole(register: CareworkerRegister) -> Iterator[Finding]:
    """An annotation has its day; annotations fill the places from the first on, each once."""
    before: list[str] = []
    for number in ANNOTATIONS:
        name = f"annotated_qualification_{number}"
        code, day = getattr(register, name), getattr(register, f"{name}_date_wareki")
        if (code is None) != (day is None):
            yield Finding(
                name if code is None else f"{name}_date_wareki",
                "付記資格と年月日をそろえて入力してください。",
                "Give the annotation together with its day.",
            )
        elif code is not None and (len(before) < number - 1 or code in before):
            yield Finding(
                name,
                "付記資格は１から順に、重ねずに入力してください。",
                "Fill the annotations from the first place on, each once.",
            )
        if code is not None:
            before.append(code)


RULES = (
    grounds,
    examination_whole,
    examination_before_registration,
    since_the_act,
    born_first,
    foreign_nationals,
    acts_after_registration,
    reasons_with_dates,
    undone_after,
    anew_after_striking_off,
    training_whole,
    annotations_whole,
)
