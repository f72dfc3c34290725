"""Sealed groups: one blob per group and content under the licence's own key, tied to its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from meibo.crypto.envelopes import Envelope, WrappedKey
from meibo.crypto.keys import KeyProvider, seal, unseal
from meibo.items.declaration import Cardinality
from meibo.professions.compiled import GroupSpec
from meibo.professions.upcasts import brought_forward
from meibo.register.fold import Patch


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
    return envelope.unwrap(WrappedKey(wrapped, version), key_context(licence))


def seal_json(secret: bytes, value: object, where: bytes) -> bytes:
    """Any JSON value, sealed."""
    return seal(secret, orjson.dumps(value), where)


def open_json(secret: bytes, sealed: bytes, where: bytes) -> Any:
    """What `seal_json` sealed."""
    return orjson.loads(unseal(secret, sealed, where))


def split(spec: GroupSpec, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(clear columns, JSON for the blob) of a group's values. Every clear column is named, so that rows align."""
    clear = {i.name: i.kind.in_column(values.get(i.name)) for i in spec.clear}
    hidden = {i.name: i.kind.dump(values[i.name]) for i in spec.sealed if values.get(i.name) is not None}
    return clear, hidden


def joined(spec: GroupSpec, row: Mapping[str, Any], hidden: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a group from its clear columns and its opened blob, brought forward to the present items."""
    clear = {i.name: row[i.name] for i in spec.clear if not i.kind.verbatim}
    if not spec.upcasts:
        return clear | _loaded(spec, hidden)
    dumped = {n: spec.items[n].kind.dump(v) for n, v in clear.items() if v is not None}
    told = brought_forward(spec.upcasts, {**dumped, **hidden}, row["plugin_version"])
    return dict.fromkeys(clear) | _loaded(spec, told)


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
    return {n: None if v is None else spec.items[n].kind.dump(v) for n, v in values.items()}
