"""The items of every installed profession against its official list."""

from __future__ import annotations

from pathlib import Path

import pytest

from meibo.host import load_host
from meibo.professions.catalogue import catalogue

OFFICIAL = Path(__file__).parents[1] / "data" / "catalog"
HOST = load_host()
ITEMS = {
    "careworker": 141,
    "clinical_laboratory_technologist": 199,
    "dentist": 229,
    "dietitian": 183,
    "doctor": 233,
    "midwife": 202,
    "nurse": 202,
    "pharmacist": 387,
    "physical_therapist": 199,
    "public_health_nurse": 202,
}
"""The ten lists and the numbers of their items: 2,177 in all."""


@pytest.mark.parametrize("code", HOST.professions)
def test_list_is_the_official_one(code: str) -> None:
    profession = HOST[code]
    assert catalogue(profession).encode() == (OFFICIAL / f"{code}.tsv").read_bytes()
    assert len(profession.numbered) == ITEMS[code]


def test_ten_lists_have_2177_items() -> None:
    assert sum(ITEMS.values()) == 2_177
    assert HOST.professions.keys() <= ITEMS.keys()
