"""What holds on which day: the pure fold, against tables and against a count of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from meibo.errors import FindingCode, Refused
from meibo.items.declaration import Group, item
from meibo.professions.rules import Record
from meibo.register.fold import Act, Segment, State, Verb, fold, on, patched, spans

FIRST = date(2026, 4, 1)
DAY = timedelta(days=1)
NAMESPACE = UUID(int=7)


class Entry(
    Group, title="名簿", en="Entry", purpose="a test", source="a test", erasure="keep", key="register"
):
    """A register of one name and one memo."""

    family_name: str = item("姓", en="Family name")
    memo: str | None = item("メモ", en="Memo")


EMPTY = Record({"register": Entry.of()})
ALLOWED: dict[Verb, set[State | None]] = {
    Verb.REGISTER: {None},
    Verb.CORRECT: {State.REGISTERED, State.SUSPENDED},
    Verb.REISSUE: {State.REGISTERED, State.SUSPENDED},
    Verb.SUSPEND: {State.REGISTERED},
    Verb.LIFT_SUSPENSION: {State.SUSPENDED},
    Verb.REVOKE: {State.REGISTERED, State.SUSPENDED},
    Verb.RESTORE: {State.REVOKED},
    Verb.STRIKE_OFF: {State.REGISTERED, State.SUSPENDED, State.REVOKED},
    Verb.UNDO_STRIKE_OFF: {State.STRUCK_OFF},
}
"""From which states a verb may be done: said once more here, so that a change of the code's own table shows."""
REACHED: dict[State | None, tuple[Verb, ...]] = {
    None: (),
    State.REGISTERED: (Verb.REGISTER,),
    State.SUSPENDED: (Verb.REGISTER, Verb.SUSPEND),
    State.REVOKED: (Verb.REGISTER, Verb.REVOKE),
    State.STRUCK_OFF: (Verb.REGISTER, Verb.STRIKE_OFF),
}


def act(number: int, verb: Verb, day: int = 0, *, days: int | None = None, **values: str | None) -> Act:
    """The act of that number, `day` days after the first; a suspension lasts `days`."""
    effective = FIRST + day * DAY
    end = None if days is None else effective + (days - 1) * DAY
    patch = {"register": values} if values else {}
    return Act(uuid5(NAMESPACE, str(number)), number, verb, effective, patch, end)


def told(segments: Sequence[Segment]) -> list[tuple[int, State, bool]]:
    """(day after the first, state, whether by lapse) of each segment."""
    return [((s.start - FIRST).days, s.state, s.lapsed) for s in segments]


def refuses(acts: Sequence[Act]) -> bool:
    """Whether the fold refuses the acts, which it does for one reason alone."""
    try:
        fold(EMPTY, acts)
    except Refused as error:
        return [(f.code, f.rule) for f in error.findings] == [
            (FindingCode.WRONG_STATE, "register.wrong_state")
        ]
    return False


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(REACHED))
def test_verbs_of_each_state(state: State | None, verb: Verb) -> None:
    path = [act(n, v, n, days=30 if v is Verb.SUSPEND else None) for n, v in enumerate(REACHED[state])]
    if path:
        assert fold(EMPTY, path)[len(path) - 1].state is state
    assert refuses([*path, act(9, verb, 9)]) is (state not in ALLOWED[verb])


S, R, X, V = State.SUSPENDED, State.REGISTERED, State.STRUCK_OFF, State.REVOKED
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
            id="revoking cancels the lapse",
        ),
        pytest.param(
            [*SUSPENDED, act(3, Verb.REVOKE, 15), act(4, Verb.RESTORE, 16)],
            [(0, R, False), (10, S, False), (15, V, False), (16, R, False)],
            id="restored in full",
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
    assert told(fold(EMPTY, acts)) == expected


def test_acts_of_one_day_are_taken_as_recorded_and_the_last_one_holds() -> None:
    acts = [
        act(1, Verb.REGISTER, family_name="見本"),
        act(2, Verb.CORRECT, 5, family_name="一"),
        act(3, Verb.CORRECT, 5, family_name="二"),
    ]
    segments = fold(EMPTY, acts[::-1])
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
        (s.record.value("register.family_name"), s.record.value("register.memo")) for s in fold(EMPTY, acts)
    ]
    assert seen == [("見本", "一"), ("新見本", "三"), ("新見本", "二")]


def test_none_clears_and_the_record_before_stays() -> None:
    before = patched(EMPTY, {"register": {"family_name": "見本", "memo": "一"}})
    after = patched(before, {"register": {"memo": None}})
    assert dict(after.groups["register"].values()) == {"family_name": "見本"}
    assert dict(before.groups["register"].values()) == {"family_name": "見本", "memo": "一"}


@pytest.mark.parametrize(
    "back_dated",
    [act(9, Verb.REVOKE, 9), act(9, Verb.SUSPEND, 9, days=2), act(9, Verb.STRIKE_OFF, 1)],
    ids=lambda a: f"{a.verb}",
)
def test_a_back_dated_act_that_makes_a_later_one_impossible_is_refused(back_dated: Act) -> None:
    assert refuses([*SUSPENDED, back_dated])


def test_a_shorter_life_than_the_suspension_found_before_it() -> None:
    """Suspended from the 5th for 20 days: the suspension of the 10th finds no licence to suspend."""
    assert refuses([*SUSPENDED, act(9, Verb.SUSPEND, 5, days=20)])
    assert not refuses([*SUSPENDED, act(9, Verb.SUSPEND, 5, days=5)])


@pytest.mark.parametrize(
    ("day", "state"), [(-1, None), (0, R), (9, R), (10, S), (19, S), (20, R), (10_000, R)]
)
def test_standing_on_a_day(day: int, state: State | None) -> None:
    found = on(fold(EMPTY, SUSPENDED), FIRST + day * DAY)
    assert (found and found.state) is state


@dataclass
class DayByDay:
    """The office's view: one day after another, each with its acts. None where an act is not possible."""

    state: State | None = None
    last_day: date | None = None
    before: tuple[State | None, date | None] = (None, None)

    def run(self, acts: Sequence[Act], days: int) -> list[State | None] | None:
        seen: list[State | None] = []
        for day in (FIRST + n * DAY for n in range(days)):
            self.lapse(day)
            for each in sorted((a for a in acts if a.effective_date == day), key=lambda a: a.number):
                if self.state not in ALLOWED[each.verb]:
                    return None
                self.take(each)
                self.lapse(day)
            seen.append(self.state)
        return seen

    def lapse(self, day: date) -> None:
        if self.state is State.SUSPENDED and self.last_day and self.last_day < day:
            self.state, self.last_day = State.REGISTERED, None

    def take(self, each: Act) -> None:
        match each.verb:
            case Verb.REGISTER | Verb.LIFT_SUSPENSION | Verb.RESTORE:
                self.state = State.REGISTERED
            case Verb.SUSPEND:
                self.state, self.last_day = State.SUSPENDED, each.end_date
            case Verb.REVOKE:
                self.state = State.REVOKED
            case Verb.STRIKE_OFF:
                self.before, self.state = (self.state, self.last_day), State.STRUCK_OFF
            case Verb.UNDO_STRIKE_OFF:
                self.state, self.last_day = self.before


LONGEST = 40


class Office(RuleBasedStateMachine):
    """An office that acts on any day, past ones too; what is refused is not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = [act(1, Verb.REGISTER)]

    @rule(verb=st.sampled_from(Verb), day=st.integers(0, LONGEST), days=st.none() | st.integers(1, 15))
    def take(self, verb: Verb, day: int, days: int | None) -> None:
        new = act(len(self.acts) + 1, verb, day, days=days if verb is Verb.SUSPEND else None)
        attempt = [*self.acts, new]
        possible = DayByDay().run(attempt, 2 * LONGEST) is not None
        assert refuses(attempt) is not possible
        if possible:
            self.acts = attempt

    @invariant()
    def every_day_has_its_one_state(self) -> None:
        segments = fold(EMPTY, self.acts)
        expected = DayByDay().run(self.acts, 2 * LONGEST)
        assert [getattr(on(segments, FIRST + n * DAY), "state", None) for n in range(2 * LONGEST)] == expected

    @invariant()
    def spans_leave_no_gap_and_never_overlap(self) -> None:
        held = spans(fold(EMPTY, self.acts))
        assert held[0][1] == FIRST
        assert [end for _, _, end in held[:-1]] == [start for _, start, _ in held[1:]]
        assert all(end is None or start < end for _, start, end in held)
        assert held[-1][2] is None

    @invariant()
    def keys_tell_segments_apart(self) -> None:
        keys = [s.key for s in fold(EMPTY, self.acts)]
        assert len(set(keys)) == len(keys)


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=50, stateful_step_count=15, deadline=None)
