"""The rule of midwives alone."""

from __future__ import annotations

from meibo.plugin import Code
from tests.plugins.medical.cases import Case, check
from tests.plugins.medical.professions import DAY, HOST, changed, sound

MALE = {"register.sex_code": Code("1")}


def test_women_are_registered() -> None:
    unknown = {"register.sex_code": Code("9")}
    check(HOST["midwife"], Case("women", unknown, MALE, ("register.sex_code",)))


def test_a_correction_is_free() -> None:
    record = sound(HOST["midwife"])
    assert HOST["midwife"].findings(changed(record, MALE), record, "correct", DAY) == []
