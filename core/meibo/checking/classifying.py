"""From what is held and what was told to an outcome, with the items that differ. Pure: a table of cases is its test.

Who was found by a number is the holder, unless the record reads like somebody else's: a number may have been entered
for a twin. Who was found by facts is the holder only where every fact agrees, and only if nobody else was found: of
two people of one name and one birthday, neither is ever taken for the other. What is not certain is ambiguous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from meibo.checking import comparing
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Item, Key, Life, Number, Outcome

COMPARED: Mapping[Item, Callable[[str, str], bool]] = {
    Item.NAME: comparing.same_name,
    Item.KANA: comparing.same_kana,
    Item.BIRTH_DATE: comparing.same_day,
    Item.SEX: str.__eq__,
    Item.ADDRESS: comparing.same_address,
}
"""What is compared where both sides say something, and how."""
NAMES = frozenset({Item.NAME, Item.KANA})
UNCHANGING = frozenset({Item.BIRTH_DATE, Item.SEX})
"""What no event changes: where they differ, somebody has made a mistake, or it is somebody else."""
IDENTIFYING = (Item.NAME, Item.BIRTH_DATE)
"""What must be known on both sides before facts alone say who somebody is."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply came to, the items that differ, and the one record that it rests on, if there is one."""

    outcome: Outcome
    differing: frozenset[Item] = frozenset()
    told: Told | None = None


def judge(held: Held, reply: Reply | None) -> Judgement:
    """What the check of a holder came to."""
    if reply is None:
        return Judgement(Outcome.NOT_ANSWERED)
    if not reply.records:
        return Judgement(Outcome.NON_PARTICIPATING if reply.non_participating else Outcome.NO_MATCH)
    if len(reply.records) > 1:
        return Judgement(Outcome.AMBIGUOUS)
    [told] = reply.records
    differing = frozenset(_differing(held, told))
    if not _is_holder(held, told, reply.key, differing):
        return Judgement(Outcome.AMBIGUOUS, differing, told)
    return Judgement(_outcome(told, differing), differing | _happened(told), told)


def _differing(held: Held, told: Told) -> Iterator[Item]:
    """The items of which both sides say something, and not the same."""
    for item, same in COMPARED.items():
        ours, theirs = getattr(held, item), getattr(told, item)
        if ours and theirs and ours != theirs and not same(ours, theirs):
            yield item


def _is_holder(held: Held, told: Told, key: Key, differing: frozenset[Item]) -> bool:
    if key is Key.FACTS:
        return not differing and all(
            getattr(held, item) and getattr(told, item) for item in _needed(held, told)
        )
    if differing & UNCHANGING or _is_unreadable(held, told, differing):
        return False
    return Item.NAME not in differing or _keeps_given_name(held, told)


def _needed(held: Held, told: Told) -> Iterator[Item]:
    """The facts that must agree: those that identify, and an address where the register has one. Nobody dies without:
    a namesake may live where no network reaches."""
    yield from IDENTIFYING
    if held.address or told.life is not Life.LIVING:
        yield Item.ADDRESS


def _is_unreadable(held: Held, told: Told, differing: frozenset[Item]) -> bool:
    """Whether a name fits only by characters that say nothing, and its reading does not confirm it."""
    whole = comparing.is_whole(held.name) and comparing.is_whole(told.name)
    return bool(told.name) and not whole and (Item.KANA in differing or not (held.kana and told.kana))


def _keeps_given_name(held: Held, told: Told) -> bool:
    """Whether a name that differs is the same person's after marriage, adoption or a new spelling: a given name that
    differs in writing and in reading is a sibling's."""
    given, given_kana = _given(told.name), _given(told.kana)
    written = bool(held.given_name and given) and comparing.same_name(held.given_name, given)
    read = bool(held.given_name_kana and given_kana) and comparing.same_kana(held.given_name_kana, given_kana)
    return written or read


def _given(name: str) -> str:
    """The given name: what follows the first blank; none where there is no blank."""
    return "".join(name.split()[1:])


def _outcome(told: Told, differing: frozenset[Item]) -> Outcome:
    """What happened to the holder: the first that does."""
    if told.life is Life.REMOVED:
        return Outcome.NO_MATCH
    happened = (
        (told.life is Life.DEAD, Outcome.DEAD),
        (told.number is Number.CHANGED, Outcome.NUMBER_CHANGED),
        (bool(differing & NAMES), Outcome.RENAMED),
        (Item.ADDRESS in differing, Outcome.MOVED),
    )
    return next((outcome for does, outcome in happened if does), Outcome.UNCHANGED)


def _happened(told: Told) -> frozenset[Item]:
    """What differs without being a text that is held."""
    found = {Item.LIFE} if told.life is not Life.LIVING else set()
    return frozenset(found | ({Item.NUMBER} if told.number is Number.CHANGED else set()))
