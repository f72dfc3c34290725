"""The seven professions of the medical file: what differs, in a table, and a sound record of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from meibo.host import load_host
from meibo.plugin import Code, Group, Kana, PartialDate, Record
from meibo.professions.compiled import Profession

DAY = date(2020, 5, 1)


@dataclass(frozen=True)
class Facts:
    """What the tests know of a profession beside its declaration."""

    names: tuple[str, str]
    register: tuple[str, str]
    acts: tuple[str, str]
    since: date
    numbers: tuple[str, str, str]
    tax: int
    licence_type: str
    reasons: int
    suspension: tuple[str, int | None]
    reeducation: date | None = None
    reports: bool = False
    public: bool = False
    address: bool = False


NURSING = "保健師助産師看護師法"
NURSES = ("17", "29", "57の4")
STOP = ("業務の停止", 36)
TITLE = ("名称の使用の停止", None)
FACTS: dict[str, Facts] = {
    "doctor": Facts(
        ("医師", "Doctor"), ("医籍", "Register of doctors"), ("医師法", "医師法施行令"), date(1948, 10, 27),
        ("15", "27", "57の2"), 60_000, "01", 3, ("医業の停止", 36), date(2007, 4, 1), reports=True, public=True,
    ),
    "dentist": Facts(
        ("歯科医師", "Dentist"), ("歯科医籍", "Register of dentists"), ("歯科医師法", "歯科医師法施行令"),
        date(1948, 10, 27), ("16", "28", "57の3"), 60_000, "02", 3, ("歯科医業の停止", 36), date(2007, 4, 1),
        reports=True, public=True,
    ),
    "public_health_nurse": Facts(
        ("保健師", "Public health nurse"), ("保健師籍", "Register of public health nurses"),
        (NURSING, f"{NURSING}施行令"), date(1951, 9, 1), NURSES, 9_000, "03", 3, STOP, date(2008, 4, 1),
        address=True,
    ),
    "midwife": Facts(
        ("助産師", "Midwife"), ("助産師籍", "Register of midwives"), (NURSING, f"{NURSING}施行令"),
        date(1951, 9, 1), NURSES, 9_000, "04", 3, STOP, date(2008, 4, 1), address=True,
    ),
    "nurse": Facts(
        ("看護師", "Nurse"), ("看護師籍", "Register of nurses"), (NURSING, f"{NURSING}施行令"),
        date(1950, 9, 1), NURSES, 9_000, "05", 3, STOP, date(2008, 4, 1), address=True,
    ),
    "physical_therapist": Facts(
        ("理学療法士", "Physical therapist"), ("理学療法士名簿", "Register of physical therapists"),
        ("理学療法士及び作業療法士法", "理学療法士及び作業療法士法施行令"), date(1965, 8, 28),
        ("69", "87", "57の10"), 9_000, "06", 2, TITLE,
    ),
    "clinical_laboratory_technologist": Facts(
        ("臨床検査技師", "Clinical laboratory technologist"),
        ("臨床検査技師名簿", "Register of clinical laboratory technologists"),
        ("臨床検査技師等に関する法律", "臨床検査技師等に関する法律施行令"), date(1971, 1, 1),
        ("41", "52", "57の9"), 9_000, "07", 1, TITLE,
    ),
}  # fmt: skip
CODES = tuple(FACTS)
HOST = load_host(only=set(FACTS))


def sound(profession: Profession) -> Record:
    """A record that breaks no rule of any of the seven."""
    register = profession.groups["register"].type.of(
        registration_number="500001",
        registration_date=DAY,
        licence_type_code=Code("01"),
        passed_licence_type_code=Code("01"),
        received_date=date(2020, 4, 2),
        national_exam_year=2020,
        national_exam_pass_date=date(2020, 3, 16),
        domicile_code=Code("13"),
        family_name="見本",
        family_name_kana=Kana("ミホン"),
        given_name="花子",
        given_name_kana=Kana("ハナコ"),
        birth_date=PartialDate("1995-01-15"),
        sex_code=Code("2"),
    )
    groups: dict[str, Group] = {**profession.empty().groups, "register": register}
    if "practice_report" in groups:
        reported = {"address": "東京都見本市1-1", "main_workplace_name": "見本病院"}
        groups["practice_report"] = groups["practice_report"].with_values(reported)
    return Record(groups)


def changed(record: Record, changes: Mapping[str, object]) -> Record:
    """The record with items changed by path, such as `register.given_name`."""
    groups: dict[str, Group] = dict(record.groups)
    for path, value in changes.items():
        key, _, name = path.partition(".")
        groups[key] = groups[key].with_values({name: value})
    return Record(groups)
