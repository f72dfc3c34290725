"""A conflict side by side: each item that the other side changed, as the register has it and as they wanted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meibo import clock
from meibo.access.principals import Principal
from meibo.exchange.feeds import Feed
from meibo.exchange.masters import Master
from meibo.exchange.messages import TheirChange
from meibo.exchange.outcomes import Conflict
from meibo.exchange.views import RecordView
from meibo.professions.compiled import NumberedItem
from meibo.register.fold import on
from meibo.register.writing import Known
from meibo.registry.views import visible


@dataclass(frozen=True, slots=True, repr=False)
class Compared:
    """An item of a conflict, both values as the register writes them in JSON. Of an item that this exchange has not
    (`item` and `master` are None then), and of one that the caller may not read, neither is told: it is `hidden`."""

    path: str
    item: NumberedItem | None
    master: Master | None
    ours: Any
    theirs: Any
    hidden: bool


@dataclass(frozen=True, slots=True, repr=False)
class OpenedConflict:
    """A conflict, the change that led to it, and what differs by item."""

    conflict: Conflict
    change: TheirChange
    items: tuple[Compared, ...]


def compared(
    principal: Principal, found: Feed, change: TheirChange, known: Known | None, said: Mapping[str, Master]
) -> Iterator[Compared]:
    """The items of a change in its order; `known` is the licence, of which the present is shown."""
    items = {each.path: each for each in found.view.items} if isinstance(found.view, RecordView) else {}
    for path, theirs in change.items.items():
        item = items.get(path)
        if item is None:
            yield Compared(path, None, None, None, None, hidden=True)
        elif not _visible(principal, found, item):
            yield Compared(path, item, said.get(path, Master.OURS), None, None, hidden=True)
        else:
            ours = _present(known, item)
            yield Compared(path, item, said.get(path, Master.OURS), ours, theirs, hidden=False)


def _visible(principal: Principal, found: Feed, item: NumberedItem) -> bool:
    profession = found.profession
    return visible(principal, profession.code, profession.groups[item.group], item.item)


def _present(known: Known | None, item: NumberedItem) -> Any:
    """What the register has today; None where it has nothing, or no such licence."""
    if known is None:
        return None
    segment = on(known.segments, clock.today()) or known.segments[-1]
    value = segment.record.value(item.path)
    return None if value is None else item.item.kind.dump(value)
