"""Fields of licences for a whole level of an answer: what one statement gives for all licences of one profession."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from meibo.identity import NumberKind
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register.fold import State
from meibo.register.written import Written, loading
from meibo.registry.claims import certificate_claims, claim_groups
from meibo.registry.opening import holder_items
from meibo.registry.selecting import Wanted
from meibo.registry.viewing import ViewReader
from meibo.registry.views import DispositionView, GroupView, Head, visible
from meibo.values.eras import day_of
from meibo_graphql import types, words
from meibo_graphql.batching import Batched, Picked
from meibo_graphql.certificates import CertificateClaim, IssuedCertificate
from meibo_graphql.groups import shown
from meibo_graphql.ids import NodeKey, NodeKind
from meibo_graphql.types import Language, code_of

Heads = Sequence[Head]


def ids(context: Any, heads: Heads) -> list[str]:
    """The licences' ids."""
    sealed: list[str] = context.ids.seal_all(NodeKind.LICENCE, [head.id for head in heads])
    return sealed


async def registration_dates(context: Any, heads: Heads, _picked: Picked) -> list[date | None]:
    """The days on which the holders were registered."""
    [wanted] = registered_item(context.installation.host[heads[0].profession], _picked)
    [name] = wanted.items
    rows = await context.reader.written(wanted.group, heads, wanted.items)
    spec = context.installation.host[heads[0].profession].groups[wanted.group]
    load = loading(spec, spec.items[name])
    return [day_of(load(row[0])) for row in rows]


def registration_numbers(context: Any, heads: Heads) -> list[str | None]:
    """The register numbers, where the caller may read them."""
    if not heads:
        return []
    code = heads[0].profession
    profession = context.installation.host[code]
    group, _, name = profession.plugin.number.partition(".")
    spec = profession.groups[group]
    seen = visible(context.principal, code, spec, spec.items[name])
    return [str(head.registration_number) if seen else None for head in heads]


def registered_item(profession: Profession, _picked: Picked) -> Iterable[Wanted]:
    """The item that says when a holder was registered."""
    group, _, name = profession.plugin.registered.partition(".")
    return [Wanted(group, frozenset({name}))]


async def holders(context: Any, heads: Heads, picked: Picked) -> list[types.Holder]:
    """Who hold the licences."""
    items = holder_items(context.installation.host[heads[0].profession], picked)
    groups = {key: await context.reader.groups(key, heads, wanted) for key, wanted in items.items()}
    return [
        holder(context, head, {key: views[place] for key, views in groups.items()})
        for place, head in enumerate(heads)
    ]


def items_of_holders(profession: Profession, picked: Picked) -> Iterable[Wanted]:
    """The items that say who the holders are."""
    return [Wanted(group, items) for group, items in holder_items(profession, picked).items()]


def holder(context: Any, head: Head, groups: Mapping[str, GroupView]) -> types.Holder:
    """Who holds a licence, from the groups that say so."""
    view = context.reader.holder(head, groups)
    birth, profession = view.values["birth_date"], context.installation.host[head.profession]
    sex = profession.item(profession.plugin.holder.sex)
    return types.Holder(
        full_name=view.values["full_name"],
        full_name_kana=view.values["full_name_kana"],
        birth_date=birth and types.PartialDate(source=birth),
        sex=code_of(view.values["sex"], sex.codes if sex else None),
        redacted=[types.Redaction(item=types.camel(r.item), reason=r.reason) for r in view.redacted],
    )


async def states(
    context: Any, heads: Heads, _picked: Picked, on: date | None = None
) -> Sequence[State | None]:
    """The standing of the licences on a day; None: today in Japan."""
    if on is None:
        return [head.state for head in heads]
    found: Sequence[State | None] = await context.reader.state_on(heads, on)
    return found


async def state_labels(
    context: Any, heads: Heads, picked: Picked, on: date | None = None, language: Language = Language.JA
) -> list[str | None]:
    """The standing of the licences on a day, in words."""
    found = await states(context, heads, picked, on)
    return [types.worded(words.STATES[state], language) if state else None for state in found]


async def versions(
    context: Any, heads: Heads, _picked: Picked, as_of: date | None = None, known_at: datetime | None = None
) -> Sequence[Head | None]:
    """The licences on a day, as was known at an instant; None where there was no entry."""
    reader = context.reader
    found: Sequence[Head | None]
    if as_of is None and known_at is None:
        found = await reader.versions([head.version_id for head in heads])
    else:
        found = await reader.heads([head.id for head in heads], as_of, known_at)
    return found


async def dispositions(context: Any, heads: Heads, _picked: Picked) -> list[list[types.Disposition]]:
    """The measures against the holders, in the order in which they were ordered."""
    found = await context.reader.dispositions(heads)
    return [measures(context, head, views) for head, views in zip(heads, found, strict=True)]


def measures(context: Any, head: Head, views: Iterable[DispositionView]) -> list[types.Disposition]:
    """The measures of one licence under their ids: those of a version are its own."""
    part = head.version_id if head.past else head.id
    return [
        types.disposition_of(NodeKey(NodeKind.DISPOSITION, view.disposition.id, part), view) for view in views
    ]


async def individual_numbers(context: Any, heads: Heads, _picked: Picked) -> list[types.NumberStatus]:
    """Whether the vault holds the holders' individual numbers."""
    found = await context.reader.number_statuses(heads, NumberKind.INDIVIDUAL_NUMBER)
    return [types.NumberStatus(held=status.held, destroyed_at=status.destroyed_at) for status in found]


async def certificates(context: Any, heads: Heads, _picked: Picked) -> list[list[IssuedCertificate]]:
    """The certificates of the licences."""
    found = await context.reader.certificates(heads)
    return [[IssuedCertificate(source=each) for each in of_one] for of_one in found]


async def claims(context: Any, heads: Heads, _picked: Picked) -> list[list[CertificateClaim]]:
    """What certificates of the licences show."""
    profession, codes = context.installation.host[heads[0].profession], context.installation.codes
    groups = {key: await context.reader.groups(key, heads) for key in claim_groups(profession)}
    return [
        [
            CertificateClaim(source=claim)
            for claim in certificate_claims(
                profession, head, {key: views[place] for key, views in groups.items()}, codes
            )
        ]
        for place, head in enumerate(heads)
    ]


def groups_of(spec: GroupSpec) -> Batched:
    """A group that stands once."""

    async def many(context: Any, heads: Heads, picked: Picked) -> Sequence[Written]:
        rows: Sequence[Written] = await context.reader.written(
            spec.key, heads, picked.intersection(spec.items)
        )
        return rows

    wants = lambda _profession, picked: [Wanted(spec.key, picked.intersection(spec.items))]  # noqa: E731
    return Batched(many, wants, brief=True)


def lists_of(spec: GroupSpec) -> Batched:
    """A list that a version holds, in order."""

    async def many(context: Any, heads: Heads, picked: Picked) -> Sequence[Sequence[Written]]:
        rows: Sequence[Sequence[Written]] = await context.reader.written_rows(
            spec.key, heads, picked.intersection(spec.items)
        )
        return rows

    return Batched(many, brief=True)


def replies_of(spec: GroupSpec, kinds: Mapping[str, NumberKind]) -> Batched:
    """A group of which a licence gathers rows; its numbers lie in the vault, one status for all rows."""

    async def many(context: Any, heads: Heads, _picked: Picked) -> list[Any]:
        told = await statuses(context, heads, kinds)
        found = await context.reader.replies(spec.key, heads)
        return [
            [shown(spec, view, **numbers) for _, view in replies]
            for numbers, replies in zip(told, found, strict=True)
        ]

    return Batched(many)


def views_of(spec: GroupSpec) -> Batched:
    """A group that core computes for a licence."""

    async def many(context: Any, heads: Heads, _picked: Picked) -> list[Any]:
        found = await ViewReader(context.reader).rows(spec.key, heads)
        return [[shown(spec, view) for view in views] for views in found]

    return Batched(many)


def numbers_of(kinds: Mapping[str, NumberKind]) -> Batched:
    """The group in the vault: a status for each number."""

    async def many(context: Any, heads: Heads, _picked: Picked) -> list[Any]:
        return [{**told, "redacted": []} for told in await statuses(context, heads, kinds)]

    return Batched(many)


async def statuses(
    context: Any, heads: Heads, kinds: Mapping[str, NumberKind]
) -> list[dict[str, types.NumberStatus]]:
    """Whether the vault holds each number of each licence."""
    told = {name: await context.reader.number_statuses(heads, kind) for name, kind in kinds.items()}
    return [
        {
            n: types.NumberStatus(held=s[place].held, destroyed_at=s[place].destroyed_at)
            for n, s in told.items()
        }
        for place in range(len(heads))
    ]
