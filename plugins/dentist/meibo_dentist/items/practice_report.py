"""Items 3-30: what dentists report as of 31 December of even years (歯科医師法6条3項). All of it is sealed.

The report opens the official list, and names the dentist anew as the printed form does.
"""

from datetime import date

from meibo.plugin import Code, Email, Group, Kana, PartialDate, Personal, Phone, item, lists
from meibo_dentist import code_lists


class DentistPracticeReport(
    Group,
    title="届出",
    en="Practice report",
    heading="名簿情報",
    purpose=("統計の作成、歯科医療提供体制の検討", "statistics, and planning of dental care"),
    source=("本人の届出（歯科医師法6条3項）", "the holder's biennial report (歯科医師法6条3項)"),
    erasure="keep with the licence",
):
    """The newest report of a dentist."""

    family_name: Personal[str | None] = item("姓", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("名", en="Given name", max_length=50)
    family_name_kana: Personal[Kana | None] = item("フリガナ（姓）", en="Family name (kana)", max_length=50)
    given_name_kana: Personal[Kana | None] = item("フリガナ（名）", en="Given name (kana)", max_length=50)
    birth_date: Personal[PartialDate | None] = item("生年月日", en="Date of birth")
    sex_code: Personal[Code | None] = item("性別コード", en="Sex", max_length=1, codes=lists.SEX)
    registration_number: Personal[str | None] = item("登録番号", en="Registration number", max_length=12)
    registration_date: Personal[date | None] = item("登録年月日", en="Date of registration")
    address: Personal[str | None] = item("住所", en="Address", max_length=200)
    phone_number: Personal[Phone | None] = item("電話番号", en="Telephone", max_length=15)
    email_address: Personal[Email | None] = item("メールアドレス", en="E-mail address", max_length=254)
    email_use_consent: bool | None = item(
        "メールアドレス（利用同意）", en="Consents to be written to by e-mail"
    )
    practice_type: Code | None = item(
        "従事している業務の種別", en="Kind of practice", max_length=2, codes=code_lists.PRACTICE_TYPE
    )
    main_workplace_name: Personal[str | None] = item(
        "主たる従事先（名称）", en="Main workplace: name", max_length=200
    )
    main_workplace_phone: Personal[Phone | None] = item(
        "主たる従事先（電話）", en="Main workplace: telephone", max_length=15
    )
    main_workplace_address: Personal[str | None] = item(
        "主たる従事先（所在地）", en="Main workplace: address", max_length=200
    )
    employment_form: Code | None = item(
        "就業形態", en="Form of employment", max_length=1, codes=lists.EMPLOYMENT_FORM
    )
    main_duties: Code | None = item("主たる業務内容", en="Main duties", max_length=2, codes=lists.MAIN_DUTIES)
    leave_taken: Personal[Code | None] = item(
        "休業の取得", en="Leave taken", max_length=1, codes=lists.LEAVE_TYPE
    )
    secondary_workplace_name: Personal[str | None] = item(
        "従たる従事先（名称）", en="Second workplace: name", max_length=200
    )
    secondary_workplace_phone: Personal[Phone | None] = item(
        "従たる従事先（電話）", en="Second workplace: telephone", max_length=15
    )
    secondary_workplace_address: Personal[str | None] = item(
        "従たる従事先（所在地）", en="Second workplace: address", max_length=200
    )
    clinical_departments: tuple[Code, ...] | None = item(
        "従事する診療科名等", en="Clinical departments", codes=code_lists.CLINICAL_DEPARTMENT
    )
    advertisable_dental_specialty_qualifications: tuple[Code, ...] | None = item(
        "取得している広告可能な歯科医師の専門性に関する資格名",
        en="Specialties that may be advertised",
        codes=code_lists.SPECIALTY_QUALIFICATION,
    )
    dental_school_name: Personal[str | None] = item(
        "歯科医師免許取得の際に歯学課程を修めた大学名等", en="Dental school", max_length=200
    )
    place_of_origin: Personal[Code | None] = item(
        "出身地", en="Prefecture of origin", max_length=2, codes=lists.PREFECTURE
    )
    dental_practice_report_use_consent: bool | None = item(
        "歯科医師届出票の活用に関する確認", en="Consents to the use of the report by the prefecture"
    )
    remarks: Personal[str | None] = item("備考", en="Remarks", max_length=1000, multiline=True)
