"""The columns of an export: what an import would take, as far as the caller may see it; numbers never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meibo.access.principals import Principal
from meibo.importing.headers import importable
from meibo.items.declaration import Cardinality, Item
from meibo.items.kinds import FileKind
from meibo.professions.compiled import GroupSpec, NumberedItem, Profession
from meibo.registry.views import visible


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header: an item of a group that stands once, or of the row at a position of a list."""

    header: str
    group: str
    item: Item
    position: int = 0


def columns_of(profession: Profession, principal: Principal, longest: Mapping[str, int]) -> list[Column]:
    """The columns in official order; a list has a set of them for each row of the `longest` one."""
    shown = [n for n in profession.numbered if _shown(profession, principal, n)]
    names = Counter(n.item.name for n in profession.numbered if importable(profession, n))
    found: list[Column] = []
    for key, items in _runs(shown):
        spec = profession.groups[key]
        for position in range(longest.get(key, 0) if spec.repeats else 1):
            found += [
                Column(_header(spec, n.item, names[n.item.name], position), key, n.item, position)
                for n in items
            ]
    return found


def _shown(profession: Profession, principal: Principal, numbered: NumberedItem) -> bool:
    """Whether an item is exported. A reference to a document is no text that a file could bring back."""
    spec = profession.groups[numbered.group]
    if spec.cardinality is Cardinality.VAULT or isinstance(numbered.item.kind, FileKind):
        return False
    return importable(profession, numbered) and visible(principal, profession.code, spec, numbered.item)


def _runs(shown: list[NumberedItem]) -> Iterator[tuple[str, list[NumberedItem]]]:
    """The items by group, in the order of the groups' first items."""
    runs: dict[str, list[NumberedItem]] = {}
    for numbered in shown:
        runs.setdefault(numbered.group, []).append(numbered)
    yield from runs.items()


def _header(spec: GroupSpec, item: Item, count: int, position: int) -> str:
    """An identifier, with its group where it alone would be ambiguous."""
    if spec.repeats:
        return f"{spec.key}.{item.name}[{position + 1}]"
    return item.name if count == 1 else f"{spec.key}.{item.name}"
