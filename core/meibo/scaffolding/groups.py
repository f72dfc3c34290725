"""From lines to groups: shared ones recognised by their items, lists by their repeats, the others by their heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from meibo.errors import OperatorError
from meibo.items.declaration import Group
from meibo.items.shared.code_tables import CODE_TABLES
from meibo.items.shared.family_register import FamilyRegister
from meibo.items.shared.numbers import Numbers
from meibo.items.shared.resident_record import ResidentRecord
from meibo.scaffolding.dictionary import dictionary
from meibo.scaffolding.items import Line

SHARED: tuple[type[Group], ...] = (*CODE_TABLES, ResidentRecord, FamilyRegister, Numbers)
"""The groups that core declares for many registers."""
NUMBER_KINDS = frozenset({"individual_number", "resident_code", "institution_code"})
IDENTITY_LABELS = ("資格仮名ID", "マイナポータル仮名ID")
LIKE = 0.75
"""How much of a shared group's labels must agree before it is recognised."""


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """A shared group under this list's heading, with the labels that differ there."""

    group: type[Group]
    heading: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group to declare; `part` counts from 2 where the list comes back to a heading."""

    class_name: str
    title: str
    en: str
    lines: Sequence[Line]
    repeats: bool = False
    part_of: str = ""


def arrange(code: str, file: str, lines: Sequence[Line]) -> list[SharedGroup | OwnGroup]:
    """The groups of a list, in order; items 1 and 2, which core gives, are left out.

    Raises OperatorError for a number outside the group in which core keeps numbers.
    """
    if tuple(line.label for line in lines[:2]) == IDENTITY_LABELS:
        lines = lines[2:]
    found: list[SharedGroup | OwnGroup] = []
    known: dict[tuple[str, bool], str] = {}
    for (heading, repeats), run in groupby(lines, key=lambda line: (line.group, line.repeats)):
        part = list(run)
        shared = _shared(heading, part)
        found.append(shared or _own(code, heading, repeats, part, known))
        if not shared:
            _refuse_numbers(file, part)
    return found


def _shared(heading: str, lines: Sequence[Line]) -> SharedGroup | None:
    for group in SHARED:
        items = list(group.items.values())
        if len(items) != len(lines):
            continue
        same = sum(item.label == line.label for item, line in zip(items, lines, strict=True))
        if same >= LIKE * len(items):
            pairs = zip(items, lines, strict=True)
            labels = {item.name: line.label for item, line in pairs if item.label != line.label}
            return SharedGroup(group, heading, labels)
    return None


def _own(
    code: str, heading: str, repeats: bool, lines: Sequence[Line], known: dict[tuple[str, bool], str]
) -> OwnGroup:
    proposal = dictionary().get(f"#{heading}")
    number = len(known) + 1
    english = lines[0].group_en or (proposal.en if proposal else f"TODO {number}")
    first = known.get((heading, repeats), "")
    name = first or _class_name(code, english)
    while not first and name in known.values():
        name += "List" if repeats else "More"
    known.setdefault((heading, repeats), name)
    parts = sum(1 for each in known.values() if each.startswith(f"{name}Part")) + 2 if first else 0
    if first:
        known[f"{heading}/{parts}", repeats] = f"{name}Part{parts}"
    return OwnGroup(f"{name}Part{parts}" if first else name, heading, english, lines, repeats, first)


def _class_name(code: str, english: str) -> str:
    """`Register` of veterinarians is `VeterinarianRegister`."""
    words = re.findall("[A-Za-z0-9]+", f"{code} {english}")
    return "".join(word if word == "TODO" else word.capitalize() for word in words)


def _refuse_numbers(file: str, lines: Sequence[Line]) -> None:
    for line in _numbers(lines):
        raise OperatorError(
            f"{file}, line {line.line}, column 'kind': numbers stand in a group of their own with two items,"
            " 個人番号 and 機関別符号. Put both there."
        )


def _numbers(lines: Sequence[Line]) -> Iterator[Line]:
    return (line for line in lines if line.kind in NUMBER_KINDS)
