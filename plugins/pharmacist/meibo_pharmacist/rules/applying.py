"""Rules of the examination's file and of the application: what they tell agrees with the entry."""

from collections.abc import Iterator

from meibo.plugin import Finding, days, rule
from meibo_pharmacist.items import PharmacistApplicationEntry, PharmacistExam, PharmacistRegister

ABSENT = "0"
"""無, in the list of presence."""
FACTS = (
    ("exam_number", "受験番号", "examinee number"),
    ("national_exam_round", "国家試験回数", "round of the examination"),
    ("national_exam_year", "国家試験実施年", "year of the examination"),
    ("exam_site_code", "受験地コード", "examination site"),
    ("national_exam_pass_date", "国家試験合格年月日", "date of pass"),
    ("pass_certificate_number", "合格証書番号", "number of the certificate of pass"),
)
"""What the examination tells once and for all (items 3, 4, 6, 7, 20, 28); names and domicile may have changed."""
IDENTITY = (
    ("registration_id", "登録ID", "entry ID"),
    ("registration_number", "登録番号", "registration number"),
    ("registration_date", "登録年月日", "date of registration"),
)


@rule(
    "pharmacist.exam_agrees",
    cites="薬剤師法3条、items 3, 4, 6, 7, 20, 28, 103-107, 146",
    ja="試験情報と名簿の試験に関する項目は一致する。",
)
def exam_agrees(exam: PharmacistExam, register: PharmacistRegister) -> Iterator[Finding]:
    """The register tells of the examination what its file tells."""
    for name, ja, en in FACTS:
        told, registered = getattr(exam, name), getattr(register, name)
        if told is not None and registered is not None and told != registered:
            yield Finding(
                name,
                f"試験情報の{ja}が名簿情報と違います。どちらかを直してください。",
                f"The {en} in the examination's file is not that of the register: mend one of them.",
            )


@rule(
    "pharmacist.application_agrees",
    cites="items 35, 38, 39, 97, 98, 102",
    ja="新規登録では、エントリー情報の登録ID・登録番号・登録年月日は名簿情報と一致する。",
)
def application_agrees(
    application_entry: PharmacistApplicationEntry, register: PharmacistRegister, procedure: str
) -> Iterator[Finding]:
    """At registration the application names the entry that it leads to."""
    for name, ja, en in IDENTITY if procedure == "register" else ():
        told = getattr(application_entry, name)
        if told is not None and told != getattr(register, name):
            yield Finding(
                name,
                f"エントリー情報の{ja}が名簿情報と違います。どちらかを直してください。",
                f"The {en} of the application is not that of the register: mend one of them.",
            )


@rule(
    "pharmacist.application_ready",
    cites="薬剤師法施行令3条、items 79, 82",
    ja="保留中又はエラーのある申請は登録しない。",
)
def application_ready(application_entry: PharmacistApplicationEntry, procedure: str) -> Iterator[Finding]:
    """No application is registered that is on hold or in error."""
    if procedure != "register":
        return
    for name, ja, en in (("hold_flag", "保留", "on hold"), ("error_flag", "エラー", "in error")):
        if getattr(application_entry, name):
            yield Finding(
                name,
                f"この申請は{ja}の状態です。解消してから登録してください。",
                f"The application is {en}: settle that before it is registered.",
            )


@rule("pharmacist.held_since", cites="items 79, 80", ja="保留フラグと保留日時はそろって登録する。")
def held_since(application_entry: PharmacistApplicationEntry) -> Finding | None:
    """An application on hold says since when."""
    if bool(application_entry.hold_flag) == (application_entry.held_at is not None):
        return None
    return Finding(
        "held_at",
        "保留フラグと保留日時をそろえて入力してください。",
        "Give the flag together with the time since when the application is on hold.",
    )


@rule("pharmacist.own_parent", cites="items 31, 32", ja="親エントリーは別のエントリーである。")
def own_parent(application_entry: PharmacistApplicationEntry) -> Finding | None:
    """No application is its own parent."""
    parent = application_entry.parent_entry_id
    if parent is None or parent != application_entry.entry_id:
        return None
    return Finding(
        "parent_entry_id",
        "親エントリーIDが自分のエントリーIDです。直してください。",
        "The application names itself as its parent: mend the ID.",
    )


@rule(
    "pharmacist.provisional_between",
    cites="items 37, 39, 59",
    ja="仮登録は、受付の日から登録の日までの間に行う。",
)
def provisional_between(
    application_entry: PharmacistApplicationEntry, register: PharmacistRegister
) -> Finding | None:
    """A provisional registration lies between receipt and registration."""
    provisional = application_entry.provisional_registration_date
    early = days.precedes(provisional, application_entry.received_date)
    if not early and not days.precedes(register.registration_date, provisional):
        return None
    return Finding(
        "provisional_registration_date",
        "仮登録年月日が受付年月日から登録年月日までの間にありません。日付を確認してください。",
        "The provisional registration does not lie between receipt and registration: check the dates.",
    )


@rule(
    "pharmacist.pass_date_presence",
    cites="items 20, 24, 44, 85, 107, 141",
    ja="合格年月日があるときは、その有無コードは「有」である。",
)
def pass_date_presence(
    exam: PharmacistExam, application_entry: PharmacistApplicationEntry, register: PharmacistRegister
) -> Iterator[Finding]:
    """A date of pass is not said to be absent where it is given."""
    groups = (("exam", exam), ("application_entry", application_entry), ("register", register))
    for key, group in groups:
        if group.pass_date_presence_code == ABSENT and group.national_exam_pass_date is not None:
            yield Finding(
                (key, "pass_date_presence_code"),
                "合格年月日があります。有無コードを「有」にしてください。",
                "There is a date of pass: do not say that it is absent.",
            )
