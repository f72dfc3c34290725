"""The care workers' register (介護福祉士登録名簿): items 3 to 80, most days as pairs of era and date.

Required is what law enters (社会福祉士及び介護福祉士法29条、同法施行規則9条、26条): number, day, domicile, name, birth
and sex, and the kana by which names are found.
"""

from meibo.plugin import (
    Code,
    Email,
    Era,
    EraDate,
    EraMonth,
    Group,
    Kana,
    Personal,
    Phone,
    PostalCode,
    item,
    lists,
)
from meibo_careworker import code_lists

ENTRY = "tells entries apart and finds them; it says nothing of the person"
OFFICE_DATE = "an office date, by which work lists are drawn up"


class CareworkerRegister(
    Group,
    title="名簿情報",
    en="Register",
    key="register",
    purpose=(
        "介護福祉士登録名簿への登録（社会福祉士及び介護福祉士法42条）",
        "register of certified care workers (社会福祉士及び介護福祉士法42条)",
    ),
    source=("申請書、国家試験の合格者情報、養成施設", "application, national examination, training facility"),
    erasure=(
        "保管する。消除した登録はその旨を記録し、削除しない",
        "kept: an entry that is struck off is marked so (消除), not deleted",
    ),
):
    """The entry. A date half alone is enough to hand in: its era follows from it."""

    registration_code: Personal[str | None] = item("登録コード", en="Registration code", max_length=12)
    registration_number: Personal[str] = item(
        "登録番号",
        en="Registration number",
        max_length=12,
        clear=ENTRY,
        index=True,
        unique=True,
    )
    registration_date_era: Personal[Era | None] = item("登録年月日（元号）", en="Date of registration: era")
    registration_date_wareki: Personal[EraDate] = item(
        "登録年月日（年月日）",
        en="Date of registration",
        era="registration_date_era",
        clear="lists go by it; it says nothing of the person",
        index=True,
    )
    family_name_kana: Personal[Kana] = item("カナ氏名（姓）", en="Family name (kana)", max_length=50)
    given_name_kana: Personal[Kana | None] = item("カナ氏名（名）", en="Given name (kana)", max_length=50)
    family_name: Personal[str] = item("漢字氏名（姓）", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("漢字氏名（名）", en="Given name", max_length=50)
    former_family_name: Personal[str | None] = item("旧姓", en="Former family name", max_length=50)
    former_family_name_long: Personal[str | None] = item(
        "旧姓（長名）", en="Former family name, long", max_length=200
    )
    common_name: Personal[str | None] = item("通称", en="Common name", max_length=100)
    common_name_long: Personal[str | None] = item("通称（長名）", en="Common name, long", max_length=200)
    common_name_former_family: Personal[str | None] = item(
        "通称（旧姓）", en="Common name with the former family name", max_length=100
    )
    common_name_former_family_long: Personal[str | None] = item(
        "通称（旧姓）（長名）", en="Common name with the former family name, long", max_length=200
    )
    full_name_kana_long: Personal[Kana | None] = item(
        "カナ氏名（長名）", en="Full name (kana), long", max_length=200
    )
    full_name_kanji_long: Personal[str | None] = item(
        "漢字氏名（長名）", en="Full name, long", max_length=200
    )
    full_name_alphabet: Personal[str | None] = item(
        "アルファベット氏名", en="Full name in Latin letters", max_length=200
    )
    domicile_code: Personal[Code] = item(
        "本籍地コード", en="Registered domicile, or nationality", max_length=3, codes=lists.DOMICILE
    )
    current_address_code: Personal[Code | None] = item(
        "現住所コード", en="Address: municipality", max_length=6, codes=lists.MUNICIPALITY
    )
    postal_code: Personal[PostalCode | None] = item("郵便番号", en="Postal code")
    landline_phone_number: Personal[Phone | None] = item("固定電話", en="Telephone")
    mobile_phone_number: Personal[Phone | None] = item("携帯電話", en="Mobile telephone")
    address: Personal[str | None] = item("住所", en="Address", max_length=200)
    email_address: Personal[Email | None] = item("メールアドレス", en="Mail address")
    birth_date_era: Personal[Era | None] = item("生年月日（元号）", en="Date of birth: era")
    birth_date_wareki: Personal[EraDate] = item(
        "生年月日（年月日）", en="Date of birth", era="birth_date_era"
    )
    sex: Personal[Code] = item(
        "性別",
        en="Sex",
        max_length=1,
        codes=lists.SEX,
        clear="statistics by sex; half of the register shares each value",
    )
    # Both tell of a nationality.
    epa_flag: Personal[bool | None] = item("ＥＰＡ", en="Came under an economic partnership agreement")
    study_abroad_flag: Personal[bool | None] = item("留学", en="Came as a student")
    fixed_term_registration: bool | None = item(
        "期限付登録", en="Entry for a term", clear="the end of a term follows from it"
    )
    pass_certificate_number: Personal[str | None] = item(
        "合格証書番号", en="Certificate of the examination: number", max_length=20
    )
    pass_month_era: Era | None = item("合格年月(元号）", en="Examination passed in: era")
    pass_month_wareki: EraMonth | None = item(
        "合格年月（年月）", en="Examination passed in", era="pass_month_era"
    )
    training_facility_code: Code | None = item(
        "養成施設コード", en="Training facility", max_length=6, codes=code_lists.TRAINING_FACILITY
    )
    expiry_date_era: Era | None = item("有効期限（元号）", en="Last day of the term: era")
    expiry_date_wareki: EraDate | None = item(
        "有効期限（年月日）",
        en="Last day of the term",
        era="expiry_date_era",
        clear="the office lists the entries whose term ends; thousands share each value",
        index=True,
    )
    expiry_release_date_era: Era | None = item("有効期限解除日（元号）", en="Term lifted on: era")
    expiry_release_date_wareki: EraDate | None = item(
        "有効期限解除日（年月日）",
        en="Term lifted on",
        era="expiry_release_date_era",
        clear=OFFICE_DATE,
    )
    expiry_release_reason: Code | None = item(
        "有効期限解除理由", en="Term lifted: reason", max_length=2, codes=code_lists.EXPIRY_RELEASE_REASON
    )
    # Leave tells of births and illness.
    total_leave_days: Personal[int | None] = item("合計休業日数", en="Leave taken, in days", max_length=5)
    available_leave_days: Personal[int | None] = item(
        "休業可能日数", en="Leave still open, in days", max_length=5
    )
    correction_date_era: Era | None = item("訂正日（元号）", en="Correction: era")
    correction_date_wareki: EraDate | None = item(
        "訂正日（年月日）", en="Correction: date", era="correction_date_era", clear=OFFICE_DATE
    )
    reissue_date_era: Era | None = item("再交付（元号）", en="Reissue: era")
    reissue_date_wareki: EraDate | None = item(
        "再交付（年月日）", en="Reissue: date", era="reissue_date_era", clear=OFFICE_DATE
    )
    erasure_date_era: Era | None = item("消除日（元号）", en="Striking off: era")
    erasure_date_wareki: EraDate | None = item(
        "消除日（年月日）", en="Striking off: date", era="erasure_date_era", clear=OFFICE_DATE
    )
    # The reason may say that the holder is dead: life status is sealed.
    erasure_reason: Personal[Code | None] = item(
        "消除理由", en="Striking off: reason", max_length=3, codes=lists.REASON
    )
    erasure_cancellation_date_era: Era | None = item("消除取消日（元号）", en="Striking off undone: era")
    erasure_cancellation_date_wareki: EraDate | None = item(
        "消除取消日（年月日）",
        en="Striking off undone: date",
        era="erasure_cancellation_date_era",
        clear=OFFICE_DATE,
    )
    # A suspension and the day until which nobody may register anew tell of a disposition: they are sealed.
    suspension_date_era: Personal[Era | None] = item("停止日（元号）", en="Suspension: era")
    suspension_date_wareki: Personal[EraDate | None] = item(
        "停止日（年月日）", en="Suspension: first day", era="suspension_date_era"
    )
    suspension_reason: Personal[Code | None] = item(
        "停止理由", en="Suspension: reason", max_length=3, codes=lists.REASON
    )
    suspension_release_date_era: Personal[Era | None] = item(
        "停止解除日（元号）", en="Suspension lifted: era"
    )
    suspension_release_date_wareki: Personal[EraDate | None] = item(
        "停止解除日（年月日）", en="Suspension lifted: date", era="suspension_release_date_era"
    )
    reregistration_possible_date_era: Personal[Era | None] = item(
        "登録可能日（元号）", en="May register anew from: era"
    )
    reregistration_possible_date_wareki: Personal[EraDate | None] = item(
        "登録可能日（年月日）", en="May register anew from", era="reregistration_possible_date_era"
    )
    designated_training_completed: bool | None = item("指定研修課程修了", en="Designated training completed")
    designated_training_completion_date_era: Era | None = item(
        "指定研修課程修了（元号）", en="Designated training: era"
    )
    designated_training_completion_date_wareki: EraDate | None = item(
        "指定研修課程修了（年月日）",
        en="Designated training: completed on",
        era="designated_training_completion_date_era",
    )
    annotated_qualification_1: Code | None = item(
        "付記資格１", en="Annotation 1", max_length=2, codes=code_lists.ANNOTATED_QUALIFICATION
    )
    annotated_qualification_1_date_era: Era | None = item("付記資格年月日１（元号）", en="Annotation 1: era")
    annotated_qualification_1_date_wareki: EraDate | None = item(
        "付記資格年月日１（年月日）", en="Annotation 1: date", era="annotated_qualification_1_date_era"
    )
    annotated_qualification_2: Code | None = item(
        "付記資格２", en="Annotation 2", max_length=2, codes=code_lists.ANNOTATED_QUALIFICATION
    )
    annotated_qualification_2_date_era: Era | None = item("付記資格年月日２（元号）", en="Annotation 2: era")
    annotated_qualification_2_date_wareki: EraDate | None = item(
        "付記資格年月日２（年月日）", en="Annotation 2: date", era="annotated_qualification_2_date_era"
    )
    annotated_qualification_3: Code | None = item(
        "付記資格３", en="Annotation 3", max_length=2, codes=code_lists.ANNOTATED_QUALIFICATION
    )
    annotated_qualification_3_date_era: Era | None = item("付記資格年月日３（元号）", en="Annotation 3: era")
    annotated_qualification_3_date_wareki: EraDate | None = item(
        "付記資格年月日３（年月日）", en="Annotation 3: date", era="annotated_qualification_3_date_era"
    )
    annotated_qualification_4: Code | None = item(
        "付記資格４", en="Annotation 4", max_length=2, codes=code_lists.ANNOTATED_QUALIFICATION
    )
    annotated_qualification_4_date_era: Era | None = item("付記資格年月日４（元号）", en="Annotation 4: era")
    annotated_qualification_4_date_wareki: EraDate | None = item(
        "付記資格年月日４（年月日）", en="Annotation 4: date", era="annotated_qualification_4_date_era"
    )
    annotated_qualification_5: Code | None = item(
        "付記資格５", en="Annotation 5", max_length=2, codes=code_lists.ANNOTATED_QUALIFICATION
    )
    annotated_qualification_5_date_era: Era | None = item("付記資格年月日５（元号）", en="Annotation 5: era")
    annotated_qualification_5_date_wareki: EraDate | None = item(
        "付記資格年月日５（年月日）", en="Annotation 5: date", era="annotated_qualification_5_date_era"
    )
    former_family_name_flag: bool | None = item("旧姓フラグ", en="Former family name is shown")
    common_name_flag: bool | None = item("通称名フラグ", en="Common name is shown")
    former_and_common_name_flag: bool | None = item(
        "旧姓通称名フラグ", en="Common name with the former family name is shown"
    )
