"""One item as a row, and the code lists that items name."""

from __future__ import annotations

from collections.abc import Iterator

from meibo.items.codes import CodeList
from meibo.items.declaration import Item
from meibo.items.kinds import Storage
from meibo.professions.compiled import Profession
from meibo.reference.markdown import code

ITEM_HEADERS = ("no", "item", "項目", "English", "kind", "stored", "privacy", "codes", "limits")


def item_row(number: int, item: Item) -> tuple[object, ...]:
    """An item's row."""
    return (
        number, code(item.name), item.label, item.en, item.kind.name, _stored(item), item.privacy.value,
        _codes(item), ", ".join(_limits(item)),
    )  # fmt: skip


def code_lists(profession: Profession) -> list[CodeList]:
    """The lists that the profession's items name, by name."""
    named = {n.item.codes.name: n.item.codes for n in profession.numbered if n.item.codes}
    return [named[name] for name in sorted(named)]


def _stored(item: Item) -> str:
    if item.storage is Storage.CLEAR:
        return f"clear: {item.clear}"
    if item.storage is Storage.DERIVED:
        return f"derived: {item.derived or 'issued by core'}"
    return item.storage.value


def _codes(item: Item) -> str:
    """The list, linked to its section."""
    return f"[{item.codes.name}](#{item.codes.name})" if item.codes else ""


def _limits(item: Item) -> Iterator[str]:
    if item.required and item.settable:
        yield "required"
    if item.max_length:
        yield f"at most {item.max_length} {'digits' if item.kind.name == 'integer' else 'characters'}"
    if item.multiline:
        yield "many lines"
    if item.unique:
        yield "unique"
    if item.index:
        yield "filter"
    if item.key:
        yield "key"
    if item.era:
        yield f"era in {code(item.era)}"
    if item.note:
        yield item.note
