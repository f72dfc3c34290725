"""What the installed lists call an item: proposals for a new list's identifiers and English labels.

`dictionary.tsv` is made from the declarations of our ten professions by `meibo docs`, and ships with core.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from meibo.errors import OperatorError
from meibo.host import Host

FILE = Path(__file__).with_name("dictionary.tsv")
HEADER = ("label", "identifier", "en")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An identifier and an English label."""

    identifier: str
    en: str


@cache
def dictionary() -> Mapping[str, Proposal]:
    """Japanese label -> the proposal that most lists agree on; headings of groups begin with `#`."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["label"]: Proposal(row["identifier"], row["en"]) for row in rows}


def text(host: Host) -> str:
    """The file's text from what is installed."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    for profession in host.professions.values():
        for each in profession.numbered:
            if each.item.label:
                count(found, each.item.label, each.item.name, each.item.en)
        for spec in profession.groups.values():
            about = spec.type.about
            count(found, f"#{about.title}", spec.key, about.en)
    lines = ["\t".join(HEADER)]
    for label, proposals in sorted(found.items()):
        name, en = min(proposals, key=lambda each: (-proposals[each], each))
        lines.append("\t".join((label, name, en)))
    return "".join(f"{line}\n" for line in lines)


def write(host: Host) -> list[str]:
    """Write the file where it differs; its name then."""
    if FILE.is_file() and FILE.read_text("utf-8") == text(host):
        return []
    FILE.write_text(text(host), "utf-8")
    return [FILE.name]


def check(host: Host) -> None:
    """Raise OperatorError where the file is not what the declarations say."""
    if FILE.read_text("utf-8") != text(host):
        raise OperatorError(
            f"Not what the declarations say: {FILE.name}. Run `meibo docs` and look at the change."
        )


def count(found: dict[str, dict[tuple[str, str], int]], label: str, name: str, en: str) -> None:
    """Count one more list that calls a label so."""
    proposals = found.setdefault(label, {})
    proposals[name, en] = proposals.get((name, en), 0) + 1
