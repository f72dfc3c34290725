"""What a reader hands out: values that the caller may see, and why the others are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.professions.compiled import GroupSpec
from meibo.register.dispositions import Disposition
from meibo.register.fold import State, Verb, open_to
from meibo.register.sealing import LicenceKey, Values
from meibo.registry.selecting import Came


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


@dataclass(slots=True)
class GroupView:
    """A group as the caller sees it."""

    values: Mapping[str, Any] = field(repr=False)
    redacted: tuple[Redaction, ...] = ()


@dataclass(slots=True)
class Stored:
    """Where what a head says is stored; a list of the present does not need it."""

    version_id: UUID
    version_number: int
    plugin_version: str
    portal_alias: str


@dataclass(slots=True)
class Head:
    """A licence at one version: all that a list shows. `key` opens its groups and never leaves the service. What it
    says had taken effect on `effective_date`, and was recorded at `recorded_at`.

    Neither it nor a group's view is frozen: a page makes hundreds, and a frozen one takes ten times as long to make.
    """

    id: UUID
    profession: str
    pseudonym: str
    registration_number: str
    version: int
    state: State
    content: int
    effective_date: date
    recorded_at: datetime
    key: LicenceKey = field(repr=False, compare=False)
    stored: Stored | None = None
    """None where it was read from the licence's own row."""
    past: bool = False
    """Whether this is the licence on another day, under the version's own id."""
    came: Mapping[str, Came] = field(default_factory=dict, repr=False, compare=False)
    """Groups that were read with it, by key."""
    row: Sequence[Any] = field(default=(), repr=False, compare=False)
    """In which they stand."""
    blobs: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """Of groups that stand once, by key: each is opened once."""

    @property
    def secret(self) -> bytes:
        """What opens its groups; raises SealBroken."""
        return self.key.secret

    @property
    def _stored(self) -> Stored:
        assert self.stored, "Whoever asks for this is not marked as `brief`."
        return self.stored

    @property
    def version_id(self) -> UUID:
        """The version's own id."""
        return self._stored.version_id

    @property
    def version_number(self) -> int:
        """Its place among the licence's versions, from 1."""
        return self._stored.version_number

    @property
    def plugin_version(self) -> str:
        """The plugin's version that wrote it."""
        return self._stored.plugin_version

    @property
    def portal_alias(self) -> str:
        """What the portal calls the holder at this licence."""
        return self._stored.portal_alias


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
    """A disposition on the head's day; `following` gives the verbs with which the caller may follow up those of the
    licence that are open to them."""

    disposition: Disposition
    profession: str
    following: Callable[[], Sequence[Verb]] = field(repr=False, compare=False)

    @property
    def viewer_may(self) -> tuple[Verb, ...]:
        """The verbs with which the caller may follow it up now."""
        today = clock.today()
        return tuple(verb for verb in self.following() if open_to(self.disposition, verb, today))


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
    return Sight(principal).of(profession, spec, values)


@dataclass(slots=True)
class Sight:
    """What one caller sees of groups: worked out once for each, however many rows of it are shown."""

    principal: Principal
    _known: dict[tuple[str, str], tuple[tuple[Redaction, ...], frozenset[str]]] = field(default_factory=dict)

    def of(self, profession: str, spec: GroupSpec, values: Mapping[str, Any]) -> GroupView:
        """The values of a group of a profession that the caller may see."""
        redacted, names = self.kept_back(profession, spec)
        if not redacted:
            return GroupView(values)
        if isinstance(values, Values):
            return GroupView(values.without(names), redacted)
        return GroupView({n: value for n, value in values.items() if n not in names}, redacted)

    def kept_back(self, profession: str, spec: GroupSpec) -> tuple[tuple[Redaction, ...], frozenset[str]]:
        """What the caller may not see of a group of a profession, and the names of those items."""
        known = self._known.get((profession, spec.key))
        if known is None:
            redacted = _redacted(spec, _reads(self.principal, profession))
            known = self._known[profession, spec.key] = redacted, frozenset(each.item for each in redacted)
        return known


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
