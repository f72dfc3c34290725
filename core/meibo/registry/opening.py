"""From rows to what a caller may see of them: heads, groups, holders, actions, dispositions. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from typing import Any

import orjson

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.crypto.envelopes import Envelope
from meibo.crypto.keys import KeyProvider
from meibo.items.declaration import Cardinality, Item
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import sealing
from meibo.register.fold import ALLOWED, FOLLOWING, Act, State, Verb, dispositions_of
from meibo.register.opening import open_details, open_measure
from meibo.register.written import NOTHING, Columns, Reading, Written, reading
from meibo.registry import measures
from meibo.registry.scopes import Scopes
from meibo.registry.selecting import BRIEF
from meibo.registry.views import (
    ActionView,
    DispositionView,
    GroupView,
    Head,
    Redaction,
    RedactionReason,
    Sight,
    Stored,
    visible,
)
from meibo.values.dates import as_partial

_BRIEF = itemgetter(slice(len(BRIEF)))
"""The columns of a row that say how a licence stands today."""
_STATES = {state.value: state for state in State}
"""Looked up, as a call of the enum takes longer than the rest of a head."""


@dataclass(slots=True)
class Opening:
    """Opens rows for one principal."""

    scopes: Scopes
    keys: KeyProvider
    principal: Principal
    sight: Sight = field(init=False)
    envelopes: dict[int, Envelope] = field(default_factory=dict)
    following: dict[tuple[str, State], list[Verb]] = field(default_factory=dict)
    """By profession and standing, the verbs with which the caller may follow up dispositions."""

    def __post_init__(self) -> None:
        self.sight = Sight(self.principal)

    def profession(self, head: Head) -> Profession:
        """The profession of a licence."""
        return self.scopes.host[head.profession]

    def heads(self, rows: Iterable[Sequence[Any]], *, past: bool = False) -> list[Head]:
        """Licences from rows that begin with the columns of `selecting.HEAD`."""
        codes, envelope = self.scopes.codes, self._envelope
        return [
            Head(
                id, codes[scope], pseudonym, number, version, _STATES[state], content, effective_date, recorded_at,
                sealing.LicenceKey(envelope(scope), id, wrapped_key, key_version),
                Stored(version_id, version_number, plugin_version, alias), past,
            )
            for (
                id, scope, pseudonym, alias, number, version, wrapped_key, key_version, version_id, version_number,
                state, content, effective_date, recorded_at, plugin_version, *_,
            ) in rows
        ]  # fmt: skip

    def present(self, rows: Sequence[Sequence[Any]], day: date, known_at: datetime) -> list[Head]:
        """Licences on a day as their own rows say, which begin with the columns of `selecting.BRIEF`, and as was known
        at an instant."""
        codes, scopes = self.scopes.codes, {row[1] for row in rows}
        envelopes = {scope: self._envelope(scope) for scope in scopes}
        return [
            Head(
                id, codes[scope], pseudonym, number, version, _STATES[state], content, day, known_at,
                sealing.LicenceKey(envelopes[scope], id, wrapped_key, key_version),
            )
            for id, scope, pseudonym, number, version, wrapped_key, key_version, state, content in map(_BRIEF, rows)
        ]  # fmt: skip

    def _envelope(self, scope: int) -> Envelope:
        """What wraps the keys of a profession's licences."""
        known = self.envelopes.get(scope)
        if known is None:
            known = self.envelopes[scope] = sealing.licence_envelope(self.keys, self.scopes.code(scope))
        return known

    def group(self, spec: GroupSpec, head: Head, row: Mapping[str, Any]) -> GroupView:
        """A row of a group, opened where it has a blob, and masked; raises SealBroken."""
        hidden: Mapping[str, Any] = {}
        if row.get("sealed") is not None:
            hidden = orjson.loads(self._blob(spec, head, row))
        return self.sight.of(head.profession, spec, sealing.joined(spec, row, hidden))

    def written(
        self,
        code: str,
        spec: GroupSpec,
        columns: Columns,
        items: Iterable[str],
        heads: Sequence[Head],
        rows: Sequence[Sequence[Any]],
    ) -> list[Written]:
        """The rows of a group, one for each of the heads of a profession: `items` in alphabetical order as they are
        written, None where there is none or it is masked; last of all what is masked. It raises SealBroken."""
        redacted, kept_back = self.sight.kept_back(code, spec)
        known = reading(spec, columns, tuple(sorted(items)), kept_back)
        blobs = (
            self._blobs(f"{code}_{spec.key}", spec.key, known, heads, rows)
            if known.opens
            else repeat(NOTHING)
        )
        return list(map(known.read, rows, blobs, repeat(redacted)))

    def _blobs(
        self, table: str, key: str, known: Reading, heads: Sequence[Head], rows: Sequence[Sequence[Any]]
    ) -> Iterator[bytes]:
        """The JSON of each row's blob, which is opened once where its group stands once."""
        sealed_at, version_at, position = known.sealed, known.version, known.position
        for head, row in zip(heads, rows, strict=True):
            sealed = row[sealed_at]
            blob = head.blobs.get(key) if position is None else None
            if sealed is None:  # There is no such row: an outer join has found none.
                blob = NOTHING
            elif blob is None:
                part = f"{head.content}" if position is None else f"{head.content}/{row[position]}"
                where = sealing.place(table, head.id, part, row[version_at])
                blob = sealing.open_blob(head.key.cipher, sealed, where)
                if position is None:
                    head.blobs[key] = blob
            yield blob

    def _blob(self, spec: GroupSpec, head: Head, row: Mapping[str, Any]) -> bytes:
        """The JSON of a row's blob, which is opened once where its group stands once."""
        known = head.blobs.get(spec.key)
        if known is not None:
            return known
        part = sealing.part_of(spec, row)
        where = sealing.place(f"{head.profession}_{spec.key}", head.id, part, row["plugin_version"])
        opened = sealing.open_blob(head.key.cipher, row["sealed"], where)
        if spec.cardinality is Cardinality.ONE:
            head.blobs[spec.key] = opened
        return opened

    def empty(self, spec: GroupSpec, head: Head) -> GroupView:
        """A group of which a version holds nothing."""
        return self.sight.of(head.profession, spec, sealing.Values(spec, {}, {}))

    def holder(self, head: Head, groups: Mapping[str, GroupView]) -> GroupView:
        """Name, reading, birth date and sex of the holder, from the groups that hold them, as far as visible."""
        seen: dict[str, Any] = {}
        hidden: list[Redaction] = []
        for target, parts in _holder(self.profession(head)).items():
            values = [
                groups[p.spec.key].values.get(p.item.name) if p.spec.key in groups else None for p in parts
            ]
            seen[target] = "　".join(v for v in values if v) if target in _NAMES else next(iter(values), None)
            if any(not visible(self.principal, head.profession, p.spec, p.item) for p in parts):
                hidden.append(Redaction(target, RedactionReason.NO_PERMISSION))
        seen["birth_date"] = seen["birth_date"] and as_partial(seen["birth_date"])
        return GroupView({name: value or None for name, value in seen.items()}, tuple(hidden))

    def holder_groups(self, head: Head) -> tuple[str, ...]:
        """The groups in which the holder's items stand."""
        return holder_groups(self.profession(head))

    def action(self, head: Head, row: Any) -> ActionView:
        """One action, with its reason where the caller may read it."""
        reason = None
        if self.principal.may(Permission.PERSONAL_READ, head.profession):
            reason = open_details(row, head.secret).get("reason")
        return ActionView(
            row.id, row.number, row.verb, row.status, row.effective_date, row.recorded_at, row.institution, row.account,
            row.legal_basis, row.resulting_version, reason,
        )  # fmt: skip

    def dispositions(self, head: Head, rows: Sequence[Any]) -> list[DispositionView]:
        """The dispositions that follow from a licence's actions, as they stood at the head."""
        if not rows:
            return []
        code, following = head.profession, partial(self._following, head)
        return [DispositionView(each, code, following) for each in dispositions_of(self._acts(head, rows))]

    def _acts(self, head: Head, rows: Iterable[Any]) -> list[Act]:
        """The acts that had taken effect at a head, as far as they were recorded when it was."""
        return [
            open_measure(row, head.key.cipher)
            for row in rows
            if row.effective_date <= head.effective_date and row.recorded_at <= head.recorded_at
        ]

    def _following(self, head: Head) -> Sequence[Verb]:
        """The verbs with which the caller may follow up dispositions of a licence; none where it is past."""
        if head.past:
            return ()
        key = head.profession, head.state
        if key not in self.following:
            self.following[key] = self._permitted(head, FOLLOWING)
        return self.following[key]

    def viewer_may(self, head: Head) -> list[Verb]:
        """The verbs that this caller may use on the licence now; those upon a disposition stand there."""
        return self._permitted(head, ALLOWED.keys() - FOLLOWING)

    def _permitted(self, head: Head, verbs: Set[Verb]) -> list[Verb]:
        """Those that the standing, the profession's law and the caller's permissions allow."""
        return [
            verb
            for verb in Verb
            if verb in verbs
            and head.state in ALLOWED[verb]
            and measures.known_to(self.profession(head), verb)
            and self.principal.may(Permission(f"registry:licence:{verb}"), head.profession)
        ]


@dataclass(frozen=True, slots=True)
class _Part:
    """An item that says something of the holder."""

    spec: GroupSpec
    item: Item


_HOLDER: Mapping[str, tuple[str, ...]] = {
    "full_name": ("family_name", "given_name"),
    "full_name_kana": ("family_name_kana", "given_name_kana"),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
}
_NAMES = frozenset({"full_name", "full_name_kana"})


@lru_cache(200)
def _holder(profession: Profession) -> Mapping[str, tuple[_Part, ...]]:
    """Where the profession keeps what is told of its holders."""
    return {
        target: tuple(
            _Part(profession.groups[path.partition(".")[0]], item)
            for path in (getattr(profession.plugin.holder, part) for part in parts)
            if (item := profession.item(path))
        )
        for target, parts in _HOLDER.items()
    }


def holder_items(profession: Profession, targets: Iterable[str]) -> dict[str, frozenset[str]]:
    """The items by group that some of `full_name`, `full_name_kana`, `birth_date` and `sex` are told from."""
    found: dict[str, frozenset[str]] = {group: frozenset() for group in holder_groups(profession)}
    for target in _HOLDER.keys() & targets:
        for part in _holder(profession)[target]:
            found[part.spec.key] |= {part.item.name}
    return found


@lru_cache(200)
def holder_groups(profession: Profession) -> tuple[str, ...]:
    """The groups in which the holder's items stand."""
    return tuple(sorted({part.spec.key for parts in _holder(profession).values() for part in parts}))
