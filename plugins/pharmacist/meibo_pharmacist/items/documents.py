"""Items 229-240: what was printed, and the images of papers. Both come from outside: another system prints, and
the images lie in a store of objects. A licence gathers them as rows, never changed."""

from datetime import date

from meibo.plugin import Cardinality, Code, File, Group, Personal, item
from meibo_pharmacist import code_lists


class PharmacistDocumentPrint(
    Group,
    title="帳票印刷情報",
    en="Prints of documents",
    heading="",
    purpose=("免許証等の印刷の時期と順序の管理", "know which document was printed when, in which order"),
    source=("印刷システム", "the printing system"),
    erasure="keep with the licence",
    plural="document_prints",
    cardinality=Cardinality.MANY,
):
    """One print of a document."""

    entry_id: int | None = item("エントリーID", en="Application ID", max_length=12)
    form_code: Code | None = item("帳票コード", en="Form", max_length=4, codes=code_lists.FORM)
    record_identification_number: int | None = item("レコード識別NO", en="Record number", max_length=12)
    disposition_identification_number: Personal[int | None] = item(
        "行政処分識別番号", en="Number of the disposition", max_length=12
    )
    reeducation_issue_date: Personal[date | None] = item(
        "再教育交付年月日", en="Re-education: certificate issued on"
    )
    process_code: Code | None = item("処理コード", en="Process", max_length=2, codes=code_lists.PROCESS)
    issue_display_order: int | None = item("交付表示順", en="Place in the list of issues", max_length=6)
    status_code: Code | None = item(
        "ステータスコード", en="Status", max_length=2, codes=code_lists.DOCUMENT_STATUS
    )


class PharmacistImage(
    Group,
    title="画像情報",
    en="Images of papers",
    heading="",
    purpose=("登録の根拠となる書類の表示", "show the papers that an entry rests on"),
    source=("スキャンシステム", "the scanning system"),
    erasure="keep with the licence",
    plural="images",
    cardinality=Cardinality.MANY,
):
    """One image: its name and digest; the image itself lies in a store of objects."""

    record_id: int | None = item("ID", en="Record number", max_length=12)
    registration_category_code: Code | None = item(
        "登録区分コード", en="Registration category", max_length=2, codes=code_lists.REGISTRATION_CATEGORY
    )
    registration_number: Personal[str | None] = item("登録番号", en="Registration number", max_length=12)
    image_path: Personal[File | None] = item("画像パス", en="Image")
