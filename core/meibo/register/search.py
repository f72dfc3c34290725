"""Search keys: keyed hashes beside the sealed names, under a key of their own for each profession.

Equal names of one person in two registers give unrelated hashes. Names are matched as given and with variants
folded; readings by prefix from two characters on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from meibo.crypto.keys import Key, KeyProvider, mac
from meibo.professions.compiled import Profession
from meibo.professions.plugin import Holder
from meibo.professions.rules import Record
from meibo.values import names
from meibo.values.dates import as_partial

HASH_BYTES = 16
UniqueDigest = Callable[[str, str], bytes]
"""Path and value -> `unique_digest` under some key."""


class SearchKind(StrEnum):
    """What a hash stands for."""

    FULL = "full"
    FULL_FOLDED = "full_folded"
    FAMILY = "family"
    FAMILY_FOLDED = "family_folded"
    KANA_PREFIX = "kana_prefix"
    BIRTH_DATE = "birth_date"


PLAIN = {SearchKind.FULL_FOLDED: SearchKind.FULL, SearchKind.FAMILY_FOLDED: SearchKind.FAMILY}
"""Which kind stands for a folded one where folding changes nothing, as with nearly every name: one row less."""


def sought(kind: SearchKind) -> tuple[SearchKind, ...]:
    """The kinds under which a term of a kind may stand."""
    return (kind, PLAIN[kind]) if kind in PLAIN else (kind,)


def search_key_of(keys: KeyProvider, profession: str) -> Key:
    """The profession's key for search hashes."""
    return keys.newest(f"search/{profession}")


def digest(key: Key, kind: SearchKind, text: str) -> bytes:
    """The hash of a normalised term."""
    return mac(key, f"{kind}|{text}".encode())[:HASH_BYTES]


def digests(key: Key, kind: SearchKind, text: str) -> list[bytes]:
    """The hashes under which a term of a kind may stand."""
    return [digest(key, each, text) for each in sought(kind)]


def unique_digest(key: Key, path: str, value: str) -> bytes:
    """The hash of a value that no other licence may have."""
    return mac(key, f"unique|{path}|{names.name_key(value)}".encode())[:HASH_BYTES]


def unique_values(
    profession: Profession, record: Record, digest: UniqueDigest
) -> Iterator[tuple[str, bytes]]:
    """(path, hash) of the values that no other licence of the profession may have."""
    for path in profession.unique_paths:
        value = record.value(path)
        if value is not None:
            yield path, digest(path, str(value))


def terms(holder: Holder, record: Record) -> Iterator[tuple[SearchKind, str]]:
    """What a record can be found by, normalised."""
    family = record.value(holder.family_name) or ""
    given = record.value(holder.given_name) or ""
    if family or given:
        yield from _name(SearchKind.FULL_FOLDED, family + given)
    if family:
        yield from _name(SearchKind.FAMILY_FOLDED, family)
    reading = (record.value(holder.family_name_kana) or "") + (record.value(holder.given_name_kana) or "")
    for prefix in names.kana_prefixes(names.kana_key(reading)):
        yield SearchKind.KANA_PREFIX, prefix
    birth = record.value(holder.birth_date)
    if birth is not None:
        yield SearchKind.BIRTH_DATE, as_partial(birth).value


def _name(folded: SearchKind, text: str) -> Iterator[tuple[SearchKind, str]]:
    """A name as given, and with variants folded where that is another text."""
    plain = names.name_key(text)
    yield PLAIN[folded], plain
    if (wider := names.folded(plain)) != plain:
        yield folded, wider
