"""The care workers' items: where each value lies, who may read it, and the pairs of era and date."""

from __future__ import annotations

import pytest

from meibo.host import load_host
from meibo.items.declaration import Item, Privacy
from meibo.items.kinds import PairKind, Storage
from meibo.professions.compiled import Profession

CLEAR = {
    "registration_number",
    "registration_date_wareki",
    "sex",
    "fixed_term_registration",
    "expiry_date_wareki",
    "expiry_release_date_wareki",
    "correction_date_wareki",
    "reissue_date_wareki",
    "erasure_date_wareki",
    "erasure_cancellation_date_wareki",
}
REQUIRED = {
    "registration_number",
    "registration_date_wareki",
    "family_name",
    "family_name_kana",
    "domicile_code",
    "birth_date_wareki",
    "sex",
}
PUBLIC = {
    "fixed_term_registration",
    "pass_month",
    "training_facility_code",
    "expiry",
    "correction",
    "reissue",
    "erasure_date",
    "erasure_cancellation",
    "designated_training",
    "annotated_qualification",
    "former_family_name_flag",
    "common_name_flag",
    "former_and_common_name_flag",
}
"""The beginnings of what is not personal: it says nothing of the person, whoever she is."""


@pytest.fixture(scope="module")
def careworker() -> Profession:
    return load_host(only={"careworker"})["careworker"]


@pytest.fixture(scope="module")
def register(careworker: Profession) -> dict[str, Item]:
    return dict(careworker.groups["register"].items)


def test_groups(careworker: Profession) -> None:
    assert list(careworker.groups) == [
        "identity",
        "register",
        "resident_record",
        "family_register",
        "numbers",
    ]
    assert len(careworker.groups["register"].items) == 78


def test_clear_items_are_these_alone(register: dict[str, Item]) -> None:
    assert {name for name, item in register.items() if item.storage is Storage.CLEAR} == CLEAR
    assert {item.storage for item in register.values()} == {Storage.CLEAR, Storage.SEALED}


def test_required_items(register: dict[str, Item]) -> None:
    assert {name for name, item in register.items() if item.required} == REQUIRED


def test_what_is_not_personal(register: dict[str, Item]) -> None:
    public = {name for name, item in register.items() if item.privacy is Privacy.PUBLIC}
    assert {name for name in register if name.startswith(tuple(PUBLIC))} == public
    assert {item.privacy for item in register.values()} == {Privacy.PUBLIC, Privacy.PERSONAL}


def test_every_pair_is_an_era_and_the_date_after_it(register: dict[str, Item]) -> None:
    names = list(register)
    pairs = [(names[n - 1], item) for n, item in enumerate(register.values()) if item.era]
    assert all(item.era == before == f"{item.name.removesuffix('_wareki')}_era" for before, item in pairs)
    assert len(pairs) == sum(isinstance(item.kind, PairKind) for item in register.values()) == 18
    assert [item.name for _, item in pairs if item.kind.name == "era_month"] == ["pass_month_wareki"]
    assert {item.name for item in register.values() if item.kind.name == "era"} == {b for b, _ in pairs}


def test_lists_are_narrowed_by_number_day_and_end_of_term(careworker: Profession) -> None:
    indexed = [item.name for _, item in careworker.indexes]
    assert indexed == ["registration_number", "registration_date_wareki", "expiry_date_wareki"]


def test_codes_have_lists_that_fit_them(register: dict[str, Item]) -> None:
    for item in register.values():
        assert (item.codes is not None) == (item.kind.name == "code")
        for code in item.codes.values if item.codes else ():
            assert item.kind.parse(code, item) == code


def test_labels(register: dict[str, Item]) -> None:
    assert all(item.label and item.en.isascii() for item in register.values())
    assert len({item.en for item in register.values()}) == len(register)
