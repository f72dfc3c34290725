"""The rules of registered dietitians, each citing the law or the items that it rests on."""

from meibo.plugin import names
from meibo_dietitian.rules import entry, exam, practice

RULES = (
    exam.exam_dates,
    exam.licence_date_of_holders,
    exam.course_of_category_1,
    exam.school_before_licence,
    exam.age_agrees,
    exam.previous_exam_whole,
    exam.previous_exam_before,
    practice.practice_dates,
    practice.practice_of_categories_2_to_9,
    practice.practice_in_order,
    practice.practice_after_licence,
    practice.practice_long_enough,
    practice.practice_total_counted,
    entry.born_first,
    entry.qualified_first,
    entry.issued_after_registration,
    entry.same_person,
    entry.licensed_as_dietitian,
    entry.reason_with_date,
    entry.number_stays,
    names.given_name_kana("dietitian"),
)
