"""Rows for the code tables of a new installation.

The office's own rows are not published. Prefectures, countries and examination sites are public facts under
codes of our choice; office holders and schools are samples, named so that nobody takes them for real ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from meibo.plugin import lists

Row = Mapping[str, object]
CodeRows = Mapping[str, Iterable[Row]]

LAST_YEAR = 2030
"""Office holders are made up to this year."""
SCHOOLS = 40
UNIFIED = date(2003, 10, 1)
"""The day on which a sample school took another name, as medical colleges did on joining universities."""

COUNTRIES = (
    ("036", "オーストラリア", "Australia", "豪"),
    ("104", "ミャンマー", "Myanmar", "緬"),
    ("156", "中国", "China", "中"),
    ("158", "台湾", "Taiwan", "台"),
    ("276", "ドイツ", "Germany", "独"),
    ("348", "ハンガリー", "Hungary", "洪"),
    ("356", "インド", "India", "印"),
    ("360", "インドネシア", "Indonesia", "尼"),
    ("410", "韓国", "Republic of Korea", "韓"),
    ("496", "モンゴル", "Mongolia", "蒙"),
    ("608", "フィリピン", "Philippines", "比"),
    ("704", "ベトナム", "Viet Nam", "越"),
    ("826", "英国", "United Kingdom", "英"),
    ("840", "米国", "United States of America", "米"),
)
"""Code (ISO 3166-1 numeric), Japanese, English, abbreviation."""
SITES = (
    ("01", "北海道"), ("02", "宮城県"), ("03", "東京都"), ("04", "新潟県"), ("05", "愛知県"),
    ("06", "石川県"), ("07", "大阪府"), ("08", "広島県"), ("09", "香川県"), ("10", "福岡県"),
    ("11", "熊本県"), ("12", "沖縄県"),
)  # fmt: skip
REASONS = (
    ("01", "101", "医師国家試験に合格", "合格"),
    ("01", "102", "再免許", "再免許"),
    ("02", "201", "婚姻・離婚等による氏名の変更", "氏名"),
    ("02", "202", "本籍地都道府県の変更", "本籍"),
    ("02", "203", "国籍の変更", "国籍"),
    ("02", "204", "生年月日の訂正", "生年月日"),
    ("02", "205", "性別の訂正", "性別"),
    ("02", "206", "旧姓・通称の併記", "併記"),
    ("03", "301", "免許証の亡失", "亡失"),
    ("03", "302", "免許証のき損・汚損", "き損"),
    ("04", "401", "本人の申請", "申請"),
    ("04", "402", "死亡", "死亡"),
    ("04", "403", "失踪宣告", "失踪"),
    ("04", "404", "免許の取消し", "取消し"),
    ("05", "501", "登録換", "登録換"),
    ("06", "601", "登録の誤り", "誤謬"),
    ("07", "701", "罰金以上の刑（医師法4条3号）", "刑"),
    ("07", "702", "医事に関する犯罪又は不正（医師法4条4号）", "不正"),
    ("07", "703", "医師としての品位を損する行為（医師法7条1項）", "品位"),
    ("08", "801", "失踪宣告の取消し", "失踪取消"),
    ("08", "802", "まっ消の誤り", "誤まっ消"),
    ("08", "803", "処分の取消し・変更", "処分取消"),
)
"""Processing category, code, reason, short form. 07 (disposition) and 08 (undoing) are our own categories."""


def code_rows() -> CodeRows:
    """Table key -> rows by item identifier, as the API takes them; `valid_from` is a row's first day."""
    return {
        "licence_type_master": [doctor()],
        "domicile_master": [*prefectures(), *countries()],
        "exam_site_master": [{"exam_site_code": code, "exam_site_name": name} for code, name in SITES],
        "reason_master": list(reasons()),
        "minister_master": list(office_holders("minister", "大臣", "Minister", date(1946, 4, 1), 5)),
        "bureau_director_master": list(
            office_holders("bureau_director", "局長", "Director-General", date(1946, 7, 1), 4)
        ),
        "school_master": list(schools()),
        "chief_medical_officer_master": list(
            office_holders("chief_medical_officer", "医務技監", "Chief Medical Officer", date(2017, 7, 11), 3)
        ),
    }


def doctor() -> Row:
    """The licence type of doctors."""
    return {
        "licence_type_code": "01",
        "register_roll_code": "01",
        "section_chief_code": "01",
        "licence_type_name_ja": "医師",
        "licence_type_name_en": "Doctor",
        "law_name_en": "Medical Practitioners' Act",
        "sequence_name": "doctor_registration_number",
    }


def prefectures() -> Iterator[Row]:
    """The domiciles of Japanese nationals."""
    for code, (ja, en) in lists.PREFECTURE.values.items():
        yield domicile(code, ja, en, ja if ja == "北海道" else ja[:-1], foreign=False)


def countries() -> Iterator[Row]:
    """The nationalities of some foreign nationals."""
    for code, ja, en, abbreviation in COUNTRIES:
        yield domicile(code, ja, en, abbreviation, foreign=True)


def domicile(code: str, ja: str, en: str, abbreviation: str, *, foreign: bool) -> Row:
    """A row of the domiciles."""
    return {
        "domicile_code": code,
        "domicile_name_ja": ja,
        "domicile_display_name_ja": ja,
        "domicile_name_en": en,
        "abbreviation": abbreviation,
        "foreign_flag": foreign,
    }


def reasons() -> Iterator[Row]:
    """Why an entry was made, changed or struck off."""
    for category, code, reason, short in REASONS:
        yield {
            "processing_category_code": category,
            "reason_code": code,
            "reason": reason,
            "reason_short": short,
        }


def office_holders(office: str, ja: str, en: str, first: date, years: int) -> Iterator[Row]:
    """Samples of those who sign certificates, each in office for some years from the day of the first."""
    for number, year in enumerate(range(first.year, LAST_YEAR, years), 1):
        yield {
            f"{office}_code": f"{number:03}",
            f"{office}_name_ja": f"見本{ja} 第{number}代",
            f"{office}_name_en": f"Sample {en} No. {number}",
            "term_start": first.replace(year=year).isoformat(),
            "term_end": (first.replace(year=year + years) - timedelta(days=1)).isoformat(),
            f"{office}_type_code": "01",
        }


def schools() -> Iterator[Row]:
    """Sample schools; the third took another name, so its code has two rows."""
    for number in range(1, SCHOOLS + 1):
        yield {"alma_mater_code": f"{number:05}", "alma_mater_name": f"見本第{number}医科大学"}
    yield {
        "alma_mater_code": "00003",
        "alma_mater_name": "見本総合大学医学部",
        "remarks": "大学統合による名称変更",
        "valid_from": UNIFIED.isoformat(),
    }
