"""Acts on one licence, told by the day after its first, and what the fold makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from meibo.errors import Refused
from meibo.items.declaration import Group, item
from meibo.professions.law import Term
from meibo.professions.rules import Record
from meibo.register.dispositions import Order
from meibo.register.fold import Act, Segment, State, Verb, fold

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
S, R, X, V = State.SUSPENDED, State.REGISTERED, State.STRUCK_OFF, State.REVOKED
E = State.EXPIRED
ENTRY = act(1, Verb.REGISTER)
SUSPENDED = [ENTRY, act(2, Verb.SUSPEND, 10, days=10)]
