"""What an act would enter, from what was told: the values of a correction. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from meibo.checking.comparing import is_whole
from meibo.checking.facts import Held, Told
from meibo.checking.outcomes import Outcome
from meibo.professions.plugin import Holder
from meibo.values.names import kana_key

Values = Mapping[str, Mapping[str, str]]
"""Group -> item -> value, as a correction takes them."""


def proposed(holder: Holder, outcome: Outcome, held: Held, told: Told) -> Values:
    """The values that a correction would enter; none where the record does not say them as the register writes them.

    A name is taken where it has a family name and a given one and every character of it is whole.
    """
    match outcome:
        case Outcome.MOVED:
            return _placed({holder.address: told.address})
        case Outcome.RENAMED:
            return _placed(_names(holder, held, told))
        case _:
            return {}


def entered(holder: Holder, facts: Mapping[str, str]) -> Values:
    """The values that a correction would enter, from a holder's facts as a person wrote them, such as `family_name`."""
    return _placed({getattr(holder, fact): value for fact, value in facts.items()})


def _names(holder: Holder, held: Held, told: Told) -> dict[str, str]:
    """The parts of the name that differ from what is held, by path."""
    names, kana = told.name.split(), [kana_key(part) for part in told.kana.split()]
    if not (len(names) == len(kana) == 2 and is_whole(told.name)):
        return {}
    parts = {
        holder.family_name: (held.family_name, names[0]),
        holder.given_name: (held.given_name, names[1]),
        holder.family_name_kana: (held.family_name_kana, kana[0]),
        holder.given_name_kana: (held.given_name_kana, kana[1]),
    }
    return {path: new for path, (old, new) in parts.items() if old != new}


def _placed(values: Mapping[str, str]) -> Values:
    placed: dict[str, dict[str, str]] = {}
    for path, value in values.items():
        group, _, item = path.partition(".")
        placed.setdefault(group, {})[item] = value
    return placed
