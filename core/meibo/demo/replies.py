"""Synthetic replies of the outside registries, agreeing with what the register says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meibo import clock

FAMILY_REPLY: Mapping[str, str] = {
    "family_register_movement_reason": "9",
    "registered_domicile_code": "13101",
}


def resident_reply(register: Mapping[str, Any]) -> dict[str, Any]:
    """A living resident whom the network found by the four facts, from the values of a register's group."""
    name = "　".join(filter(None, (register["family_name"], register.get("given_name"))))
    kana = "　".join(filter(None, (register["family_name_kana"], register.get("given_name_kana"))))
    return {
        "request_record_number": 1,
        "inquiry_base_date": clock.today().isoformat(),
        "include_removed_residents": True,
        "subject_full_name_kanji": name,
        "subject_birth_date": register["birth_date"].value,
        "subject_sex": register["sex_code"],
        "processing_result_code": "0000",
        "result_record_count": 1,
        "result_record_sequence": 1,
        "movement_presence": "0",
        "living_status": "0",
        "change_status": "0",
        "full_name_kanji": name,
        "full_name_kana": kana,
        "birth_date": register["birth_date"].value,
        "sex": register["sex_code"],
        "municipality_code": "13101",
        "non_participating_body_flag": False,
    }
