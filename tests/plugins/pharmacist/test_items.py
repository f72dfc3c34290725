"""Where the pharmacists' items lie, and what their views show."""

from __future__ import annotations

from itertools import groupby

import pytest

from meibo.host import load_host
from meibo.items.kinds import Storage
from meibo.professions.compiled import Profession
from meibo.register.tables import profession_tables

SPANS = {
    "identity": (1, 2),
    "exam": (3, 30),
    "application_entry": (31, 96),
    "register": (97, 152),
    "disposition": (153, 168),
    "register_history": (169, 225),
    "daily_count": (226, 228),
    "document_print": (229, 236),
    "image": (237, 240),
    "licence_type_master": (241, 252),
    "domicile_master": (253, 263),
    "exam_site_master": (264, 270),
    "reason_master": (271, 279),
    "minister_master": (280, 290),
    "bureau_director_master": (291, 301),
    "school_master": (302, 308),
    "chief_medical_officer_master": (309, 319),
    "disposition_master": (320, 326),
    "resident_record": (327, 369),
    "family_register": (370, 385),
    "numbers": (386, 387),
}
VIEWS = ("disposition", "register_history", "daily_count")
REQUIRED = {
    "registration_number", "registration_date", "national_exam_pass_date", "domicile_code", "family_name",
    "family_name_kana", "birth_date", "sex_code",
}  # fmt: skip


@pytest.fixture(scope="module")
def pharmacist() -> Profession:
    return load_host(only={"pharmacist"})["pharmacist"]


def test_groups_stand_in_the_official_order(pharmacist: Profession) -> None:
    runs = [(key, [n.number for n in run]) for key, run in groupby(pharmacist.numbered, lambda n: n.group)]
    assert {key: (numbers[0], numbers[-1]) for key, numbers in runs} == SPANS
    assert len(runs) == len(SPANS)


def test_views_have_no_table(pharmacist: Profession) -> None:
    assert tuple(group.key for group in pharmacist.view_groups) == VIEWS
    assert profession_tables(pharmacist).keys() == {
        "exam", "application_entry", "register", "document_print", "image", "resident_record", "family_register",
    }  # fmt: skip
    stored = {i.storage for group in pharmacist.view_groups for i in group.items.values()}
    assert stored == {Storage.DERIVED}


def test_the_history_shows_the_register_and_a_place(pharmacist: Profession) -> None:
    history, register = pharmacist.groups["register_history"].items, pharmacist.groups["register"].items
    derived = {name: item.derived for name, item in history.items()}
    assert derived == {name: f"register.{name}" for name in register} | {"sort_order": "number"}
    assert [i.privacy for n, i in history.items() if n in register] == [i.privacy for i in register.values()]


def test_dispositions_show_what_core_keeps(pharmacist: Profession) -> None:
    derived = {name: item.derived for name, item in pharmacist.groups["disposition"].items.items()}
    assert derived == {
        "record_identification_number": "number",
        "registration_id": "register.registration_id",
        "disposition_date": "ordered_date",
        "disposition_code": "kind",
        "disposition_period_start": "start_date",
        "disposition_period_end": "end_date",
        "disposition_period_years": "years",
        "disposition_period_months": "months",
        "disposition_document_number": "order_number",
        "pass_date_presence_code": "register.pass_date_presence_code",
        "simultaneous_application_count": "register.simultaneous_application_count",
        "print_target_import_code": "register.print_target_import_code",
        "remarks": "remarks",
        "reeducation_completion_registered_date": "reeducation_completed_date",
        "reeducation_order_registered_date": "reeducation_ordered_date",
        "disposition_status_code": "reeducation_status",
    }


def test_the_register_alone_requires_and_filters(pharmacist: Profession) -> None:
    required = {
        f"{g.key}.{i.name}"
        for g in pharmacist.content_groups
        for i in g.items.values()
        if i.required and i.settable
    }
    assert required == {f"register.{name}" for name in REQUIRED}
    assert [(group, item.name) for group, item in pharmacist.indexes] == [
        ("register", "registration_number"),
        ("register", "forwarding_prefecture_code"),
        ("register", "registration_date"),
    ]


def test_names_and_words_are_sealed_everywhere(pharmacist: Profession) -> None:
    clear = {
        item.name
        for group in pharmacist.content_groups
        for item in group.items.values()
        if item.storage is Storage.CLEAR
    }
    told = {
        name for name in clear if "name" in name or "text" in name or "remarks" in name or "birth" in name
    }
    assert told == set()
