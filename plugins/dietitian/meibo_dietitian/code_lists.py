"""Code lists of dietitians alone. `open=True` marks those whose official values are not published."""

from meibo.plugin import CodeList

SCHOOL_CATEGORY = CodeList(
    "school_category",
    {
        "1": ("管理栄養士養成施設", "Training facility for registered dietitians"),
        "2": ("栄養士養成施設（修業年限2年）", "Training facility for dietitians, two years"),
        "3": ("栄養士養成施設（修業年限3年）", "Training facility for dietitians, three years"),
        "4": ("栄養士養成施設（修業年限4年）", "Training facility for dietitians, four years"),
    },
    open=True,
)
"""The list says what 1 and 2 to 9 mean for other items; names of 2 to 4 follow 栄養士法5条の3."""
SCHOOL = CodeList("school", open=True)
GRADUATION = CodeList(
    "graduation_category", {"1": ("卒業", "Graduated"), "2": ("卒業見込", "Expected")}, open=True
)
LICENCE_STATUS = CodeList(
    "nutritionist_licence_status", {"1": ("既取得", "Held"), "2": ("取得見込", "Expected")}
)
"""Item 25 prints the values."""
PRACTICE_TOTAL = CodeList(
    "practice_total_status", {"1": ("終了", "Completed"), "2": ("見込", "Expected")}, open=True
)
QUALIFICATION_TYPE = CodeList("registered_qualification_type", open=True)
APPLICATION = CodeList(
    "application_category",
    {
        "01": ("新規登録", "Registration"),
        "02": ("名簿訂正", "Correction"),
        "03": ("再交付", "Reissue"),
        "04": ("抹消", "Erasure"),
        "06": ("誤謬訂正", "Error of the office"),
    },
    open=True,
)
HISTORY = CodeList("history_category", open=True)
