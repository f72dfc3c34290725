"""The official list of a profession, printed from its declarations."""

from __future__ import annotations

from meibo.professions.compiled import Profession

HEADER = ("no", "group_ja", "name_ja", "note_ja")


def catalogue(profession: Profession) -> str:
    """Tab-separated lines: number, heading, label, note, as the assessment prints them."""
    lines = [HEADER]
    lines += [(str(n.number), n.heading, n.item.label, n.item.note) for n in profession.numbered]
    return "".join("\t".join(line) + "\n" for line in lines)
