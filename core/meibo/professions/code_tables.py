"""What a code table must be so that core can keep it, and which tables the code lists of a profession may name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meibo.items.kinds import Storage
from meibo.items.shared.code_tables import EVERY_TABLE

if TYPE_CHECKING:
    from meibo.professions.compiled import GroupSpec, Profession

CORE_KEYS = frozenset(group.about.key for group in EVERY_TABLE)
"""The keys of the tables that every installation has."""


def broken_tables(profession: Profession) -> Iterator[str]:
    """A sentence for each table that core could not keep, and for each code list whose table nobody has."""
    for spec in profession.own_code_tables:
        for why in _unfit(spec):
            yield f"The code table {spec.key!r} of {profession.code!r} {why}."
    known = CORE_KEYS | {spec.key for spec in profession.own_code_tables}
    for spec in profession.groups.values():
        for item in spec.items.values():
            table = item.codes.table if item.codes else ""
            if table and table not in known:
                yield (
                    f"{spec.key}.{item.name} of {profession.code!r} takes its codes from {table!r}, which is no"
                    " code table: list the table among its groups, or mend the name."
                )


def _unfit(spec: GroupSpec) -> Iterator[str]:
    items = spec.items.values()
    settable = [item for item in items if item.storage is Storage.CLEAR]
    if not spec.type.about.plural:
        yield 'has no plural: name the API field of its rows with plural="..."'
    for item in items:
        if item.storage not in (Storage.CLEAR, Storage.DERIVED) or item.kind.verbatim:
            yield f'cannot keep {item.name!r}: say clear="..." and choose a kind of one column'
    if not any(item.key for item in settable):
        yield "has no key: mark the item of its code with key=True"
    if not any(item.kind.name == "text" for item in settable):
        yield "has no label: give it an item of text"
