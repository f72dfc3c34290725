"""What a reader hands out: values that the caller may see, and why the others are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.professions.compiled import GroupSpec
from meibo.register.dispositions import Disposition
from meibo.register.fold import State, Verb


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
    """A licence at one version: all that a list shows. `secret` opens its groups and never leaves the service."""

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
    secret: bytes = field(repr=False)
    past: bool = False
    """Whether this is the licence on another day, under the version's own id."""


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


def visible(principal: Principal, profession: str, spec: GroupSpec, item: Item) -> bool:
    """Whether the caller may read an item of a profession."""
    if spec.cardinality is Cardinality.MANY and not principal.may(Permission.REPLY_READ, profession):
        return False
    needed = NEEDS.get(item.privacy)
    return needed is None or principal.may(needed, profession)


def masked(principal: Principal, profession: str, spec: GroupSpec, values: Mapping[str, Any]) -> GroupView:
    """The values that the caller may see, with a redaction for each that is kept back."""
    hidden = [i.name for i in spec.items.values() if not visible(principal, profession, spec, i)]
    seen = {name: value for name, value in values.items() if name not in hidden}
    return GroupView(seen, tuple(Redaction(name, RedactionReason.NO_PERMISSION) for name in hidden))
