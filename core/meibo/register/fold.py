"""What holds on which day, folded from the actions: pure, so it can be rebuilt and tested without a database.

Actions are taken in the order in which they take effect, then in which they were recorded. A suspension with an
end lapses by itself on the day after, at midnight in Japan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from meibo.errors import Finding, FindingCode, Refused
from meibo.professions.rules import Record
from meibo.professions.verbs import Verb as Verb


class State(StrEnum):
    """The standing of a licence."""

    REGISTERED = "REGISTERED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    STRUCK_OFF = "STRUCK_OFF"
    EXPIRED = "EXPIRED"


class Status(StrEnum):
    """An action is asked for, then taken or turned down; the office's own are accepted at once."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


_STANDING = frozenset({State.REGISTERED, State.SUSPENDED})
ALLOWED: Mapping[Verb, frozenset[State | None]] = {
    Verb.REGISTER: frozenset({None}),
    Verb.CORRECT: _STANDING,
    Verb.REISSUE: _STANDING,
    Verb.SUSPEND: frozenset({State.REGISTERED}),
    Verb.LIFT_SUSPENSION: frozenset({State.SUSPENDED}),
    Verb.REVOKE: _STANDING,
    Verb.RESTORE: frozenset({State.REVOKED}),
    Verb.STRIKE_OFF: _STANDING | {State.REVOKED},
    Verb.UNDO_STRIKE_OFF: frozenset({State.STRUCK_OFF}),
}
"""From which states a verb may be done."""
BECOMES: Mapping[Verb, State] = {
    Verb.REGISTER: State.REGISTERED,
    Verb.SUSPEND: State.SUSPENDED,
    Verb.LIFT_SUSPENSION: State.REGISTERED,
    Verb.REVOKE: State.REVOKED,
    Verb.RESTORE: State.REGISTERED,
    Verb.STRIKE_OFF: State.STRUCK_OFF,
}
"""The state after a verb; the others leave it. Undoing a striking off brings back the one before, with its lapse."""

Patch = Mapping[str, Any]
"""Group -> identifier -> value, None clears; a list -> a tuple of records, all its rows."""


@dataclass(frozen=True, slots=True)
class Act:
    """One accepted action, opened."""

    id: UUID
    number: int
    verb: Verb
    effective_date: date
    patch: Patch = field(default_factory=dict)
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """From `start` on, until the next segment: this state, this record, by this act (or by its lapse)."""

    start: date
    act: UUID
    lapsed: bool
    state: State
    record: Record

    @property
    def key(self) -> SegmentKey:
        """What tells segments apart whose record may differ."""
        return self.act, self.state, self.start


SegmentKey = tuple[UUID, State, date]
Lapse = tuple[date, UUID]
"""The day on which a suspension is over, and the act that ordered it."""


@dataclass(slots=True)
class _Course:
    """The fold in progress."""

    record: Record
    state: State | None = None
    lapse: Lapse | None = None
    before_strike_off: tuple[State, Lapse | None] | None = None
    segments: list[Segment] = field(default_factory=list)

    def lapse_before(self, day: date | None) -> None:
        """End a suspension whose time is over by `day`."""
        if self.lapse and (day is None or self.lapse[0] <= day):
            start, act = self.lapse
            self.lapse = None
            self._enter(start, act, State.REGISTERED, lapsed=True)

    def take(self, act: Act) -> None:
        """Let one act take effect."""
        self.lapse_before(act.effective_date)
        if self.state not in ALLOWED[act.verb]:
            raise wrong_state()
        if act.verb is Verb.STRIKE_OFF and self.state:
            self.before_strike_off = self.state, self.lapse
        self.record = patched(self.record, act.patch)
        state, self.lapse = self._after(act)
        self._enter(act.effective_date, act.id, state, lapsed=False)

    def _after(self, act: Act) -> tuple[State, Lapse | None]:
        """The state that an act leads to, and when that lapses."""
        if act.verb is Verb.UNDO_STRIKE_OFF and self.before_strike_off:
            state, lapse = self.before_strike_off
            over = lapse is not None and lapse[0] <= act.effective_date
            return (State.REGISTERED, None) if over else (state, lapse)
        state = BECOMES.get(act.verb) or self.state or State.REGISTERED
        if act.verb is Verb.SUSPEND and act.end_date:
            return state, (act.end_date + timedelta(days=1), act.id)
        return state, self.lapse if state is State.SUSPENDED else None

    def _enter(self, day: date, act: UUID, state: State, *, lapsed: bool) -> None:
        self.state = state
        self.segments.append(Segment(day, act, lapsed, state, self.record))


def fold(empty: Record, acts: Iterable[Act]) -> list[Segment]:
    """The segments in order; one whose start equals the next one's held on no day.

    Raises Refused (WRONG_STATE) where an act may not be done in the state that it meets.
    """
    course = _Course(empty)
    for act in sorted(acts, key=lambda a: (a.effective_date, a.number)):
        course.take(act)
    course.lapse_before(None)
    return course.segments


def spans(segments: Sequence[Segment]) -> list[tuple[Segment, date, date | None]]:
    """(segment, first day, day after the last or None) of those that hold on some day."""
    ends = [s.start for s in segments[1:]] + [None]
    return [(s, s.start, end) for s, end in zip(segments, ends, strict=True) if end is None or s.start < end]


def on(segments: Sequence[Segment], day: date) -> Segment | None:
    """The segment that holds on a day; None before the first."""
    return next((s for s, start, end in spans(segments) if start <= day and (end is None or day < end)), None)


def patched(record: Record, patch: Patch) -> Record:
    """The record with the patch applied."""
    changed = {
        key: values if isinstance(values, tuple) else record.groups[key].with_values(values)
        for key, values in patch.items()
    }
    return replace(record, groups={**record.groups, **changed})


def wrong_state() -> Refused:
    """The refusal of a verb that the state does not allow."""
    return Refused(
        Finding(
            (),
            "現在の登録状態ではこの処理はできません。",
            "The licence's standing does not allow this. Look at its history.",
            FindingCode.WRONG_STATE,
            "register.wrong_state",
        )
    )
