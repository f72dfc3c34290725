"""What holds on which day: the pure fold, against a count of days, for whatever an office does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from meibo.register.fold import Act, State, Verb, fold, on, spans
from tests.core.register.acts import ALLOWED, DAY, EMPTY, FIRST, TERM, act, refused, term


@dataclass
class Measure:
    """A measure as a clerk notes it: what it is, its days, whether and since when it is lifted."""

    verb: Verb
    first: date
    last: date
    lifted: bool = False
    ordered: bool = False
    completed: bool = False


@dataclass
class DayByDay:
    """The office's view: one day after another, each with its acts. None where an act is not possible."""

    today: date = FIRST
    entered: bool = False
    struck_off: bool = False
    measures: dict[UUID | None, Measure] = field(default_factory=dict)
    term: dict[str, Any] = field(default_factory=dict)

    def run(self, acts: Sequence[Act], days: int) -> list[State | None] | None:
        seen: list[State | None] = []
        for self.today in (FIRST + n * DAY for n in range(days)):
            for each in sorted((a for a in acts if a.effective_date == self.today), key=lambda a: a.number):
                if self.state not in ALLOWED[each.verb] or not self.takes(each):
                    return None
            seen.append(self.state)
        return seen

    @property
    def state(self) -> State | None:
        if not self.entered or self.struck_off:
            return State.STRUCK_OFF if self.entered else None
        held = [m for m in self.measures.values() if m.first <= self.today <= m.last and not m.lifted]
        if any(m.verb is Verb.REVOKE for m in held):
            return State.REVOKED
        if self.term_is_over():
            return State.EXPIRED
        return State.SUSPENDED if any(m.verb is Verb.SUSPEND for m in held) else State.REGISTERED

    def term_is_over(self) -> bool:
        until, lifted = self.term.get("until"), self.term.get("lifted")
        if not until or self.today <= until:
            return False
        return lifted is None or (lifted - until).days > 1

    def takes(self, each: Act) -> bool:
        """Take an act, unless the measure that it names does not bear it."""
        self.term |= each.patch.get("register", {})
        match each.verb:
            case Verb.REGISTER:
                self.entered = True
            case Verb.STRIKE_OFF | Verb.UNDO_STRIKE_OFF:
                self.struck_off = each.verb is Verb.STRIKE_OFF
            case Verb.REPRIMAND | Verb.SUSPEND | Verb.REVOKE if each.order:
                last = each.order.end_date or date.max
                self.measures[each.id] = Measure(each.verb, each.order.start_date, last)
            case Verb.RESTORE:
                for measure in self.measures.values():
                    measure.lifted = True
            case Verb.LIFT_SUSPENSION | Verb.ORDER_REEDUCATION | Verb.COMPLETE_REEDUCATION:
                return self.follows(each.verb, self.measures.get(each.disposition))
        return True

    def follows(self, verb: Verb, named: Measure | None) -> bool:
        if named is None:
            return False
        if verb is Verb.LIFT_SUSPENSION:
            bears = named.verb is Verb.SUSPEND and not named.lifted and self.today <= named.last
            named.lifted = True
        elif verb is Verb.ORDER_REEDUCATION:
            bears, named.ordered = not named.ordered, True
        else:
            bears, named.completed = named.ordered and not named.completed, True
        return bears


LONGEST = 40


class Office(RuleBasedStateMachine):
    """An office that acts on any day, past ones too; what is refused is not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = [act(1, Verb.REGISTER)]

    @rule(
        verb=st.sampled_from(Verb),
        day=st.integers(0, LONGEST),
        after=st.integers(0, 5),
        days=st.none() | st.integers(1, 15),
        of=st.integers(2, 8),
        ends=st.none() | st.builds(term, st.integers(0, 50), st.none() | st.integers(0, 50)),
    )
    def take(
        self, verb: Verb, day: int, after: int, days: int | None, of: int, ends: dict[str, Any] | None
    ) -> None:
        days, ends = days if verb is Verb.SUSPEND else None, ends if verb is Verb.CORRECT else None
        new = act(len(self.acts) + 1, verb, day, after=after, days=days, of=of, **(ends or {}))
        attempt = [*self.acts, new]
        possible = DayByDay().run(attempt, 2 * LONGEST) is not None
        assert (refused(attempt) is None) is possible
        if possible:
            self.acts = attempt

    @invariant()
    def every_day_has_its_one_state(self) -> None:
        segments = fold(EMPTY, self.acts, TERM)
        expected = DayByDay().run(self.acts, 2 * LONGEST)
        assert [getattr(on(segments, FIRST + n * DAY), "state", None) for n in range(2 * LONGEST)] == expected

    @invariant()
    def spans_leave_no_gap_and_never_overlap(self) -> None:
        held = spans(fold(EMPTY, self.acts, TERM))
        assert held[0][1] == FIRST
        assert [end for _, _, end in held[:-1]] == [start for _, start, _ in held[1:]]
        assert all(end is None or start < end for _, start, end in held)
        assert held[-1][2] is None

    @invariant()
    def keys_tell_segments_apart(self) -> None:
        keys = [s.key for s in fold(EMPTY, self.acts, TERM)]
        assert len(set(keys)) == len(keys)


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=50, stateful_step_count=15, deadline=None)
