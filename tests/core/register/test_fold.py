"""What holds on which day: the pure fold, against tables and against a count of days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from meibo.errors import Refused
from meibo.items.declaration import Group, item
from meibo.professions.law import MeasureKind, Term
from meibo.professions.rules import Record
from meibo.register.dispositions import Disposition, Order, dump_order, load_order
from meibo.register.fold import Act, Segment, State, Verb, fold, on, patched, spans

FIRST = date(2026, 4, 1)
DAY = timedelta(days=1)
NAMESPACE = UUID(int=7)


class Entry(
    Group, title="名簿", en="Entry", purpose="a test", source="a test", erasure="keep", key="register"
):
    """A register of one name and one memo, with entries for a term."""

    family_name: str = item("姓", en="Family name")
    memo: str | None = item("メモ", en="Memo")
    fixed: bool | None = item("期限付", en="For a term")
    until: date | None = item("有効期限", en="Last day of the term")
    lifted: date | None = item("解除日", en="Term lifted on")


EMPTY = Record({"register": Entry.of()})
TERM = Term("register.fixed", "register.until", "register.lifted")
ALLOWED: dict[Verb, set[State | None]] = {
    Verb.REGISTER: {None},
    Verb.CORRECT: {State.REGISTERED, State.SUSPENDED, State.EXPIRED},
    Verb.REISSUE: {State.REGISTERED, State.SUSPENDED},
    Verb.REPRIMAND: {State.REGISTERED, State.SUSPENDED},
    Verb.SUSPEND: {State.REGISTERED, State.SUSPENDED},
    Verb.LIFT_SUSPENSION: {State.REGISTERED, State.SUSPENDED},
    Verb.REVOKE: {State.REGISTERED, State.SUSPENDED},
    Verb.RESTORE: {State.REVOKED},
    Verb.ORDER_REEDUCATION: {State.REGISTERED, State.SUSPENDED, State.REVOKED},
    Verb.COMPLETE_REEDUCATION: {State.REGISTERED, State.SUSPENDED, State.REVOKED},
    Verb.STRIKE_OFF: {State.REGISTERED, State.SUSPENDED, State.REVOKED, State.EXPIRED},
    Verb.UNDO_STRIKE_OFF: {State.STRUCK_OFF},
}
"""From which states a verb may be done: said once more here, so that a change of the code's own table shows."""
REACHED: dict[State | None, tuple[Verb, ...]] = {
    None: (),
    State.REGISTERED: (Verb.REGISTER,),
    State.SUSPENDED: (Verb.REGISTER, Verb.SUSPEND),
    State.REVOKED: (Verb.REGISTER, Verb.REVOKE),
    State.STRUCK_OFF: (Verb.REGISTER, Verb.STRIKE_OFF),
    State.EXPIRED: (Verb.REGISTER,),
}


MEASURES = frozenset({Verb.REPRIMAND, Verb.SUSPEND, Verb.REVOKE})
NAMING = frozenset({Verb.LIFT_SUSPENSION, Verb.ORDER_REEDUCATION, Verb.COMPLETE_REEDUCATION})


def act(
    number: int,
    verb: Verb,
    day: int = 0,
    *,
    after: int = 0,
    days: int | None = None,
    of: int = 2,
    **values: str | bool | date | None,
) -> Act:
    """The act of that number, `day` days after the first. A measure begins `after` days later and lasts `days`; what
    follows one up names that of number `of`."""
    effective = FIRST + day * DAY
    start = effective + after * DAY
    end = None if days is None else start + (days - 1) * DAY
    order = Order(code="02", start_date=start, end_date=end) if verb in MEASURES else None
    named = id_of(of) if verb in NAMING else None
    return Act(id_of(number), number, verb, effective, {"register": values} if values else {}, order, named)


def term(until: int, lifted: int | None = None) -> dict[str, Any]:
    """The items of a term by days after the first: its last day, and the day on which it was lifted."""
    return {"fixed": True, "until": later(until), "lifted": None if lifted is None else later(lifted)}


def later(days: int) -> date:
    return FIRST + days * DAY


def id_of(number: int) -> UUID:
    return uuid5(NAMESPACE, str(number))


def told(segments: Sequence[Segment]) -> list[tuple[int, State, bool]]:
    """(day after the first, state, whether by itself) of each segment."""
    return [((s.start - FIRST).days, s.state, s.by_itself) for s in segments]


def refused(acts: Sequence[Act]) -> str | None:
    """The rule by which the fold refuses the acts; None where it takes them."""
    try:
        fold(EMPTY, acts, TERM)
    except Refused as error:
        [finding] = error.findings
        return finding.rule
    return None


WRONG_STATE = "register.wrong_state"


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(REACHED))
def test_verbs_of_each_state(state: State | None, verb: Verb) -> None:
    values = term(5) if state is State.EXPIRED else {}
    path = [
        act(n, v, n, days=30 if v is Verb.SUSPEND else None, **values)
        for n, v in enumerate(REACHED[state], 1)
    ]
    if path:
        found = on(fold(EMPTY, path, TERM), later(9))
        assert (found and found.state) is state
    assert (refused([*path, act(9, verb, 9)]) == WRONG_STATE) is (state not in ALLOWED[verb])


S, R, X, V = State.SUSPENDED, State.REGISTERED, State.STRUCK_OFF, State.REVOKED
E = State.EXPIRED
ENTRY = act(1, Verb.REGISTER)
SUSPENDED = [ENTRY, act(2, Verb.SUSPEND, 10, days=10)]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([ENTRY], [(0, R, False)], id="entered"),
        pytest.param(SUSPENDED, [(0, R, False), (10, S, False), (20, R, True)], id="lapses by itself"),
        pytest.param(
            [ENTRY, act(2, Verb.SUSPEND, 10, days=1)],
            [(0, R, False), (10, S, False), (11, R, True)],
            id="one day",
        ),
        pytest.param([ENTRY, act(2, Verb.SUSPEND, 10)], [(0, R, False), (10, S, False)], id="without an end"),
        pytest.param(
            [*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 15)],
            [(0, R, False), (10, S, False), (15, R, False)],
            id="lifting cancels the lapse",
        ),
        pytest.param(
            [ENTRY, act(2, Verb.SUSPEND, 10, after=5, days=10)],
            [(0, R, False), (10, R, False), (15, S, True), (25, R, True)],
            id="ordered before it begins",
        ),
        pytest.param(
            [
                ENTRY,
                act(2, Verb.SUSPEND, 10, after=5, days=10),
                act(3, Verb.LIFT_SUSPENSION, 12),
            ],
            [(0, R, False), (10, R, False), (12, R, False)],
            id="lifted before it begins",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 15, days=10)],
            [(0, R, False), (10, S, False), (15, S, False), (25, R, True)],
            id="a later order extends",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 15, after=5, days=10)],
            [(0, R, False), (10, S, False), (15, S, False), (30, R, True)],
            id="a later order follows without a gap",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 15, days=10), act(4, Verb.LIFT_SUSPENSION, 17, of=2)],
            [(0, R, False), (10, S, False), (15, S, False), (17, S, False), (25, R, True)],
            id="one of two lifted: the other goes on",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 15, days=10), act(4, Verb.LIFT_SUSPENSION, 17, of=3)],
            [(0, R, False), (10, S, False), (15, S, False), (17, S, False), (20, R, True)],
            id="the longer of two lifted: the shorter ends by itself",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 5, days=20)],
            [(0, R, False), (5, S, False), (10, S, False), (25, R, True)],
            id="a back-dated order that covers the other",
        ),
        pytest.param(
            [ENTRY, act(2, Verb.SUSPEND, 10, after=5, days=10), act(3, Verb.STRIKE_OFF, 12)],
            [(0, R, False), (10, R, False), (12, X, False)],
            id="struck off before it begins",
        ),
        pytest.param(
            [
                ENTRY,
                act(2, Verb.SUSPEND, 10, after=5, days=10),
                act(3, Verb.STRIKE_OFF, 12),
                act(4, Verb.UNDO_STRIKE_OFF, 17),
            ],
            [(0, R, False), (10, R, False), (12, X, False), (17, S, False), (25, R, True)],
            id="began while struck off: undone, it holds",
        ),
        pytest.param(
            [ENTRY, act(2, Verb.REVOKE, 10, after=5)],
            [(0, R, False), (10, R, False), (15, V, True)],
            id="a revocation takes effect later",
        ),
        pytest.param(
            [ENTRY, act(2, Verb.REPRIMAND, 10)],
            [(0, R, False), (10, R, False)],
            id="a reprimand leaves the standing",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.ORDER_REEDUCATION, 12), act(4, Verb.COMPLETE_REEDUCATION, 30)],
            [(0, R, False), (10, S, False), (12, S, False), (20, R, True), (30, R, False)],
            id="re-education leaves the standing",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.CORRECT, 15)],
            [(0, R, False), (10, S, False), (15, S, False), (20, R, True)],
            id="a correction leaves the lapse",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.REISSUE, 20)],
            [(0, R, False), (10, S, False), (20, R, True), (20, R, False)],
            id="the lapse comes before the acts of its day",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.SUSPEND, 20, days=5)],
            [(0, R, False), (10, S, False), (20, R, True), (20, S, False), (25, R, True)],
            id="suspended anew on the day of the lapse",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.REVOKE, 15)],
            [(0, R, False), (10, S, False), (15, V, False)],
            id="revoked: the suspension no longer shows",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.REVOKE, 15), act(4, Verb.RESTORE, 16)],
            [(0, R, False), (10, S, False), (15, V, False), (16, R, False)],
            id="restored in full",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.REVOKE, 15), act(4, Verb.RESTORE, 30), act(5, Verb.SUSPEND, 31, days=2)],
            [(0, R, False), (10, S, False), (15, V, False), (30, R, False), (31, S, False), (33, R, True)],
            id="suspended after a new licence",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.STRIKE_OFF, 12)],
            [(0, R, False), (10, S, False), (12, X, False)],
            id="struck off for good",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.STRIKE_OFF, 12), act(4, Verb.UNDO_STRIKE_OFF, 14)],
            [(0, R, False), (10, S, False), (12, X, False), (14, S, False), (20, R, True)],
            id="undone within the suspension: it goes on and lapses",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.STRIKE_OFF, 12), act(4, Verb.UNDO_STRIKE_OFF, 20)],
            [(0, R, False), (10, S, False), (12, X, False), (20, R, False)],
            id="undone after the suspension",
        ),
        pytest.param(
            [
                ENTRY,
                act(2, Verb.REVOKE, 5),
                act(3, Verb.STRIKE_OFF, 6),
                act(4, Verb.UNDO_STRIKE_OFF, 7),
            ],
            [(0, R, False), (5, V, False), (6, X, False), (7, V, False)],
            id="undone: revoked as before",
        ),
        pytest.param(
            [
                ENTRY,
                act(2, Verb.STRIKE_OFF, 5),
                act(3, Verb.UNDO_STRIKE_OFF, 6),
                act(4, Verb.REVOKE, 7),
                act(5, Verb.STRIKE_OFF, 8),
                act(6, Verb.UNDO_STRIKE_OFF, 9),
            ],
            [(0, R, False), (5, X, False), (6, R, False), (7, V, False), (8, X, False), (9, V, False)],
            id="struck off twice: each undoing brings back its own",
        ),
    ],
)
def test_courses(acts: list[Act], expected: list[tuple[int, State, bool]]) -> None:
    assert told(fold(EMPTY, acts, TERM)) == expected


def test_acts_of_one_day_are_taken_as_recorded_and_the_last_one_holds() -> None:
    acts = [
        act(1, Verb.REGISTER, family_name="見本"),
        act(2, Verb.CORRECT, 5, family_name="一"),
        act(3, Verb.CORRECT, 5, family_name="二"),
    ]
    segments = fold(EMPTY, acts[::-1], TERM)
    assert [s.act for s in segments] == [a.id for a in acts]
    assert [(s.act, start, end) for s, start, end in spans(segments)] == [
        (acts[0].id, FIRST, FIRST + 5 * DAY),
        (acts[2].id, FIRST + 5 * DAY, None),
    ]
    found = on(segments, FIRST + 5 * DAY)
    assert found is not None
    assert found.record.value("register.family_name") == "二"


def test_a_back_dated_correction_reaches_later_records_until_they_say_otherwise() -> None:
    acts = [
        act(1, Verb.REGISTER, family_name="見本", memo="一"),
        act(2, Verb.CORRECT, 10, memo="二"),
        act(3, Verb.CORRECT, 5, family_name="新見本", memo="三"),
    ]
    seen = [
        (s.record.value("register.family_name"), s.record.value("register.memo"))
        for s in fold(EMPTY, acts, TERM)
    ]
    assert seen == [("見本", "一"), ("新見本", "三"), ("新見本", "二")]


def test_none_clears_and_the_record_before_stays() -> None:
    before = patched(EMPTY, {"register": {"family_name": "見本", "memo": "一"}})
    after = patched(before, {"register": {"memo": None}})
    assert dict(after.groups["register"].values()) == {"family_name": "見本"}
    assert dict(before.groups["register"].values()) == {"family_name": "見本", "memo": "一"}


@pytest.mark.parametrize(
    "back_dated", [act(9, Verb.REVOKE, 9), act(9, Verb.STRIKE_OFF, 1)], ids=lambda a: f"{a.verb}"
)
def test_a_back_dated_act_that_makes_a_later_one_impossible_is_refused(back_dated: Act) -> None:
    assert refused([*SUSPENDED, back_dated]) == WRONG_STATE


UNKNOWN, NOT_OPEN = "register.no_disposition", "register.disposition_state"
REPRIMANDED = [ENTRY, act(2, Verb.REPRIMAND, 10)]
EDUCATED = [*REPRIMANDED, act(3, Verb.ORDER_REEDUCATION, 11)]


@pytest.mark.parametrize(
    ("acts", "rule"),
    [
        pytest.param([*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 12, of=9)], UNKNOWN, id="no such disposition"),
        pytest.param([*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 9)], UNKNOWN, id="before it was ordered"),
        pytest.param([*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 20)], NOT_OPEN, id="over"),
        pytest.param([*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 19)], None, id="on its last day"),
        pytest.param([*REPRIMANDED, act(3, Verb.LIFT_SUSPENSION, 12)], NOT_OPEN, id="no suspension"),
        pytest.param(
            [*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 12), act(4, Verb.LIFT_SUSPENSION, 13)],
            NOT_OPEN,
            id="lifted twice",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.LIFT_SUSPENSION, 12), act(4, Verb.LIFT_SUSPENSION, 11)],
            NOT_OPEN,
            id="lifted a second time, back-dated",
        ),
        pytest.param([*REPRIMANDED, act(3, Verb.COMPLETE_REEDUCATION, 12)], NOT_OPEN, id="never ordered"),
        pytest.param([*EDUCATED, act(4, Verb.ORDER_REEDUCATION, 12)], NOT_OPEN, id="ordered twice"),
        pytest.param([*EDUCATED, act(4, Verb.COMPLETE_REEDUCATION, 10)], NOT_OPEN, id="before the order"),
        pytest.param([*EDUCATED, act(4, Verb.COMPLETE_REEDUCATION, 11)], None, id="on the order's day"),
        pytest.param(
            [*EDUCATED, act(4, Verb.COMPLETE_REEDUCATION, 12), act(5, Verb.COMPLETE_REEDUCATION, 13)],
            NOT_OPEN,
            id="completed twice",
        ),
    ],
)
def test_what_follows_a_disposition_up(acts: list[Act], rule: str | None) -> None:
    assert refused(acts) == rule


def test_dispositions_say_on_each_day_what_was_done_by_then() -> None:
    segments = fold(
        EMPTY, [*SUSPENDED, act(3, Verb.ORDER_REEDUCATION, 12), act(4, Verb.LIFT_SUSPENSION, 15)], TERM
    )
    seen = [[(d.id, d.reeducation_ordered_date, d.lifted_date) for d in s.dispositions] for s in segments]
    ordered, lifted = FIRST + 12 * DAY, FIRST + 15 * DAY
    assert seen == [
        [],
        [(id_of(2), None, None)],
        [(id_of(2), ordered, None)],
        [(id_of(2), ordered, lifted)],
    ]


def test_a_new_licence_ends_every_measure_but_not_what_was_over() -> None:
    acts = [*SUSPENDED, act(3, Verb.SUSPEND, 12, days=90), act(4, Verb.REVOKE, 25), act(5, Verb.RESTORE, 30)]
    last = fold(EMPTY, acts, TERM)[-1]
    assert [d.lifted_date for d in last.dispositions] == [None, FIRST + 30 * DAY, FIRST + 30 * DAY]


@pytest.mark.parametrize(
    ("day", "state"), [(-1, None), (0, R), (9, R), (10, S), (19, S), (20, R), (10_000, R)]
)
def test_standing_on_a_day(day: int, state: State | None) -> None:
    found = on(fold(EMPTY, SUSPENDED, TERM), FIRST + day * DAY)
    assert (found and found.state) is state


FIXED = act(1, Verb.REGISTER, **term(19))
OVER = [(0, R, False), (20, E, True)]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        pytest.param([FIXED], OVER, id="ends by itself on the day after its last"),
        pytest.param([act(1, Verb.REGISTER, fixed=True)], [(0, R, False)], id="no last day"),
        pytest.param(
            [act(1, Verb.REGISTER, fixed=True, until=date.max)], [(0, R, False)], id="no day after the last"
        ),
        pytest.param([act(1, Verb.REGISTER, until=later(19))], [(0, R, False)], id="no entry for a term"),
        pytest.param([act(1, Verb.REGISTER, **term(-1))], [(0, E, False)], id="over when entered"),
        pytest.param([act(1, Verb.REGISTER, **term(19, 20))], [(0, R, False)], id="lifted when complete"),
        pytest.param([act(1, Verb.REGISTER, **term(19, 21))], OVER, id="lifted too late"),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 10, until=later(29))],
            [(0, R, False), (10, R, False), (30, E, True)],
            id="extended",
        ),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 10, lifted=later(8))],
            [(0, R, False), (10, R, False)],
            id="lifted",
        ),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 25, until=later(29))],
            [*OVER, (25, R, False), (30, E, True)],
            id="extended late: it stands again from that day",
        ),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 20, lifted=later(20))],
            [*OVER, (20, R, False)],
            id="lifted on the day after: no day is lost",
        ),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 25, memo="一")], [*OVER, (25, E, False)], id="else corrected"
        ),
        pytest.param(
            [FIXED, act(2, Verb.CORRECT, 10, until=later(4))],
            [(0, R, False), (10, E, False)],
            id="found to be over already",
        ),
        pytest.param(
            [FIXED, act(2, Verb.SUSPEND, 10, days=15)],
            [(0, R, False), (10, S, False), (20, E, True)],
            id="over while suspended: the end of the suspension changes nothing",
        ),
        pytest.param(
            [FIXED, act(2, Verb.SUSPEND, 10, days=15), act(3, Verb.CORRECT, 22, until=later(40))],
            [(0, R, False), (10, S, False), (20, E, True), (22, S, False), (25, R, True), (41, E, True)],
            id="extended while suspended: the suspension goes on",
        ),
        pytest.param(
            [FIXED, act(2, Verb.SUSPEND, 10, days=10)],
            [(0, R, False), (10, S, False), (20, E, True)],
            id="suspension and term end on one day",
        ),
        pytest.param(
            [FIXED, act(2, Verb.REVOKE, 10), act(3, Verb.RESTORE, 15)],
            [(0, R, False), (10, V, False), (15, R, False), (20, E, True)],
            id="restored: the term still ends",
        ),
        pytest.param(
            [FIXED, act(2, Verb.REVOKE, 10), act(3, Verb.RESTORE, 25)],
            [(0, R, False), (10, V, False), (25, E, False)],
            id="restored after the term",
        ),
        pytest.param(
            [FIXED, act(2, Verb.STRIKE_OFF, 25), act(3, Verb.UNDO_STRIKE_OFF, 30)],
            [*OVER, (25, X, False), (30, E, False)],
            id="struck off after the term, and undone",
        ),
    ],
)
def test_terms(acts: list[Act], expected: list[tuple[int, State, bool]]) -> None:
    assert told(fold(EMPTY, acts, TERM)) == expected


def test_a_term_means_nothing_to_a_profession_without() -> None:
    assert told(fold(EMPTY, [FIXED])) == [(0, R, False)]


def test_nobody_is_suspended_beyond_the_term() -> None:
    assert refused([FIXED, act(2, Verb.SUSPEND, 20, days=5)]) == WRONG_STATE
    assert refused([FIXED, act(2, Verb.SUSPEND, 19, days=5)]) is None


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


def test_a_period_is_told_in_whole_years_and_months() -> None:
    def period(start: date, end: date | None) -> tuple[int, int] | None:
        order = Order(code="02", start_date=start, end_date=end)
        return Disposition(id_of(1), MeasureKind.SUSPENSION, start, order).period

    assert period(date(2026, 4, 1), date(2029, 3, 31)) == (3, 0)
    assert period(date(2026, 4, 1), date(2029, 3, 30)) == (2, 11)
    assert period(date(2024, 2, 29), date(2025, 2, 28)) == (1, 0)
    assert period(date(2026, 8, 31), date(2027, 2, 28)) == (0, 6)
    assert period(date(2026, 4, 1), date(2026, 4, 29)) == (0, 0)
    assert period(date(2026, 4, 1), None) is None


@pytest.mark.parametrize(
    ("kind", "days", "states"),
    [
        (MeasureKind.SUSPENSION, 3, [None, "ORDERED", "IN_FORCE", "IN_FORCE", "ENDED"]),
        (MeasureKind.REVOCATION, None, [None, "ORDERED", "IN_FORCE", "IN_FORCE", "IN_FORCE"]),
        (MeasureKind.REPRIMAND, None, [None, "ENDED", "ENDED", "ENDED", "ENDED"]),
    ],
)
def test_the_state_of_a_disposition(kind: MeasureKind, days: int | None, states: list[str | None]) -> None:
    start = FIRST + 2 * DAY
    order = Order(code="02", start_date=start, end_date=start + (days - 1) * DAY if days else None)
    disposition = Disposition(id_of(1), kind, FIRST, order)
    on_days = [FIRST - DAY, FIRST, start, start + 2 * DAY, start + 3 * DAY]
    assert [disposition.state(day) for day in on_days] == states
    if days:
        lifted = replace(disposition, lifted_date=start + DAY)
        assert [lifted.state(day) for day in on_days] == [None, "ORDERED", "IN_FORCE", "LIFTED", "LIFTED"]


def test_an_order_is_the_same_after_storing() -> None:
    order = Order(
        code="02", start_date=FIRST, end_date=FIRST + DAY, office_name="厚生労働大臣", office_code="0001",
        number="医政発1号", reason="703", remarks="備考",
    )  # fmt: skip
    assert load_order(json.loads(json.dumps(dump_order(order)))) == order
    without = replace(order, end_date=None)
    assert load_order(dump_order(without)) == without
