"""A reply of the resident-record network (本人確認情報照会結果ファイル): 43 items, request then result."""

from datetime import date

from meibo.items.declaration import Cardinality, Group, Personal, item
from meibo.items.kinds import Code, Kana
from meibo.items.shared import lists
from meibo.values.dates import PartialDate
from meibo.values.numbers import IndividualNumber, ResidentCode


class ResidentRecord(
    Group,
    title="本人確認情報照会結果ファイル",
    en="Resident-record replies",
    purpose=(
        "名簿登録者の生存、氏名および住所の確認",
        "confirm that a holder lives, and under which name and address",
    ),
    source=("住民基本台帳ネットワークシステム", "resident-record network"),
    erasure="keep with the licence",
    plural="resident_records",
    cardinality=Cardinality.MANY,
):
    """What was asked and what came back; numbers are shown as a status."""

    request_record_number: int | None = item("要求レコード番号", en="Number of the request", max_length=10)
    provision_affairs_category: Code | None = item(
        "提供事務区分", en="Affair for which records are given", codes=lists.PROVISION_AFFAIRS_CATEGORY
    )
    number_provision_affairs_category: Code | None = item(
        "個人番号提供事務区分",
        en="Affair for which numbers are given",
        codes=lists.PROVISION_AFFAIRS_CATEGORY,
    )
    subject_identification: Personal[str | None] = item(
        "対象者識別情報", en="Subject: the asking system's key", max_length=64
    )
    inquiry_period_start: date | None = item("照会対象期間（開始年月日）", en="Period asked for: first day")
    inquiry_period_end: date | None = item("照会対象期間（終了年月日）", en="Period asked for: last day")
    inquiry_base_date: date | None = item("照会基準日", en="Day asked for")
    include_removed_residents: bool | None = item("消除者の要否", en="Include residents struck off")
    subject_resident_code: Personal[ResidentCode | None] = item(
        "対象者住民票コ－ド", en="Subject: resident code"
    )
    subject_full_name_kanji: Personal[str | None] = item(
        "対象者氏名（漢字）", en="Subject: name (kanji)", max_length=100
    )
    subject_full_name_kana: Personal[Kana | None] = item(
        "対象者氏名（かな）", en="Subject: name (kana)", max_length=100
    )
    subject_birth_date: Personal[PartialDate | None] = item("対象者生年月日", en="Subject: date of birth")
    subject_sex: Personal[Code | None] = item("対象者性別", en="Subject: sex", codes=lists.SEX)
    subject_address: Personal[str | None] = item("対象者住所", en="Subject: address", max_length=200)
    subject_municipality_code: Personal[Code | None] = item(
        "対象者住所（市町村コード）", en="Subject: municipality", codes=lists.MUNICIPALITY
    )
    subject_individual_number: Personal[IndividualNumber | None] = item(
        "対象者個人番号", en="Subject: individual number"
    )
    request_reserved: str | None = item("予備", en="Reserved (request)", max_length=100)
    processing_result_code: Code | None = item(
        "処理結果コード", en="Result of processing", codes=lists.PROCESSING_RESULT
    )
    result_record_count: int | None = item("照会結果レコード数", en="Records found", max_length=5)
    result_record_sequence: int | None = item(
        "照会結果レコード連番", en="Place among the records found", max_length=5
    )
    matched_items: Code | None = item("照会一致項目", en="Items that match", codes=lists.MATCHED_ITEMS)
    movement_presence: Personal[Code | None] = item(
        "異動有無", en="Whether there was a movement", codes=lists.MOVEMENT_PRESENCE
    )
    living_status: Personal[Code | None] = item("生存状況", en="Life status", codes=lists.LIVING_STATUS)
    change_status: Personal[Code | None] = item(
        "変更状況", en="Whether there was a change", codes=lists.CHANGE_STATUS
    )
    resident_code: Personal[ResidentCode | None] = item("住民票コ－ド", en="Resident code")
    full_name_kanji: Personal[str | None] = item("氏名（漢字）", en="Name (kanji)", max_length=100)
    full_name_kana: Personal[Kana | None] = item("氏名（かな）", en="Name (kana)", max_length=100)
    birth_date: Personal[PartialDate | None] = item("生年月日", en="Date of birth")
    sex: Personal[Code | None] = item("性別", en="Sex", codes=lists.SEX)
    address: Personal[str | None] = item("住所", en="Address", max_length=200)
    individual_number: Personal[IndividualNumber | None] = item("個人番号", en="Individual number")
    movement_reason: Personal[Code | None] = item(
        "異動事由", en="Reason of the movement", codes=lists.MOVEMENT_REASON
    )
    movement_date: Personal[date | None] = item("異動年月日", en="Date of the movement")
    name_gaiji_count: Personal[int | None] = item(
        "外字情報（氏名外字数）", en="Characters outside the standard set: name", max_length=2
    )
    address_gaiji_count: Personal[int | None] = item(
        "外字情報（住所外字数）", en="Characters outside the standard set: address", max_length=2
    )
    gaiji_record_count: int | None = item(
        "外字データレコード数", en="Records of characters outside the standard set", max_length=3
    )
    municipality_code: Personal[Code | None] = item(
        "市町村コード", en="Municipality", codes=lists.MUNICIPALITY
    )
    non_participating_body_flag: bool | None = item(
        "不参加団体対象フラグ", en="Municipality outside the network"
    )
    search_pattern_number: Code | None = item(
        "検索パターン番号", en="Search pattern", codes=lists.SEARCH_PATTERN
    )
    former_surname_kanji: Personal[str | None] = item(
        "旧氏（漢字）", en="Former surname (kanji)", max_length=100
    )
    former_surname_kana: Personal[Kana | None] = item(
        "旧氏（かな）", en="Former surname (kana)", max_length=100
    )
    former_surname_gaiji_count: Personal[int | None] = item(
        "旧氏外字数", en="Characters outside the standard set: former surname", max_length=2
    )
    result_reserved: str | None = item("予備", en="Reserved (result)", max_length=100)
