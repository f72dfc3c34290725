"""What a reader hands out: values that the caller may see, and why the others are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.professions.compiled import GroupSpec
from meibo.register.dispositions import Disposition
from meibo.register.fold import State, Verb
from meibo.register.sealing import LicenceKey


class RedactionReason(StrEnum):
    """Why an item is null although the row may hold a value."""

    NO_PERMISSION = "NO_PERMISSION"
    NEEDS_GRANT = "NEEDS_GRANT"
    DESTROYED = "DESTROYED"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One masked item, by identifier."""

    item: str
    reason: RedactionReason


@dataclass(frozen=True, slots=True)
class Head:
    """A licence at one version: all that a list shows. `key` opens its groups and never leaves the service."""

    id: UUID
    profession: str
    pseudonym: str
    portal_alias: str
    registration_number: str
    version: int
    state: State
    version_id: UUID
    version_number: int
    content: int
    effective_date: date
    recorded_at: datetime
    plugin_version: str
    key: LicenceKey = field(repr=False, compare=False)
    past: bool = False
    """Whether this is the licence on another day, under the version's own id."""

    @property
    def secret(self) -> bytes:
        """What opens its groups; raises SealBroken."""
        return self.key.secret


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as the caller sees it."""

    values: Mapping[str, Any] = field(repr=False)
    redacted: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action, with its sealed words only where the caller may read them."""

    id: UUID
    number: int
    verb: str
    status: str
    effective_date: date
    recorded_at: datetime
    institution: str
    account: str
    legal_basis: str
    resulting_version: int
    reason: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class DispositionView:
    """A disposition on the head's day, and the verbs that the caller may follow it up with now."""

    disposition: Disposition
    profession: str
    viewer_may: tuple[Verb, ...] = ()


NEEDS: Mapping[Privacy, Permission] = {
    Privacy.PERSONAL: Permission.PERSONAL_READ,
    Privacy.SENSITIVE: Permission.SENSITIVE_READ,
}


READS = (*NEEDS.values(), Permission.REPLY_READ)


def visible(principal: Principal, profession: str, spec: GroupSpec, item: Item) -> bool:
    """Whether the caller may read an item of a profession."""
    return _visible(spec, item, _reads(principal, profession))


def masked(principal: Principal, profession: str, spec: GroupSpec, values: Mapping[str, Any]) -> GroupView:
    """The values that the caller may see, with a redaction for each that is kept back."""
    redacted = _redacted(spec, _reads(principal, profession))
    return GroupView(Seen(values, frozenset(r.item for r in redacted)) if redacted else values, redacted)


@lru_cache(1000)
def _reads(principal: Principal, profession: str) -> frozenset[Permission]:
    """Those of the permissions to read that the caller has for a profession."""
    return frozenset(permission for permission in READS if principal.may(permission, profession))


def _visible(spec: GroupSpec, item: Item, reads: frozenset[Permission]) -> bool:
    if spec.cardinality is Cardinality.MANY and Permission.REPLY_READ not in reads:
        return False
    needed = NEEDS.get(item.privacy)
    return needed is None or needed in reads


@lru_cache(2000)
def _redacted(spec: GroupSpec, reads: frozenset[Permission]) -> tuple[Redaction, ...]:
    hidden = (i.name for i in spec.items.values() if not _visible(spec, i, reads))
    return tuple(Redaction(name, RedactionReason.NO_PERMISSION) for name in hidden)


class Seen(Mapping[str, Any]):
    """Values without those that are kept back."""

    __slots__ = ("_hidden", "_values")

    def __init__(self, values: Mapping[str, Any], hidden: frozenset[str]) -> None:
        self._values, self._hidden = values, hidden

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an item; `default` where there is none, or it is kept back."""
        return default if name in self._hidden else self._values.get(name, default)

    def written(self, name: str) -> Any:
        """As `Values` tell it; None where it is kept back."""
        return None if name in self._hidden else self._values.written(name)  # type: ignore[attr-defined]

    def __getitem__(self, name: str) -> Any:
        if name in self._hidden:
            raise KeyError(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._values if name not in self._hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)
