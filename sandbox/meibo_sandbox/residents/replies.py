"""What the network answers to an inquiry: one line for each resident found, or one that says nobody was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meibo.linkage.residents.codec import Record
from meibo_sandbox.residents.residents import Register, Resident

DONE = "0000"
MATCHED_BY = {"subject_individual_number": "1", "subject_resident_code": "2"}


def replies(register: Register, inquiries: Sequence[Record]) -> Iterator[Record]:
    """The lines of a reply file, in the order of the inquiries."""
    for inquiry in inquiries:
        found = list(register.find(inquiry.values))
        told = {"processing_result_code": DONE, "result_record_count": str(len(found))}
        if not found:
            yield Record({**inquiry.values, **told, "result_record_sequence": "0"})
        for sequence, resident in enumerate(found, 1):
            values = {**inquiry.values, **told, "result_record_sequence": str(sequence)}
            yield Record({**values, **_shown(resident, inquiry)}, resident.glyphs)


def _shown(resident: Resident, inquiry: Record) -> dict[str, str]:
    """What the network tells of a resident."""
    if resident.refuses:
        return {"non_participating_body_flag": "1", "municipality_code": resident.municipality}
    moved = resident.dead_since or resident.gone_since
    name_glyphs = sum(glyph.item == "full_name_kanji" for glyph in resident.glyphs)
    told = {
        "matched_items": next((m for item, m in MATCHED_BY.items() if inquiry.values.get(item)), "3"),
        "movement_presence": "1" if moved else "0",
        "living_status": "1" if resident.dead_since else "2" if resident.gone_since else "0",
        "change_status": "1" if resident.former_numbers else "0",
        "resident_code": resident.resident_code,
        "full_name_kanji": resident.name,
        "full_name_kana": resident.kana,
        "birth_date": resident.birth_date,
        "sex": resident.sex,
        "address": resident.address,
        "individual_number": resident.individual_number,
        "movement_date": moved,
        "name_gaiji_count": str(name_glyphs),
        "address_gaiji_count": str(len(resident.glyphs) - name_glyphs),
        "gaiji_record_count": str(len(resident.glyphs)),
        "municipality_code": resident.municipality,
        "non_participating_body_flag": "0",
        "former_surname_kanji": resident.former_surname,
    }
    return {item: text for item, text in told.items() if text}
