"""Items 60-91: what doctors report as of 31 December of even years (医師法6条3項). All of it is sealed."""

from meibo.plugin import Code, Email, Group, Personal, Phone, item, lists
from meibo_doctor import code_lists


class DoctorPracticeReport(
    Group,
    title="届出",
    en="Practice report",
    heading="名簿情報",
    purpose=("統計の作成、医療提供体制の検討", "statistics, and planning of medical care"),
    source=("本人の届出（医師法6条3項）", "the holder's biennial report (医師法6条3項)"),
    erasure="keep with the licence",
):
    """The newest report of a doctor."""

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
    main_workplace_working_days: Personal[int | None] = item(
        "勤務状況（勤務日数）", en="Main workplace: working days", max_length=3
    )
    main_workplace_duty_count: Personal[int | None] = item(
        "勤務状況（宿直・日直回数）", en="Main workplace: night and day duties", max_length=3
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
    secondary_workplace_working_days: Personal[int | None] = item(
        "勤務状況（勤務日数）", en="Second workplace: working days", max_length=3
    )
    secondary_workplace_duty_count: Personal[int | None] = item(
        "勤務状況（宿直・日直回数）", en="Second workplace: night and day duties", max_length=3
    )
    secondary_workplace_count: int | None = item(
        "従たる従事先の件数", en="Number of further workplaces", max_length=2
    )
    clinical_departments: tuple[Code, ...] | None = item(
        "従事する診療科名等", en="Clinical departments", codes=code_lists.CLINICAL_DEPARTMENT
    )
    advertisable_specialty_qualifications: tuple[Code, ...] | None = item(
        "取得している広告可能な医師の専門性に関する資格名及び麻酔科の標榜資格",
        en="Specialties that may be advertised",
        codes=code_lists.SPECIALTY_QUALIFICATION,
    )
    handles_childbirth: bool | None = item("分娩の取扱いの有無", en="Attends births")
    place_of_origin: Personal[Code | None] = item(
        "出身地", en="Prefecture of origin", max_length=2, codes=lists.PREFECTURE
    )
    foreign_medical_school_country: Personal[Code | None] = item(
        "医学課程を修めた外国の医学校のある国",
        en="Country of the foreign medical school",
        max_length=3,
        codes=lists.COUNTRY,
    )
    regional_quota_service_required: Personal[bool | None] = item(
        "地域枠等（従事要件有無）", en="Regional quota: bound to serve"
    )
    regional_quota_service_years: Personal[int | None] = item(
        "地域枠等（従事年数）", en="Regional quota: years of service", max_length=2
    )
    regional_quota_service_completed: Personal[bool | None] = item(
        "地域枠等（終了しているか）", en="Regional quota: service completed"
    )
    regional_quota_service_place: Personal[str | None] = item(
        "地域枠等（要件となる従事場所）", en="Regional quota: where to serve", max_length=200
    )
    regional_quota_scholarship_lender: Personal[str | None] = item(
        "地域枠等（奨学金貸与元）", en="Regional quota: lender of the scholarship", max_length=200
    )
    regional_quota_selection_method: Personal[Code | None] = item(
        "地域枠等（選抜方式）",
        en="Regional quota: how selected",
        max_length=1,
        codes=code_lists.REGIONAL_QUOTA_SELECTION_METHOD,
    )
    practice_report_use_consent: bool | None = item(
        "医師届出票の活用に関する確認", en="Consents to the use of the report by the prefecture"
    )
    remarks: Personal[str | None] = item("備考", en="Remarks", max_length=1000, multiline=True)
