"""Dispositions: what may follow them up, what they say on each day, how they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from meibo.professions.law import MeasureKind
from meibo.register.dispositions import Disposition, Order, dump_order, load_order
from meibo.register.fold import Act, Verb, fold
from tests.core.register.acts import DAY, EMPTY, ENTRY, FIRST, SUSPENDED, TERM, act, id_of, refused

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
