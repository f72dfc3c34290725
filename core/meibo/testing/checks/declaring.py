"""The official list: order, identifiers, labels, names that others have."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from meibo.errors import PluginError
from meibo.items.declaration import Placed
from meibo.testing.findings import Finding, at
from meibo.testing.subjects import Subject

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
TODO = re.compile(r"\bTODO", re.IGNORECASE)
LONGEST_NAME = 63
"""PostgreSQL cuts longer names of tables."""


def order(subject: Subject) -> Iterator[Finding]:
    """A group's parts follow the group, and an era comes before its date."""
    seen: set[type] = set()
    for listed in subject.profession.plugin.groups:
        group = listed.group if isinstance(listed, Placed) else listed
        if group.part_of and group.part_of not in seen:
            place = subject.sources.group(group)
            yield at(place, f"{group.__name__} comes before the group that it is a part of", "list it after")
        seen.add(group)
    for spec in subject.own_groups():
        names = list(spec.items)
        for item in spec.items.values():
            if item.era in names and names.index(item.era) > names.index(item.name):
                place = subject.sources.item(spec.type, item.name)
                yield at(place, f"{item.name} comes before its era {item.era}", "put the era first")


def identifiers(subject: Subject) -> Iterator[Finding]:
    """Every identifier is snake_case, decided, and a group's key short enough for a table."""
    code = subject.profession.code
    for spec in subject.own_groups():
        for name, item in spec.items.items():
            place = subject.sources.item(spec.type, name)
            if TODO.match(name):
                yield at(place, f"the item {item.label} has no identifier yet ({name})", "name it in English")
            elif not IDENTIFIER.match(name) or keyword.iskeyword(name):
                yield at(place, f"{name} is no snake_case identifier", "rename it, such as family_name")
        if len(f"{code}_{spec.key}") > LONGEST_NAME:
            place = subject.sources.group(spec.type)
            yield at(
                place, f"the table {code}_{spec.key} has too long a name", 'give the group a short key="…"'
            )


def labels(subject: Subject) -> Iterator[Finding]:
    """Every item has its official label and an English one."""
    for spec in subject.own_groups():
        for name, item in spec.items.items():
            place = subject.sources.item(spec.type, name)
            if not item.label.strip() or item.label != item.label.strip():
                yield at(
                    place, f"the label of {name} is empty or begins or ends with a blank", "print the list's"
                )
            if not item.en.strip() or TODO.search(item.en):
                yield at(place, f"{name} has no English label", 'write one in en="…"')


def names(subject: Subject) -> Iterator[Finding]:
    """No table is another installed profession's."""
    try:
        _ = subject.beside
    except PluginError as error:
        what, _, mend = error.en.rstrip(".").rpartition(": ")
        yield at(subject.sources.declaration, what or error.en, mend)


CHECKS = (order, identifiers, labels, names)
