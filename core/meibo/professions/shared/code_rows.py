"""Rows for the code tables of a new installation: what many professions share, and shapes for their own.

The office's own rows are not published. Prefectures, countries and examination sites are public facts under
codes of our choice; office holders and schools are samples, named so that nobody takes them for real ones.
Plugins may hand in the same row; core refuses rows that differ under one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from meibo.items.shared import lists

Row = Mapping[str, object]
CodeRows = Mapping[str, Iterable[Row]]

LAST_YEAR = 2030
"""Office holders are made up to this year."""
SCHOOLS = 40
UNIFIED = date(2003, 10, 1)
"""The day on which a sample school took another name, as colleges did on joining universities."""

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
    ("01", "101", "国家試験に合格", "合格"),
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
    ("08", "801", "失踪宣告の取消し", "失踪取消"),
    ("08", "802", "まっ消の誤り", "誤まっ消"),
    ("08", "803", "処分の取消し・変更", "処分取消"),
)
"""Processing category, code, reason, short form. 07 (disposition), 08 (undoing) are categories of our own; the
reasons of 07 rest on each profession's act."""


def rows(*, licence_types: Iterable[Row], reasons: Iterable[Row] = ()) -> CodeRows:
    """Table key -> rows by item identifier, as the API takes them; `valid_from` is a row's first day."""
    return {
        "licence_type_master": list(licence_types),
        "domicile_master": list(domiciles()),
        "exam_site_master": [{"exam_site_code": code, "exam_site_name": name} for code, name in SITES],
        "reason_master": [*(reason(*each) for each in REASONS), *reasons],
        "minister_master": list(office_holders("minister", "大臣", "Minister", date(1946, 4, 1), 5)),
        "bureau_director_master": list(
            office_holders("bureau_director", "局長", "Director-General", date(1946, 7, 1), 4)
        ),
        "school_master": list(schools()),
        "chief_medical_officer_master": list(
            office_holders("chief_medical_officer", "医務技監", "Chief Medical Officer", date(2017, 7, 11), 3)
        ),
    }


def dispositions(*contents: tuple[str, str]) -> list[Row]:
    """The contents of dispositions, by code."""
    return [{"disposition_content_code": code, "disposition_content": content} for code, content in contents]


def licence_type(code: str, ja: str, en: str, *, law: str, sequence: str) -> Row:
    """A licence type: its code, names, the act's English name, and the number sequence."""
    return {
        "licence_type_code": code,
        "register_roll_code": code,
        "section_chief_code": "01",
        "licence_type_name_ja": ja,
        "licence_type_name_en": en,
        "law_name_en": law,
        "sequence_name": sequence,
    }


def reason(category: str, code: str, text: str, short: str) -> Row:
    """Why an entry was made, changed or struck off."""
    return {
        "processing_category_code": category,
        "reason_code": code,
        "reason": text,
        "reason_short": short,
    }


def domiciles() -> Iterator[Row]:
    """The domiciles of Japanese nationals, and the nationalities of some foreign nationals."""
    for code, (ja, en) in lists.PREFECTURE.values.items():
        yield _domicile(code, ja, en, ja if ja == "北海道" else ja[:-1], foreign=False)
    for code, ja, en, abbreviation in COUNTRIES:
        yield _domicile(code, ja, en, abbreviation, foreign=True)


def _domicile(code: str, ja: str, en: str, abbreviation: str, *, foreign: bool) -> Row:
    return {
        "domicile_code": code,
        "domicile_name_ja": ja,
        "domicile_display_name_ja": ja,
        "domicile_name_en": en,
        "abbreviation": abbreviation,
        "foreign_flag": foreign,
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
        yield {"alma_mater_code": f"{number:05}", "alma_mater_name": f"見本第{number}大学"}
    yield {
        "alma_mater_code": "00003",
        "alma_mater_name": "見本総合大学",
        "remarks": "大学統合による名称変更",
        "valid_from": UNIFIED.isoformat(),
    }
