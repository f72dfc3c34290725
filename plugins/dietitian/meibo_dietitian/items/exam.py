"""Items 3-46 and 183: the application for the national examination. Dates are kept as four items, as printed."""

from meibo.plugin import Cardinality, Code, Era, Group, Kana, Personal, Phone, item, lists
from meibo_dietitian import code_lists

HOLDERS_ONLY = "※既取得者のみ"
CATEGORY_1 = "※学校区分コード1該当者のみ"
CATEGORIES_2_TO_9 = "※学校区分コード２～９該当者のみ"
EACH_FACILITY = f"（実務施設１箇所ごとに作成） / {CATEGORIES_2_TO_9}"


class DietitianExam(
    Group,
    title="国家試験の願書",
    en="Examination",
    heading="",
    purpose=(
        "国家試験の受験資格および免許の審査（栄養士法5条の3）",
        "decide who may sit the national examination and be licensed (栄養士法5条の3)",
    ),
    source="application for the national examination",
    erasure="keep with the licence",
    key="exam",
):
    """Items 3-31: who applied, from which school, and the licence as a dietitian (栄養士)."""

    exam_round: int | None = item("試験回（数値）", en="Round", max_length=3)
    exam_fiscal_year: int | None = item("試験実施年度（西暦）（数値）", en="Fiscal year", max_length=4)
    desired_exam_site_code: Code | None = item(
        "受験希望地（数値）", en="Site wished for", max_length=2, codes=lists.EXAM_SITE
    )
    reference_number: Personal[str | None] = item("整理番号（数値）", en="Reference number", max_length=10)
    full_name_kana: Personal[Kana | None] = item("氏名（カナ）", en="Name (kana)", max_length=100)
    full_name_kanji: Personal[str | None] = item("漢字氏名", en="Name (kanji)", max_length=100)
    sex: Personal[Code | None] = item("性別", en="Sex", max_length=1, codes=lists.SEX)
    birth_date_era: Personal[Era | None] = item("生年月日（元号）", en="Date of birth: era")
    birth_date_year: Personal[int | None] = item("生年月日（年）", en="Date of birth: year", max_length=2)
    birth_date_month: Personal[int | None] = item("生年月日（月）", en="Date of birth: month", max_length=2)
    birth_date_day: Personal[int | None] = item("生年月日（日）", en="Date of birth: day", max_length=2)
    age: Personal[int | None] = item("年齢", en="Age", max_length=3)
    domicile_or_nationality_code: Personal[Code | None] = item(
        "本籍地（国籍）のコード（数値）", en="Domicile or nationality", max_length=3, codes=lists.DOMICILE
    )
    school_category_code: Code | None = item(
        "学校区分コード（数値）", en="School: category", max_length=1, codes=code_lists.SCHOOL_CATEGORY
    )
    school_code: Code | None = item("学校コード（数値）", en="School", max_length=5, codes=code_lists.SCHOOL)
    graduation_category: Code | None = item(
        "卒業区分", en="Graduation: state", max_length=1, codes=code_lists.GRADUATION
    )
    graduation_era: Personal[Era | None] = item("卒業（見込）年月（元号）（数値）", en="Graduation: era")
    graduation_year: Personal[int | None] = item(
        "卒業（見込）年月（年）（数値）", en="Graduation: year", max_length=2
    )
    graduation_month: Personal[int | None] = item(
        "卒業（見込）年月（月）（数値）", en="Graduation: month", max_length=2
    )
    graduation_day: Personal[int | None] = item(
        "卒業（見込）年月（日）（数値）", en="Graduation: day", max_length=2
    )
    current_address: Personal[str | None] = item("現住所", en="Address", max_length=200)
    phone_number: Personal[Phone | None] = item("電話番号（数値）", en="Telephone", max_length=15)
    nutritionist_licence_status: Code | None = item(
        "栄養士免許取得状況（既取得：1、取得見込：2）",
        en="Licence as dietitian: state",
        max_length=1,
        codes=code_lists.LICENCE_STATUS,
    )
    nutritionist_licence_date_era: Personal[Era | None] = item(
        "栄養士免許取得年月日（元号）（数値）", en="Licence as dietitian: era", note=HOLDERS_ONLY
    )
    nutritionist_licence_date_year: Personal[int | None] = item(
        "栄養士免許取得年月日（年）（数値）", en="Licence as dietitian: year", note=HOLDERS_ONLY, max_length=2
    )
    nutritionist_licence_date_month: Personal[int | None] = item(
        "栄養士免許取得年月日（月）（数値）",
        en="Licence as dietitian: month",
        note=HOLDERS_ONLY,
        max_length=2,
    )
    nutritionist_licence_date_day: Personal[int | None] = item(
        "栄養士免許取得年月日（日）（数値）", en="Licence as dietitian: day", note=HOLDERS_ONLY, max_length=2
    )
    dietitian_course_completed: bool | None = item(
        "管理栄養士養成課程履修の有無", en="Course for registered dietitians taken", note=CATEGORY_1
    )
    recognised_nutrition_major_completed: bool | None = item(
        "学位授与機構の認定する栄養学に関する専攻科の履修",
        en="Nutrition major recognised by the degree institution taken",
        note="※該当者のみ",
    )


class PracticePeriod(
    Group,
    title="実務期間",
    en="Practice periods",
    heading="",
    purpose=(
        "国家試験の受験資格の審査（栄養士法5条の3）",
        "decide who may sit the national examination (栄養士法5条の3)",
    ),
    source="application for the national examination",
    erasure="keep with the licence",
    key="practice_periods",
    cardinality=Cardinality.LIST,
):
    """Items 32-39: a row for each facility of practice."""

    practice_start_era: Personal[Era | None] = item(
        "実務期間（開始）（元号）", en="Start: era", note=EACH_FACILITY
    )
    practice_start_year: Personal[int | None] = item(
        "実務期間（開始）（年）", en="Start: year", note=EACH_FACILITY, max_length=2
    )
    practice_start_month: Personal[int | None] = item(
        "実務期間（開始）（月）", en="Start: month", note=EACH_FACILITY, max_length=2
    )
    practice_start_day: Personal[int | None] = item(
        "実務期間（開始）（日）", en="Start: day", note=EACH_FACILITY, max_length=2
    )
    practice_end_era: Personal[Era | None] = item(
        "実務期間（終了）（元号）", en="End: era", note=EACH_FACILITY
    )
    practice_end_year: Personal[int | None] = item(
        "実務期間（終了）（年）", en="End: year", note=EACH_FACILITY, max_length=2
    )
    practice_end_month: Personal[int | None] = item(
        "実務期間（終了）（月）", en="End: month", note=EACH_FACILITY, max_length=2
    )
    practice_end_day: Personal[int | None] = item(
        "実務期間（終了）（日）", en="End: day", note=EACH_FACILITY, max_length=2
    )


class PracticeTotal(
    Group,
    title="国家試験の願書",
    en="Examination",
    heading="",
    purpose=(
        "国家試験の受験資格および免許の審査（栄養士法5条の3）",
        "decide who may sit the national examination and be licensed (栄養士法5条の3)",
    ),
    source="application for the national examination",
    erasure="keep with the licence",
    part_of=DietitianExam,
):
    """Items 40-46: practice in all, and the examination sat before."""

    practice_total_status: Code | None = item(
        "実務期間合計（終了、見込）（数値）",
        en="Practice in all: state",
        note=CATEGORIES_2_TO_9,
        max_length=1,
        codes=code_lists.PRACTICE_TOTAL,
    )
    practice_total_years: int | None = item(
        "実務期間合計（年）（数値）", en="Practice in all: years", note=CATEGORIES_2_TO_9, max_length=2
    )
    practice_total_months: int | None = item(
        "実務期間合計（ヶ月）（数値）", en="Practice in all: months", note=CATEGORIES_2_TO_9, max_length=2
    )
    previous_exam_name: Personal[str | None] = item(
        "前回受験時の氏名", en="Examination before: name", max_length=100
    )
    previous_exam_round: int | None = item(
        "前回受験時の試験回（数値）", en="Examination before: round", max_length=3
    )
    previous_exam_site_code: Code | None = item(
        "前回受験時の試験地（数値）", en="Examination before: site", max_length=2, codes=lists.EXAM_SITE
    )
    previous_exam_number: Personal[str | None] = item(
        "前回受験時の受験番号（数値）", en="Examination before: examinee number", max_length=10
    )


class ExamNumber(
    Group,
    title="国家試験の願書",
    en="Examination",
    heading="",
    purpose=(
        "国家試験の受験資格および免許の審査（栄養士法5条の3）",
        "decide who may sit the national examination and be licensed (栄養士法5条の3)",
    ),
    source="application for the national examination",
    erasure="keep with the licence",
    part_of=DietitianExam,
):
    """Item 183, which the list prints alone at its end."""

    exam_number: Personal[str | None] = item("受験番号", en="Examinee number", max_length=10)
