"""The doctors' items against the official list, and where each value lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from meibo.host import load_host
from meibo.items.declaration import Item, Placed, Privacy
from meibo.items.kinds import Storage
from meibo.professions.catalogue import catalogue
from meibo.professions.compiled import Profession, compile_profession
from meibo_doctor.items import DoctorRegister

OFFICIAL = Path(__file__).parents[2] / "data" / "catalog" / "doctor.tsv"

CLEAR = {
    "registration_id",
    "registration_number",
    "licence_type_code",
    "forwarding_prefecture_code",
    "received_date",
    "registration_date",
    "national_exam_round",
    "national_exam_year",
    "exam_site_code",
    "national_exam_pass_date",
    "former_registration_prefecture_code",
    "sex_code",
    "register_correction_date",
    "reissue_date",
    "reissue_reason_code",
    "deregistration_date",
    "registration_transfer_date",
    "registration_transfer_reason_code",
    "minister_code",
    "bureau_director_code",
    "alma_mater_code",
    "processing_category_code",
    "entry_category_code",
    "chief_medical_officer_code",
}
CLEAR_AND_PERSONAL = {"registration_id", "registration_number", "registration_date", "sex_code"}
REQUIRED = {
    "registration_number",
    "registration_date",
    "national_exam_pass_date",
    "domicile_code",
    "family_name",
    "family_name_kana",
    "birth_date",
    "sex_code",
}
NUMBERS = {
    "resident_record.subject_resident_code",
    "resident_record.subject_individual_number",
    "resident_record.resident_code",
    "resident_record.individual_number",
    "numbers.individual_number",
    "numbers.agency_code",
}
FREE_TEXT = {
    *(f"register.remarks_{number}" for number in range(1, 6)),
    *(
        f"register.{act}_reason_text"
        for act in ("register_correction", "reissue", "deregistration", "registration_transfer")
    ),
    "register.memo",
    "practice_report.remarks",
}


@pytest.fixture(scope="module")
def doctor() -> Profession:
    return load_host()["doctor"]


def own(profession: Profession) -> dict[str, Item]:
    """The items that the plugin declares itself, by path."""
    groups = ("register", "practice_report", "reeducation")
    return {f"{key}.{name}": item for key in groups for name, item in profession.groups[key].items.items()}


def names(items: dict[str, Item], **wanted: object) -> set[str]:
    """The paths of the items with these attributes."""
    return {
        path
        for path, item in items.items()
        if all(getattr(item, name) == value for name, value in wanted.items())
    }


def in_register(*identifiers: str) -> set[str]:
    return {f"register.{name}" for name in identifiers}


def test_list_is_the_official_one(doctor: Profession) -> None:
    assert catalogue(doctor).encode() == OFFICIAL.read_bytes()


def test_list_has_233_items(doctor: Profession) -> None:
    assert len(doctor.numbered) == 233


def test_renamed_label_shows(doctor: Profession) -> None:
    renamed = [
        Placed(DoctorRegister, "名簿情報", {"family_name": "氏"}) if group is DoctorRegister else group
        for group in doctor.plugin.groups
    ]
    printed = catalogue(compile_profession(replace(doctor.plugin, groups=renamed))).splitlines()
    official = OFFICIAL.read_text(encoding="utf-8").splitlines()
    different = [(a, b) for a, b in zip(printed, official, strict=True) if a != b]
    assert different == [("18\t名簿情報\t氏\t", "18\t名簿情報\t姓\t")]


def test_moved_group_shows(doctor: Profession) -> None:
    groups = list(doctor.plugin.groups)
    groups[0], groups[1] = groups[1], groups[0]
    assert catalogue(compile_profession(replace(doctor.plugin, groups=groups))) != catalogue(doctor)


def test_group_keys(doctor: Profession) -> None:
    assert list(doctor.groups) == [
        "identity",
        "register",
        "practice_report",
        "reeducation",
        "licence_type_master",
        "domicile_master",
        "exam_site_master",
        "reason_master",
        "minister_master",
        "bureau_director_master",
        "school_master",
        "chief_medical_officer_master",
        "resident_record",
        "family_register",
        "numbers",
    ]


def test_clear_items_are_these_alone(doctor: Profession) -> None:
    assert names(own(doctor), storage=Storage.CLEAR) == in_register(*CLEAR)


def test_everything_else_of_a_licence_is_sealed(doctor: Profession) -> None:
    items = own(doctor)
    assert names(items, storage=Storage.SEALED) == items.keys() - in_register(*CLEAR)


def test_clear_items_say_why(doctor: Profession) -> None:
    assert [path for path, item in own(doctor).items() if item.clear and len(item.clear) < 20] == []


def test_personal_items_are_sealed_but_for_these(doctor: Profession) -> None:
    items = own(doctor)
    clear = {path for path, item in items.items() if item.clear and item.privacy is not Privacy.PUBLIC}
    assert clear == in_register(*CLEAR_AND_PERSONAL)


def test_replies_keep_nothing_in_the_clear(doctor: Profession) -> None:
    clear = [item.name for group in doctor.reply_groups for item in group.stored(Storage.CLEAR)]
    assert clear == []


def test_numbers_lie_in_the_vault(doctor: Profession) -> None:
    vault = {
        f"{group.key}.{item.name}" for group in doctor.groups.values() for item in group.stored(Storage.VAULT)
    }
    assert vault == NUMBERS


def test_sensitive_items(doctor: Profession) -> None:
    assert names(own(doctor), privacy=Privacy.SENSITIVE) == {"register.fine_category"}


def test_free_text_is_personal(doctor: Profession) -> None:
    assert names(own(doctor), multiline=True, privacy=Privacy.PERSONAL) == FREE_TEXT
    assert names(own(doctor), multiline=True) == FREE_TEXT


def test_required_items(doctor: Profession) -> None:
    assert names(own(doctor), required=True) == in_register(*REQUIRED)


def test_indexed_items(doctor: Profession) -> None:
    indexed = in_register("registration_number", "registration_date", "forwarding_prefecture_code")
    assert names(own(doctor), index=True) == indexed
    assert names(own(doctor), unique=True) == {"register.registration_number", "register.registration_id"}


def test_codes_have_lists(doctor: Profession) -> None:
    codes = {path: item.codes for path, item in own(doctor).items() if item.kind.name in ("code", "codes")}
    assert [path for path, listed in codes.items() if listed is None] == []


def test_codes_of_the_lists_fit_their_items(doctor: Profession) -> None:
    for item in own(doctor).values():
        for code in item.codes.values if item.codes else ():
            assert item.kind.parse([code] if item.kind.name == "codes" else code, item)


def test_labels_are_in_both_languages(doctor: Profession) -> None:
    assert [path for path, item in own(doctor).items() if not item.label or not item.en.isascii()] == []


def test_english_labels_are_unlike_one_another(doctor: Profession) -> None:
    for group in doctor.groups.values():
        labels = [item.en for item in group.items.values()]
        assert len(set(labels)) == len(labels)
