"""Items 153-228: views over what core keeps anyway. An item that names no source shows the register's own."""

from datetime import date

from meibo.plugin import Code, Group, Personal, item, lists
from meibo_pharmacist import code_lists
from meibo_pharmacist.items.parts import Acts, Addenda, Filing, Passed, Person, RegisterHead


class _Measure(Group):
    """Items 153-161."""

    record_identification_number: Personal[int | None] = item(
        "レコード識別番号", en="Place among the holder's dispositions", max_length=12, derived="number"
    )
    registration_id: Personal[int | None] = item("登録ID", en="Entry ID", max_length=12)
    disposition_date: Personal[date | None] = item(
        "行政処分年月日", en="Date of the order", derived="ordered_date"
    )
    disposition_code: Personal[Code | None] = item(
        "行政処分コード", en="Disposition", max_length=2, codes=lists.DISPOSITION, derived="kind"
    )
    disposition_period_start: Personal[date | None] = item(
        "行政処分内容（開始期間）", en="First day", derived="start_date"
    )
    disposition_period_end: Personal[date | None] = item(
        "行政処分内容（終了期間）", en="Last day", derived="end_date"
    )
    disposition_period_years: Personal[int | None] = item(
        "行政処分期間（年）", en="Period: whole years", max_length=2, derived="years"
    )
    disposition_period_months: Personal[int | None] = item(
        "行政処分期間（月）", en="Period: further whole months", max_length=2, derived="months"
    )
    disposition_document_number: Personal[str | None] = item(
        "行政処分内容（発簡番号）", en="Number of the order", max_length=50, derived="order_number"
    )


class PharmacistDisposition(
    _Measure,
    Filing,
    title="行政処分情報",
    en="Dispositions, as the official list has them",
    heading="",
    purpose=("行政処分の把握（薬剤師法8条）", "know which measures stand against the holder (薬剤師法8条)"),
    source=("本システムの行政処分の記録", "core's own record of dispositions"),
    erasure="keep with the licence",
    plural="disposition_records",
    view="dispositions",
):
    """A measure. The filing items (162-164) are the entry's own: core's record has none of them."""

    remarks: Personal[str | None] = item(
        "備考", en="Remarks", max_length=1000, multiline=True, derived="remarks"
    )
    reeducation_completion_registered_date: Personal[date | None] = item(
        "再教育研修終了登録日",
        en="Re-education: completion registered on",
        derived="reeducation_completed_date",
    )
    reeducation_order_registered_date: Personal[date | None] = item(
        "再教育研修命令登録日", en="Re-education: order registered on", derived="reeducation_ordered_date"
    )
    disposition_status_code: Personal[Code | None] = item(
        "行政処分ステータスコード",
        en="Status",
        max_length=2,
        codes=code_lists.DISPOSITION_STATUS,
        derived="reeducation_status",
    )


class _Place(Group):
    """Item 213."""

    sort_order: int | None = item("ソート順", en="Place in the history", max_length=10, derived="number")


class PharmacistRegisterHistory(
    RegisterHead,
    Passed,
    Person,
    Acts,
    _Place,
    Filing,
    Addenda,
    title="名簿履歴情報",
    en="Register history",
    heading="",
    purpose=("登録内容の履歴の表示", "show what the entry was before"),
    source=("登録の各版", "the versions of the licence"),
    erasure="keep with the licence",
    plural="register_history",
    view="history",
):
    """The entry at each of its versions."""


class PharmacistDailyCount(
    Group,
    title="日次件数情報",
    en="Daily counts",
    heading="",
    purpose=("日ごとの登録件数の把握", "know how many entries were made on which day"),
    source=("名簿", "the register"),
    erasure=("保存しない", "nothing is kept"),
    plural="daily_counts",
    view="daily_count",
):
    """How many entries of a category were made on one day."""

    registration_day: date | None = item(
        "登録日付", en="Day of registration", derived="register.registration_date"
    )
    registration_category_code: Code | None = item(
        "登録区分コード", en="Registration category", max_length=2, codes=code_lists.REGISTRATION_CATEGORY
    )
    processed_count: int | None = item("処理件数", en="Number of entries", max_length=6, derived="count")
