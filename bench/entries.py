"""Synthetic doctors in any number, quickly: 60 items filled and an individual number, the same for the same count.

The demo's holders are drawn one by one and judged by the rules; these follow one pattern that is sound. Their numbers
are of the obvious pattern 9999 0000000, with the check digit.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FIRST_NUMBER = 1_000_000
FAMILY = (
    ("見本", "ミホン"), ("仮名", "カメイ"), ("例示", "レイジ"), ("試験", "シケン"), ("架空", "カクウ"),
    ("模擬", "モギ"), ("雛形", "ヒナガタ"), ("標本", "ヒョウホン"),
)  # fmt: skip
GIVEN = (
    ("一郎", "イチロウ"), ("花子", "ハナコ"), ("二郎", "ジロウ"), ("桜", "サクラ"), ("三郎", "サブロウ"),
    ("楓", "カエデ"), ("四郎", "シロウ"), ("葵", "アオイ"),
)  # fmt: skip
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
ALIKE = {
    "licence_type_code": "01", "national_exam_round": "112", "exam_site_code": "09", "minister_code": "015",
    "register_correction_date": "2021-04-17", "register_correction_reason_code": "201",
    "register_correction_reason_text": "氏名の変更", "reissue_date": "2021-10-06", "reissue_reason_code": "301",
    "reissue_reason_text": "亡失", "alma_mater_code": "00026", "record_count": "1", "processing_category_code": "02",
    "entry_category_code": "1", "fine_category": "0", "remarks_1": "見本データ",
    "passed_licence_type_code": "01", "memo": "実在しない人物です。", "chief_medical_officer_code": "001",
    "email_use_consent": "1", "practice_type": "03", "main_workplace_working_days": "5",
    "main_workplace_duty_count": "1", "employment_form": "1", "main_duties": "02", "leave_taken": "0",
    "secondary_workplace_working_days": "1", "secondary_workplace_duty_count": "2",
    "secondary_workplace_count": "1", "clinical_departments": "38",
    "advertisable_specialty_qualifications": "01", "handles_childbirth": "0",
    "regional_quota_service_required": "0", "practice_report_use_consent": "0", "remarks": "見本データ",
}  # fmt: skip


def write_doctors(path: Path, count: int, first: int = 0) -> None:
    """A file of so many doctors, from the first-th on."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for place, row in enumerate(doctors(count, first)):
            if not place:
                writer.writerow(row)
            writer.writerow(row.values())


def doctors(count: int, first: int = 0) -> Iterator[dict[str, str]]:
    """Their rows, as a file to import has them."""
    return (_doctor(index) for index in range(first, first + count))


def _doctor(index: int) -> dict[str, str]:
    draw = random.Random(index)  # noqa: S311 - The same doctors every time.
    family, given = draw.choice(FAMILY), draw.choice(GIVEN)
    registered = date(2015, 4, 1) + timedelta(days=draw.randrange(2000))
    passed = registered - timedelta(days=30)
    prefecture = f"{draw.randrange(1, 48):02}"
    address = f"東京都見本市{draw.randrange(1, 10)}丁目{draw.randrange(1, 100)}-{draw.randrange(1, 100)}"
    return ALIKE | {
        "registration_id": str(index), "registration_number": str(FIRST_NUMBER + index),
        "forwarding_prefecture_code": prefecture, "received_date": (registered - timedelta(days=20)).isoformat(),
        "registration_date": registered.isoformat(), "exam_number": str(10_000 + index % 90_000),
        "national_exam_year": str(passed.year),
        "national_exam_pass_date": passed.isoformat(), "domicile_code": prefecture,
        "family_name": family[0], "given_name": given[0], "family_name_kana": family[1],
        "given_name_kana": given[1], "former_family_name": "旧姓", "former_family_name_kana": "キュウセイ",
        "birth_date": (date(1960, 1, 1) + timedelta(days=draw.randrange(10_000))).isoformat(),
        "sex_code": draw.choice("12"), "address": address, "phone_number": f"000-{index % 10_000:04}-0000",
        "email_address": f"holder{index}@example.jp", "main_workplace_name": f"見本{index % 977}病院",
        "main_workplace_phone": "000-0000-0000", "main_workplace_address": address,
        "secondary_workplace_name": f"見本{index % 877}診療所", "secondary_workplace_address": address,
        "individual_number": individual_number(index),
    }  # fmt: skip


def individual_number(index: int) -> str:
    """The index-th number of the pattern."""
    body = f"9999{index:07}"
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11
    return f"{body}{0 if rest <= 1 else 11 - rest}"
