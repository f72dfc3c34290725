"""Items as they are written: where each stands is worked out once, then row after row is read without loading values.

Of a row's blob only the items that are asked for are decoded. What an older plugin wrote is brought forward first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
import orjson

from meibo.items.declaration import Item
from meibo.items.kinds import CodeKind, Kind, Storage
from meibo.professions.compiled import GroupSpec
from meibo.professions.upcasts import brought_forward

KEPT = 2000
"""Choices of items that are remembered: those asked for last."""
NOTHING = b"{}"
"""The blob of a row of which no sealed item is asked for."""

Written = tuple[Any, ...]
"""Items as they are written: a column's value, or JSON from the blob; None where there is none, or it is masked.

A plain item of a blob stays JSON, as it is shown as it stands there."""
Read = Callable[[Sequence[Any], bytes, Any], Written]
"""Gives the items of a row and its opened blob; the third argument comes last of all."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a group that stand side by side in a row, and the place of the first."""

    names: tuple[str, ...]
    start: int = 0

    def place(self, name: str) -> int:
        """Where a column stands in the row."""
        return self.start + self.names.index(name)

    def of(self, row: Sequence[Any]) -> dict[str, Any]:
        """What a row holds of them, by name."""
        return dict(zip(self.names, row[self.start : self.start + len(self.names)], strict=True))


@dataclass(frozen=True, slots=True)
class Reading:
    """How some items of a group are read from its rows."""

    read: Read
    opens: bool = False
    """Whether the blob is needed."""
    sealed: int = 0
    """Where in a row it stands."""
    version: int = 0
    """Where the plugin's version stands that wrote it."""
    position: int | None = None
    """Where in a row of a list its position stands."""


@lru_cache(KEPT)
def reading(spec: GroupSpec, columns: Columns, items: tuple[str, ...], kept_back: frozenset[str]) -> Reading:
    """How `items` are read, in their order, but for those that are kept back."""
    if spec.upcasts:
        return _opening(spec, columns, _brought(spec, columns, items, kept_back))
    seen = [name for name in items if name not in kept_back]
    if not seen:
        return Reading(lambda _row, _blob, more: (*(None for _ in items), more))
    clear = {name: columns.place(name) for name in seen if is_column(spec, spec.items[name])}
    sealed = [item.name for item in spec.sealed if item.name in seen and item.name not in clear]
    if len(items) == len(clear) == 1:
        [place] = clear.values()
        return Reading(lambda row, _blob, more: (row[place], more))
    last = {name: place - len(sealed) - 2 for place, name in enumerate(sealed)}
    pick = itemgetter(*(clear.get(name, last.get(name, -2)) for name in items), -1)
    if not sealed:
        return Reading(lambda row, _blob, more: pick((*row, None, more)))
    fields = [(name, msgspec.Raw if is_plain(spec.items[name].kind) else Any, None) for name in sealed]
    some: Any = msgspec.defstruct(spec.key, fields, gc=False)
    decode, values = msgspec.json.Decoder(some).decode, msgspec.structs.astuple
    return _opening(spec, columns, lambda row, blob, more: pick((*row, *values(decode(blob)), None, more)))


def _opening(spec: GroupSpec, columns: Columns, read: Read) -> Reading:
    position = columns.place("position") if spec.repeats else None
    return Reading(read, True, columns.place("sealed"), columns.place("plugin_version"), position)


def _brought(spec: GroupSpec, columns: Columns, items: tuple[str, ...], kept_back: frozenset[str]) -> Read:
    seen = [name if name not in kept_back else "" for name in items]

    def read(row: Sequence[Any], blob: bytes, more: Any) -> Written:
        told = {} if blob is NOTHING else brought(spec, columns.of(row), orjson.loads(blob))
        return (*(told.get(name) for name in seen), more)

    return read


def brought(spec: GroupSpec, row: Mapping[str, Any], hidden: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON of a group's present items, from a row that some version of its plugin wrote."""
    clear = {i.name: row[i.name] for i in spec.clear if not i.kind.verbatim}
    dumped = {name: spec.items[name].kind.dump(value) for name, value in clear.items() if value is not None}
    return brought_forward(spec.upcasts, {**dumped, **hidden}, row["plugin_version"])


def is_column(spec: GroupSpec, item: Item) -> bool:
    """Whether an item is read from its column: one that says more lies in the blob too, and what is brought forward is
    JSON."""
    return item.storage is Storage.CLEAR and not item.kind.verbatim and not spec.upcasts


def loading(spec: GroupSpec, item: Item) -> Callable[[Any], Any]:
    """What makes the value of an item from what is written of it."""
    if is_column(spec, item):
        return lambda written: written
    load = item.kind.load
    return lambda written: None if written is None else load(_read(written))


def is_plain(kind: Kind) -> bool:
    """Whether the JSON of a value of this kind is what an answer shows; of a code it shows an object."""
    return not isinstance(kind, CodeKind) and type(kind).load is Kind.load and type(kind).dump is Kind.dump


def _read(written: Any) -> Any:
    return msgspec.json.decode(written) if written.__class__ is msgspec.Raw else written
