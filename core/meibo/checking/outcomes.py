"""What a check can come to. Closed sets: reports, rules and permissions rest on them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from meibo.items.texts import Texts


class Outcome(StrEnum):
    """What the check of one holder came to; where several hold, the first of them in this order."""

    NOT_ANSWERED = "not_answered"
    NON_PARTICIPATING = "non_participating"
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"
    DEAD = "dead"
    NUMBER_CHANGED = "number_changed"
    RENAMED = "renamed"
    MOVED = "moved"
    UNCHANGED = "unchanged"


OUTCOME_NAMES: Mapping[Outcome, Texts] = {
    Outcome.NOT_ANSWERED: ("未回答", "Not answered"),
    Outcome.NON_PARTICIPATING: ("不参加団体", "Municipality outside the network"),
    Outcome.NO_MATCH: ("該当なし", "Nobody found"),
    Outcome.AMBIGUOUS: ("本人か不明", "May be another person"),
    Outcome.DEAD: ("死亡", "Dead"),
    Outcome.NUMBER_CHANGED: ("番号変更", "Number changed"),
    Outcome.RENAMED: ("氏名変更", "Renamed"),
    Outcome.MOVED: ("住所変更", "Moved"),
    Outcome.UNCHANGED: ("変更なし", "Unchanged"),
}
"""What the office calls them."""
QUIET = frozenset({Outcome.NOT_ANSWERED, Outcome.NON_PARTICIPATING, Outcome.UNCHANGED})
"""Outcomes that tell nothing of the holder: they are counted, and nobody has to look at them."""


class Item(StrEnum):
    """What is compared."""

    NAME = "name"
    KANA = "kana"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ADDRESS = "address"
    NUMBER = "number"
    LIFE = "life"


class Key(StrEnum):
    """By what somebody was found: a number, or a symbol got by one, is one person's; facts may be another's too."""

    NUMBER = "number"
    FACTS = "facts"


class Life(StrEnum):
    """What a registry says of somebody's life; `removed` is for another reason than death, such as a move abroad."""

    LIVING = "living"
    DEAD = "dead"
    REMOVED = "removed"


class Number(StrEnum):
    """How the number that was told stands to the one in the vault, which alone compares them."""

    NOT_TOLD = "not_told"
    SAME = "same"
    CHANGED = "changed"
