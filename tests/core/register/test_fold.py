"""What holds on which day: the pure fold, against tables."""

from __future__ import annotations

import pytest

from meibo.register.fold import Act, State, Verb, fold, on, patched, spans
from tests.core.register.acts import (
    ALLOWED,
    DAY,
    EMPTY,
    ENTRY,
    FIRST,
    SUSPENDED,
    TERM,
    WRONG_STATE,
    R,
    S,
    V,
    X,
    act,
    later,
    refused,
    term,
    told,
)

REACHED: dict[State | None, tuple[Verb, ...]] = {
    None: (),
    State.REGISTERED: (Verb.REGISTER,),
    State.SUSPENDED: (Verb.REGISTER, Verb.SUSPEND),
    State.REVOKED: (Verb.REGISTER, Verb.REVOKE),
    State.STRUCK_OFF: (Verb.REGISTER, Verb.STRIKE_OFF),
    State.EXPIRED: (Verb.REGISTER,),
}


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


@pytest.mark.parametrize(
    ("day", "state"), [(-1, None), (0, R), (9, R), (10, S), (19, S), (20, R), (10_000, R)]
)
def test_standing_on_a_day(day: int, state: State | None) -> None:
    found = on(fold(EMPTY, SUSPENDED, TERM), FIRST + day * DAY)
    assert (found and found.state) is state
