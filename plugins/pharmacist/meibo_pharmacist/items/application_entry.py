"""Items 31-96: the application behind the entry as it stands.

It stands once: each act of the office makes a version, and each version keeps the application that led to it.
"""

from datetime import date, datetime

from meibo.plugin import Code, Group, Personal, item, lists
from meibo_pharmacist import code_lists
from meibo_pharmacist.items.parts import OFFICE_CODE, OFFICE_DATE, Acts, Addenda, Filing, Passed, Person


class _Head(Group):
    """Items 31-39."""

    entry_id: int | None = item("エントリーID", en="Application ID", max_length=12)
    parent_entry_id: int | None = item("親エントリーID", en="ID of the parent application", max_length=12)
    reception_number: str | None = item("受付番号", en="Number of receipt", max_length=20)
    registration_category_code: Code | None = item(
        "登録区分コード",
        en="Registration category",
        max_length=2,
        codes=code_lists.REGISTRATION_CATEGORY,
        clear=OFFICE_CODE,
    )
    registration_id: Personal[int | None] = item("登録ID", en="Entry ID", max_length=12)
    forwarding_prefecture_code: Code | None = item(
        "進達県コード",
        en="Forwarding prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear=OFFICE_CODE,
    )
    received_date: date | None = item("受付年月日", en="Date of receipt", clear=OFFICE_DATE)
    registration_number: Personal[str | None] = item("登録番号", en="Registration number", max_length=12)
    registration_date: Personal[date | None] = item("登録年月日", en="Date of registration")


class _Provisional(Group):
    """Item 59."""

    provisional_registration_date: date | None = item(
        "仮登録年月日", en="Date of provisional registration", clear=OFFICE_DATE
    )


class _Progress(Group):
    """Items 79-84: how far the office's work on it is."""

    hold_flag: bool | None = item("保留フラグ", en="On hold")
    held_at: datetime | None = item("保留日時", en="On hold since")
    provisional_completion_flag: bool | None = item("仮完了フラグ", en="Provisionally completed")
    error_flag: bool | None = item("エラーフラグ", en="In error")
    postcard_presence: bool | None = item("はがき有無", en="With the postcard of the registration notice")
    data_migration_flag: bool | None = item("データ移行フラグ", en="Brought over from the former system")


class PharmacistApplicationEntry(
    _Head,
    Passed,
    Person,
    _Provisional,
    Acts,
    _Progress,
    Filing,
    Addenda,
    title="エントリー情報",
    en="Application entry",
    heading="",
    purpose=("受け付けた申請の内容の記録", "keep the application as the office entered it"),
    source=("申請書、および事務処理の記録", "the application, and the office's work on it"),
    erasure="keep with the licence",
):
    """The application as it was entered."""
