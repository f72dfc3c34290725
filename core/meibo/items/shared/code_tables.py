"""The code tables (マスタ): one of each for an installation, rows by date, shared by professions."""

from datetime import date, datetime

from meibo.items.declaration import Cardinality, Group, Placed, headed, item
from meibo.items.kinds import Code
from meibo.items.shared import lists

OFFICE = "an office table: no personal data"


class LicenceType(
    Group,
    title="職種マスタ情報",
    en="Licence types",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="licence_type_master",
    plural="licence_types",
    cardinality=Cardinality.TABLE,
):
    """職種マスタ情報."""

    licence_type_code: Code = item("職種コード", en="Code", max_length=2, clear=OFFICE, key=True)
    register_roll_code: Code | None = item(
        "籍名簿コード", en="Register", max_length=2, clear=OFFICE, codes=lists.REGISTER_ROLL
    )
    section_chief_code: Code | None = item(
        "課長コード", en="Section chief", max_length=2, clear=OFFICE, codes=lists.SECTION_CHIEF
    )
    licence_type_name_ja: str | None = item(
        "職種名（和名）", en="Name (Japanese)", max_length=50, clear=OFFICE
    )
    licence_type_name_en: str | None = item(
        "職種名（英名）", en="Name (English)", max_length=100, clear=OFFICE
    )
    law_name_en: str | None = item(
        "法律名（英名）", en="Name of the act (English)", max_length=200, clear=OFFICE
    )
    sequence_name: str | None = item("シーケンス名", en="Number sequence", max_length=64, clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class Domicile(
    Group,
    title="本籍地マスタ情報",
    en="Domiciles",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="domicile_master",
    plural="domiciles",
    cardinality=Cardinality.TABLE,
):
    """本籍地マスタ情報."""

    domicile_code: Code = item("本籍地コード", en="Code", max_length=3, clear=OFFICE, key=True)
    domicile_name_ja: str | None = item("本籍地（和名）", en="Name (Japanese)", max_length=50, clear=OFFICE)
    domicile_display_name_ja: str | None = item(
        "本籍地（和名(表示用）)", en="Name as displayed (Japanese)", max_length=50, clear=OFFICE
    )
    domicile_name_en: str | None = item("本籍地（英名）", en="Name (English)", max_length=100, clear=OFFICE)
    abbreviation: str | None = item("略号", en="Abbreviation", max_length=10, clear=OFFICE)
    foreign_flag: bool | None = item("外国フラグ", en="Outside Japan", clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class ExamSite(
    Group,
    title="受験地マスタ情報",
    en="Exam sites",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="exam_site_master",
    plural="exam_sites",
    cardinality=Cardinality.TABLE,
):
    """受験地マスタ情報."""

    exam_site_code: Code = item("受験地コード", en="Code", max_length=2, clear=OFFICE, key=True)
    exam_site_name: str | None = item("受験地名", en="Name", max_length=50, clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class Reason(
    Group,
    title="記事マスタ情報",
    en="Reasons for entries",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="reason_master",
    plural="reasons",
    cardinality=Cardinality.TABLE,
):
    """記事マスタ情報."""

    reason_code: Code = item("理由コード", en="Code", max_length=3, clear=OFFICE, key=True)
    processing_category_code: Code = item(
        "処理区分コード",
        en="Processing category",
        max_length=2,
        clear=OFFICE,
        key=True,
        codes=lists.PROCESSING_CATEGORY,
    )
    reason: str | None = item("理由", en="Reason", max_length=500, clear=OFFICE)
    reason_short: str | None = item("理由(略称)", en="Reason (short)", max_length=100, clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class Minister(
    Group,
    title="歴代大臣マスタ情報",
    en="Ministers",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="minister_master",
    plural="ministers",
    cardinality=Cardinality.TABLE,
):
    """歴代大臣マスタ情報."""

    minister_code: Code = item("歴代大臣コード", en="Code", max_length=3, clear=OFFICE, key=True)
    minister_name_ja: str | None = item("大臣名（和名）", en="Name (Japanese)", max_length=50, clear=OFFICE)
    minister_name_en: str | None = item("大臣名（英名）", en="Name (English)", max_length=100, clear=OFFICE)
    term_start: date | None = item("在位期間（開始）", en="In office from", clear=OFFICE)
    term_end: date | None = item("在位期間（終了）", en="In office until", clear=OFFICE)
    minister_type_code: Code | None = item(
        "大臣種別コード", en="Office", max_length=2, clear=OFFICE, codes=lists.MINISTER_TYPE
    )
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class BureauDirector(
    Group,
    title="歴代局長マスタ",
    en="Directors-general",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="bureau_director_master",
    plural="bureau_directors",
    cardinality=Cardinality.TABLE,
):
    """歴代局長マスタ."""

    bureau_director_code: Code = item("歴代局長コード", en="Code", max_length=3, clear=OFFICE, key=True)
    bureau_director_name_ja: str | None = item(
        "局長名（和名）", en="Name (Japanese)", max_length=50, clear=OFFICE
    )
    bureau_director_name_en: str | None = item(
        "局長名（英名）", en="Name (English)", max_length=100, clear=OFFICE
    )
    term_start: date | None = item("在位期間（開始）", en="In office from", clear=OFFICE)
    term_end: date | None = item("在位期間（終了）", en="In office until", clear=OFFICE)
    bureau_director_type_code: Code | None = item(
        "局長種別コード", en="Office", max_length=2, clear=OFFICE, codes=lists.BUREAU_DIRECTOR_TYPE
    )
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class School(
    Group,
    title="出身校マスタ情報",
    en="Schools",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="school_master",
    plural="schools",
    cardinality=Cardinality.TABLE,
):
    """出身校マスタ情報."""

    alma_mater_code: Code = item("出身校コード", en="Code", max_length=5, clear=OFFICE, key=True)
    alma_mater_name: str | None = item("出身校名", en="Name", max_length=200, clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class ChiefMedicalOfficer(
    Group,
    title="歴代医務技監マスタ情報",
    en="Chief medical officers",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="chief_medical_officer_master",
    plural="chief_medical_officers",
    cardinality=Cardinality.TABLE,
):
    """歴代医務技監マスタ情報."""

    chief_medical_officer_code: Code = item(
        "歴代医務技監コード", en="Code", max_length=3, clear=OFFICE, key=True
    )
    chief_medical_officer_name_ja: str | None = item(
        "医務技監名（和名）", en="Name (Japanese)", max_length=50, clear=OFFICE
    )
    chief_medical_officer_name_en: str | None = item(
        "医務技監名（英名）", en="Name (English)", max_length=100, clear=OFFICE
    )
    term_start: date | None = item("在位期間（開始）", en="In office from", clear=OFFICE)
    term_end: date | None = item("在位期間（終了）", en="In office until", clear=OFFICE)
    chief_medical_officer_type_code: Code | None = item(
        "医務技監種別コード", en="Office", max_length=2, clear=OFFICE, codes=lists.CHIEF_MEDICAL_OFFICER_TYPE
    )
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


class DispositionContent(
    Group,
    title="行政処分マスタ情報",
    en="Contents of dispositions",
    heading="",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="disposition_master",
    plural="disposition_contents",
    cardinality=Cardinality.TABLE,
):
    """行政処分マスタ: the lists of dietitians and pharmacists have it, without a heading."""

    disposition_content_code: Code = item(
        "行政処分内容コード", en="Code", max_length=2, clear=OFFICE, key=True
    )
    disposition_content: str | None = item("行政処分内容", en="Content", max_length=200, clear=OFFICE)
    remarks: str | None = item("備考", en="Remarks", max_length=1000, clear=OFFICE)
    created_terminal_no: str | None = item(
        "登録端末No", en="Entered at terminal", max_length=20, derived="audit trail"
    )
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")
    updated_terminal_no: str | None = item(
        "更新端末No", en="Changed at terminal", max_length=20, derived="audit trail"
    )
    updated_at: datetime | None = item("更新日時", en="Changed at", derived="audit trail")


CODE_TABLES = (
    LicenceType, Domicile, ExamSite, Reason, Minister, BureauDirector, School, ChiefMedicalOfficer,
)  # fmt: skip
"""The eight tables, in the order of the lists of the medical file."""


EVERY_TABLE = (*CODE_TABLES, DispositionContent)
"""Every code table that core keeps, whatever is installed."""


def masters(*tables: type[Group]) -> tuple[Placed, ...]:
    """The tables under the headings of lists that leave out 情報: 本籍地マスタ for 本籍地マスタ情報."""
    return tuple(headed(table, table.about.heading.removesuffix("情報")) for table in tables)
