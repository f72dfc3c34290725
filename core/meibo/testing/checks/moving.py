"""What goes in comes out again: imports, corrections with both days, striking off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from meibo import clock
from meibo.errors import Refused
from meibo.importing.headers import resolve
from meibo.installation import Installation
from meibo.items.declaration import Cardinality, Item
from meibo.professions.compiled import GroupSpec
from meibo.register.fold import State, Verb
from meibo.register.tables import stored
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from meibo.testing.findings import Finding, at
from meibo.testing.stores import REASON, caller, heads, opened
from meibo.testing.subjects import HOLDERS, Subject
from meibo.values.eras import EraDate

SAMPLES = {"text": "見本", "kana": "ミホン"}
"""A value for an item of a kind, in the history's correction."""


async def round_trip(subject: Subject) -> list[Finding]:
    """Every value of an imported file is read back as it was given."""
    number = subject.profession.plugin.number
    lost: dict[str, Finding] = {}
    async with opened(subject) as installation:
        reader = installation.reader(caller(subject), "check")
        nodes = await heads(subject, reader, HOLDERS)
        values: dict[str, dict[str, Mapping[str, Any]]] = {head.registration_number: {} for head in nodes}
        for spec in _once(subject):
            for head, view in zip(nodes, await reader.groups(spec.key, nodes), strict=True):
                values[head.registration_number][spec.key] = view.values
    for row in subject.rows:
        held = values.get(row.get(number.partition(".")[2], "") or row.get(number, ""), {})
        for spec, item, text in _cells(subject, row):
            if not _same(item, text, held.get(spec.key, {}).get(item.name)):
                place = subject.sources.item(spec.type, item.name)
                what = f"{spec.key}.{item.name} is read back otherwise than it was imported"
                lost[f"{spec.key}.{item.name}"] = at(place, what, "mend its kind, or its migration")
    return list(lost.values())


def _once(subject: Subject) -> Iterator[GroupSpec]:
    return (s for s in subject.profession.content_groups if s.cardinality is Cardinality.ONE and stored(s))


def _cells(subject: Subject, row: Mapping[str, str]) -> Iterator[tuple[GroupSpec, Item, str]]:
    """The filled fields of groups that stand once."""
    filled = {header: text for header, text in row.items() if text}
    for column, text in zip(resolve(subject.profession, list(filled)), filled.values(), strict=True):
        spec = subject.profession.groups[column.group]
        if spec.cardinality is Cardinality.ONE and column.name in spec.items:
            yield spec, spec.items[column.name], text


def _same(item: Item, text: str, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, EraDate):
        return text in (value.day.isoformat(), value.date_text)
    return bool(item.kind.dump(item.kind.parse(text, item)) == item.kind.dump(value))


async def history(subject: Subject) -> list[Finding]:
    """After a correction, the day before shows the old value and today the new one."""
    today = clock.today()
    async with opened(subject) as installation:
        reader = installation.reader(caller(subject), "check")
        head = (await heads(subject, reader, 1))[0]
        changed = await _corrected(subject, installation, head)
        if changed is None:
            what, mend = "no synthetic holder can be corrected", "look at the rules, and at meibo_demo_values"
            return [at(subject.sources.declaration, what, mend)]
        spec, item, before, after = changed
        reader = installation.reader(caller(subject), "check")
        seen = []
        for day in (today - timedelta(days=1), today):
            [found] = await reader.heads([head.id], as_of=day)
            view = (await reader.groups(spec.key, [found]))[0] if found else None
            seen.append(view.values.get(item.name) if view else None)
    if seen == [before, after]:
        return []
    place = subject.sources.item(spec.type, item.name)
    return [at(place, f"the history of {spec.key}.{item.name} is not what was entered", "mend its kind")]


async def _corrected(
    subject: Subject, installation: Installation, head: Head
) -> tuple[GroupSpec, Item, Any, str] | None:
    """The first item that a correction may change: its group, itself, its value before and after."""
    plugin = subject.profession.plugin
    reader = installation.reader(caller(subject), "check")
    fixed = {plugin.number, *(path for effect in plugin.effects.values() for path in effect.paths())}
    for spec in _once(subject):
        [view] = await reader.groups(spec.key, [head])
        for item in spec.items.values():
            after = SAMPLES.get(item.kind.name, "")[: item.max_length]
            before = view.values.get(item.name)
            if not after or item.unique or f"{spec.key}.{item.name}" in fixed or before == after:
                continue
            if await _acted(subject, installation, Verb.CORRECT, head, {spec.key: {item.name: after}}):
                return spec, item, before, after
    return None


async def erasure(subject: Subject) -> list[Finding]:
    """Striking off leaves the record as the erasure rule says, and records why."""
    place, rule = subject.sources.named("ErasureRule"), subject.profession.plugin.erasure
    async with opened(subject) as installation:
        reader = installation.reader(caller(subject), "check")
        head = (await heads(subject, reader, HOLDERS))[-1]
        if not await _acted(subject, installation, Verb.STRIKE_OFF, head, {}):
            return [at(place, "no synthetic holder can be struck off", "look at legal bases and effects")]
        reader = installation.reader(caller(subject), "check")
        [after] = await reader.heads([head.id])
        if after is None or after.state is not State.STRUCK_OFF:
            return [
                at(place, "a licence that was struck off does not say so", "report it: standing is core's")
            ]
        kept = [any((await reader.groups(s.key, [after]))[0].values.values()) for s in _once(subject)]
    if any(kept) is rule.keep_record:
        return []
    what = f"after striking off the record is {'kept' if any(kept) else 'gone'}"
    return [at(place, what, "declare keep_record as the register does it")]


async def _acted(
    subject: Subject,
    installation: Installation,
    verb: Verb,
    head: Head,
    values: Mapping[str, Mapping[str, Any]],
) -> bool:
    """Whether the office takes an act on a licence today."""
    today, plugin = clock.today(), subject.profession.plugin
    bases = [b.id for b in plugin.legal_bases if b.valid_from <= today <= (b.valid_to or today)]
    request = ActRequest(
        idempotency_key=f"{verb}-{head.id}-{sorted(values.items())}"[:200],
        effective_date=today,
        reason=REASON,
        legal_basis=verb if verb in bases else bases[0],
        licence=head.id,
        expected_version=head.version,
        values=values,
    )
    try:
        await installation.office.act(caller(subject), verb, request)
    except Refused:
        return False
    return True


CHECKS = (round_trip, history, erasure)
