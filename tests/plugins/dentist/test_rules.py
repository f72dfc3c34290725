"""The rule of the dentists' report alone."""

from __future__ import annotations

from datetime import date

from meibo.plugin import Code, PartialDate
from tests.plugins.medical.cases import Case, check
from tests.plugins.medical.professions import DAY, HOST, changed, sound

REPORT = {
    "practice_report.birth_date": PartialDate("1995-01-15"),
    "practice_report.sex_code": Code("2"),
    "practice_report.registration_number": "500001",
    "practice_report.registration_date": DAY,
}
OTHER = {
    "practice_report.birth_date": PartialDate("1995-01-16"),
    "practice_report.sex_code": Code("1"),
    "practice_report.registration_number": "500002",
    "practice_report.registration_date": date(2020, 5, 2),
}
DENTIST = HOST["dentist"]


def test_a_report_tells_of_its_own_entry() -> None:
    check(DENTIST, Case("report_of_this_entry", REPORT, OTHER, tuple(OTHER)))


def test_a_correction_leaves_the_report_that_stood_before() -> None:
    before = changed(sound(DENTIST), REPORT)
    after = changed(before, {"register.birth_date": PartialDate("1995-01-16")})
    assert DENTIST.findings(after, before, "correct", DAY) == []
    found = DENTIST.findings(changed(after, {"practice_report.remarks": "新"}), before, "correct", DAY)
    assert [f.path for f in found] == [("practice_report", "birth_date")]
