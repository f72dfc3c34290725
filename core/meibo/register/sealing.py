"""Sealed groups: one blob per group and content under the licence's own key, tied to its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meibo.crypto.envelopes import Envelope, WrappedKey
from meibo.crypto.keys import KeyProvider, seal_with, unseal_with
from meibo.items.declaration import Cardinality
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec
from meibo.professions.upcasts import brought_forward
from meibo.register.fold import Patch
from meibo.register.written import brought


def licence_envelope(keys: KeyProvider, profession: str) -> Envelope:
    """Wraps the licence keys of one profession under its administrator's key."""
    return Envelope(keys, f"register/{profession}")


def key_context(licence: UUID) -> bytes:
    """Where a wrapped licence key belongs."""
    return b"licence|" + licence.bytes


def place(table: str, licence: UUID, part: str, plugin_version: str) -> bytes:
    """Where a blob belongs: table, licence, part of it (see `part_of`), and the plugin version that wrote it."""
    return f"{table}|{licence.hex}|{part}|{plugin_version}".encode()


def part_of(spec: GroupSpec, row: Mapping[Any, Any]) -> str:
    """Which part of a licence a group's row is: its id, or the content's number, with the position in a list."""
    if spec.cardinality is Cardinality.MANY:
        return str(row["id"].hex)
    return f"{row['content']}/{row['position']}" if spec.repeats else str(row["content"])


def new_licence_key(envelope: Envelope, licence: UUID) -> tuple[bytes, WrappedKey]:
    """A fresh key for a licence."""
    return envelope.new(key_context(licence))


def open_licence_key(envelope: Envelope, licence: UUID, wrapped: bytes, version: int) -> bytes:
    """The licence's key; raises SealBroken."""
    return envelope.opened(wrapped, version, key_context(licence))


@dataclass(slots=True, repr=False)
class LicenceKey:
    """A licence's key, which is opened when something is to be opened with it."""

    envelope: Envelope
    licence: UUID
    wrapped: bytes
    version: int
    _opened: bytes | None = None
    _cipher: AESGCM | None = None

    @property
    def secret(self) -> bytes:
        """The key; raises SealBroken."""
        if self._opened is None:
            self._opened = open_licence_key(self.envelope, self.licence, self.wrapped, self.version)
        return self._opened

    @property
    def cipher(self) -> AESGCM:
        """What opens the licence's blobs, made once however many these are; raises SealBroken."""
        if self._cipher is None:
            self._cipher = AESGCM(self.secret)
        return self._cipher

    def closed(self) -> LicenceKey:
        """The same key, not opened."""
        return LicenceKey(self.envelope, self.licence, self.wrapped, self.version)


def seal_json(secret: bytes | AESGCM, value: object, where: bytes) -> bytes:
    """Any JSON value, sealed under a secret, or with the cipher of one that seals much."""
    cipher = AESGCM(secret) if isinstance(secret, bytes) else secret
    return seal_with(cipher, orjson.dumps(value), where)


def open_json(secret: bytes | AESGCM, sealed: bytes, where: bytes) -> Any:
    """What `seal_json` sealed; raises SealBroken."""
    return orjson.loads(open_blob(secret, sealed, where))


def open_blob(secret: bytes | AESGCM, sealed: bytes, where: bytes) -> bytes:
    """The JSON that `seal_json` sealed, not yet read; raises SealBroken."""
    return unseal_with(AESGCM(secret) if isinstance(secret, bytes) else secret, sealed, where)


def split(spec: GroupSpec, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(clear columns, JSON for the blob) of a group's values. Every clear column is named, so that rows align."""
    clear = {i.name: i.kind.in_column(values.get(i.name)) for i in spec.clear}
    hidden = {i.name: values[i.name] for i in spec.sealed if values.get(i.name) is not None}
    return clear, _dump(spec, hidden)


def joined(spec: GroupSpec, row: Mapping[str, Any], hidden: Mapping[str, Any]) -> Values:
    """The values of a group from its clear columns and its opened blob, brought forward to the present items."""
    if not spec.upcasts:
        return Values(spec, row, hidden)
    clear = (item.name for item in spec.clear if not item.kind.verbatim)
    return Values(spec, dict.fromkeys(clear), brought(spec, row, hidden))


class Values(Mapping[str, Any]):
    """A group's values, each loaded when it is asked for: most questions are about a few."""

    __slots__ = ("_spec", "hidden", "row")

    def __init__(self, spec: GroupSpec, row: Mapping[str, Any], hidden: Mapping[str, Any]) -> None:
        """`row` has the clear columns, `hidden` what the blob holds."""
        self._spec, self.row, self.hidden = spec, row, hidden

    def without(self, names: Set[str]) -> Values:
        """The values but some."""
        row, hidden = (
            {name: value for name, value in each.items() if name not in names}
            for each in (self.row, self.hidden)
        )
        return Values(self._spec, row, hidden)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an item; `default` where there is none."""
        item = self._spec.items.get(name)
        if item is None:
            return default
        if name in self.hidden:
            stored = self.hidden[name]
            return None if stored is None else item.kind.load(stored)
        if item.storage is Storage.CLEAR and not item.kind.verbatim:
            return self.row.get(name, default)
        return default

    def __getitem__(self, name: str) -> Any:
        item = self._spec.items[name]
        if name in self.hidden:
            stored = self.hidden[name]
            return None if stored is None else item.kind.load(stored)
        if item.storage is Storage.CLEAR and not item.kind.verbatim:
            return self.row[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        clear = (i.name for i in self._spec.clear if not i.kind.verbatim and i.name in self.row)
        return iter(dict.fromkeys((*clear, *(n for n in self.hidden if n in self._spec.items))))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _loaded(spec: GroupSpec, told: Mapping[str, Any]) -> dict[str, Any]:
    """The values of stored ones; items that the plugin no longer has are left out."""
    items = spec.items
    return {n: None if v is None else items[n].kind.load(v) for n, v in told.items() if n in items}


def dump_patch(groups: Mapping[str, GroupSpec], patch: Patch) -> dict[str, Any]:
    """A patch as JSON."""
    return {
        key: [_dump(groups[key], dict(row.values())) for row in values]
        if isinstance(values, tuple)
        else _dump(groups[key], values)
        for key, values in patch.items()
    }


def load_patch(groups: Mapping[str, GroupSpec], stored: Mapping[str, Any], written_by: str) -> Patch:
    """A patch from JSON, brought forward from the plugin version that wrote it."""

    def load(spec: GroupSpec, values: Mapping[str, Any]) -> dict[str, Any]:
        return _loaded(spec, brought_forward(spec.upcasts, values, written_by))

    return {
        key: tuple(groups[key].type.of(**load(groups[key], row)) for row in values)
        if isinstance(values, list)
        else load(groups[key], values)
        for key, values in stored.items()
        if key in groups
    }


def _dump(spec: GroupSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(values)
    for name, dump in spec.dumps:
        if (value := told.get(name)) is not None:
            told[name] = dump(value)
    return told
