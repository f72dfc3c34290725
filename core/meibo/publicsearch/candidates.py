"""Who may be the one asked for: as many as `MOST` each time, those whom the key finds first, then decoys.

A decoy is opened as a candidate is and has a name that nobody can ask for, so that the work tells nothing of how many
there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from meibo import clock
from meibo.crypto.keys import KeyProvider
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import sealing
from meibo.register.fold import State
from meibo.register.search import SearchKind, digests, search_key_of
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.reader import Reader
from meibo.registry.selecting import Along, Wanted
from meibo.registry.views import Head, Stored

MOST = 20
"""Holders of one name, in one profession, who are looked at."""
ON_THE_REGISTER = (State.REGISTERED, State.SUSPENDED)
"""The search tells who stands in the register, as the law has it, not whether they may practise today."""
FILLING = "　" * 300
"""About what a sealed group holds beside the name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A licence and the rows of its groups that say who holds it since when, by group."""

    head: Head
    rows: Mapping[str, Mapping[str, Any]]


async def candidates(
    reader: Reader, decoys: Decoys, profession: Profession, key: str
) -> tuple[list[Candidate], bool]:
    """`MOST` of them, and whether there are others. One statement, whatever it finds."""
    kind = SearchKind.FULL
    asked = ListFilter(
        hashes=((kind, digests(search_key_of(reader.keys, profession.code), kind, key)),),
        states=ON_THE_REGISTER,
    )
    along = needed(profession)
    statement = reader.statements.page(
        profession.code, asked.shape(), Order.REGISTRATION_NUMBER_ASC, along, (), backward=False, bound=False
    )
    reach = reader.reach
    rows = await reader.database.fetch(
        statement, reach, scope=reach.scope, offices=None, profession=reader.scopes.of(profession.code),
        day=clock.today(), size=MOST + 1, **asked.values(),
    )  # fmt: skip
    found = [_candidate(reader, along, row) for row in rows[:MOST]]
    return found + [decoys.one(profession) for _ in range(MOST - len(found))], len(rows) > MOST


def needed(profession: Profession) -> Along:
    """The groups, and of each the items, that say a holder's name and sex and the day of registration."""
    holder, paths = profession.plugin.holder, [profession.plugin.registered]
    paths += [path for path in (holder.family_name, holder.given_name, holder.sex) if profession.item(path)]
    items: dict[str, set[str]] = {}
    for path in paths:
        group, _, name = path.partition(".")
        items.setdefault(group, set()).add(name)
    return Along(
        profession.code, tuple(Wanted(group, frozenset(names)) for group, names in sorted(items.items()))
    )


def _candidate(reader: Reader, along: Along, row: Sequence[Any]) -> Candidate:
    [head] = reader.opening.heads([row])
    rows = {
        group: {**came.columns.of(row), "content": head.content}
        for group, came in reader.statements.places(along, len(row)).items()
    }
    return Candidate(head, rows)


class Decoys:
    """One for each profession, sealed under a key of its own that no row has."""

    def __init__(self, keys: KeyProvider) -> None:
        self.keys = keys
        self._made: dict[str, Candidate] = {}

    def one(self, profession: Profession) -> Candidate:
        """Nobody, whose key is opened anew each time, as a candidate's is."""
        if profession.code not in self._made:
            self._made[profession.code] = self._make(profession)
        made = self._made[profession.code]
        return replace(made, head=replace(made.head, key=made.head.key.closed(), blobs={}))

    def _make(self, profession: Profession) -> Candidate:
        id, code, version = uuid4(), profession.code, profession.plugin.version
        envelope = sealing.licence_envelope(self.keys, code)
        secret, wrapped = sealing.new_licence_key(envelope, id)
        key = sealing.LicenceKey(envelope, id, wrapped.wrapped, wrapped.version)
        head = Head(
            id, code, "", "", 0, State.REGISTERED, 0, clock.today(), clock.now(), key, Stored(id, 0, version, "")
        )  # fmt: skip
        groups = [profession.groups[wanted.group] for wanted in needed(profession).groups]
        return Candidate(head, {spec.key: _sealed(spec, head, secret) for spec in groups})


def _sealed(spec: GroupSpec, head: Head, secret: bytes) -> dict[str, Any]:
    """A row of a group in which nothing stands but what fills it."""
    clear, _ = sealing.split(spec, {})
    row = {**clear, "content": head.content, "plugin_version": head.plugin_version}
    place = f"{head.profession}_{spec.key}"
    where = sealing.place(place, head.id, sealing.part_of(spec, row), head.plugin_version)
    return {**row, "sealed": sealing.seal_json(secret, {"": FILLING}, where)}
