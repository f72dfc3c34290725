"""Licences for a term."""

from __future__ import annotations

from datetime import date

import pytest

from meibo.register.fold import Act, State, Verb, fold
from tests.core.register.acts import EMPTY, TERM, WRONG_STATE, E, R, S, V, X, act, later, refused, term, told

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
