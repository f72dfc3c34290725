"""Synthetic replies of the outside registries, agreeing with what the register says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meibo import clock
from meibo.professions.plugin import Holder


def family_reply(_holder: Holder, _entry: Mapping[str, Any]) -> dict[str, Any]:
    """A holder whose family register tells of no change."""
    return {"family_register_movement_reason": "9", "registered_domicile_code": "13101"}


def resident_reply(holder: Holder, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A living resident whom the network found by the four facts, from the values of the group that has them."""

    def known(path: str) -> Any:
        return entry.get(path.partition(".")[2])

    name = "　".join(filter(None, (known(holder.family_name), known(holder.given_name))))
    kana = "　".join(filter(None, (known(holder.family_name_kana), known(holder.given_name_kana))))
    birth, sex = known(holder.birth_date), known(holder.sex)
    born = str(getattr(birth, "iso", "") or getattr(birth, "value", "") or birth)
    return {
        "request_record_number": 1,
        "inquiry_base_date": clock.today().isoformat(),
        "include_removed_residents": True,
        "subject_full_name_kanji": name,
        "subject_birth_date": born,
        "subject_sex": sex,
        "processing_result_code": "0000",
        "result_record_count": 1,
        "result_record_sequence": 1,
        "movement_presence": "0",
        "living_status": "0",
        "change_status": "0",
        "full_name_kanji": name,
        "full_name_kana": kana,
        "birth_date": born,
        "sex": sex,
        "municipality_code": "13101",
        "non_participating_body_flag": False,
    }
