"""What holds on which day, folded from the actions: pure, so it can be rebuilt and tested without a database.

Actions are taken in the order in which they take effect, then in which they were recorded. A measure takes effect
on the day on which it is ordered, but what it does to the standing holds from its first day to its last: it begins
and ends by itself, at midnight in Japan. The standing of a day follows from all measures that are in force on it.
An entry for a term that nothing lifts ends by itself as well, after its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from meibo.errors import Finding, FindingCode, Refused
from meibo.professions.law import MeasureKind, Term
from meibo.professions.rules import Record
from meibo.professions.verbs import Verb as Verb
from meibo.register.dispositions import Disposition, Order
from meibo.values.eras import day_of


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
    # A correction may find that the term ended later, or was lifted in time: then the entry stands again.
    Verb.CORRECT: _STANDING | {State.EXPIRED},
    Verb.REISSUE: _STANDING,
    Verb.REPRIMAND: _STANDING,
    Verb.SUSPEND: _STANDING,
    Verb.LIFT_SUSPENSION: _STANDING,
    Verb.REVOKE: _STANDING,
    Verb.RESTORE: frozenset({State.REVOKED}),
    Verb.ORDER_REEDUCATION: _STANDING | {State.REVOKED},
    Verb.COMPLETE_REEDUCATION: _STANDING | {State.REVOKED},
    Verb.STRIKE_OFF: _STANDING | {State.REVOKED, State.EXPIRED},
    Verb.UNDO_STRIKE_OFF: frozenset({State.STRUCK_OFF}),
}
"""From which states a verb may be done."""
MEASURE_OF: Mapping[Verb, MeasureKind] = {
    Verb.REPRIMAND: MeasureKind.REPRIMAND,
    Verb.SUSPEND: MeasureKind.SUSPENSION,
    Verb.REVOKE: MeasureKind.REVOCATION,
}
"""What a verb that orders a disposition does to the standing."""
FOLLOWING = frozenset({Verb.LIFT_SUSPENSION, Verb.ORDER_REEDUCATION, Verb.COMPLETE_REEDUCATION})
"""The verbs that name a disposition and add to it."""
DISPOSING = FOLLOWING | MEASURE_OF.keys() | {Verb.RESTORE}
"""The verbs from which the dispositions of a licence follow."""

Patch = Mapping[str, Any]
"""Group -> identifier -> value, None clears; a list -> a tuple of records, all its rows."""


@dataclass(frozen=True, slots=True)
class Act:
    """One accepted action, opened. A measure has its `order`, effective from the day on which it was ordered;
    a verb that follows one up names the `disposition`."""

    id: UUID
    number: int
    verb: Verb
    effective_date: date
    patch: Patch = field(default_factory=dict)
    order: Order | None = None
    disposition: UUID | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """From `start` on, until the next segment: this state, record and dispositions, by this act or by the time."""

    start: date
    act: UUID
    by_itself: bool
    """Whether a measure began or ended then, or a term was over, without anybody's act."""
    state: State
    record: Record
    dispositions: tuple[Disposition, ...]

    @property
    def key(self) -> SegmentKey:
        """What tells segments apart whose content may differ."""
        return self.act, self.state, self.start

    def same_content(self, other: Segment) -> bool:
        """Whether a stored version of one says what the other says."""
        return self.record == other.record and self.dispositions == other.dispositions


SegmentKey = tuple[UUID, State, date]
Dispositions = Mapping[UUID, Disposition]


@dataclass(slots=True)
class _Course:
    """The fold in progress."""

    record: Record
    term: Term | None = None
    entered: bool = False
    struck_off: bool = False
    dispositions: Dispositions = field(default_factory=dict)
    segments: list[Segment] = field(default_factory=list)

    def standing(self, day: date) -> State | None:
        """What follows for a day from the entry, its striking off, its term, and the measures in force."""
        if not self.entered:
            return None
        if self.struck_off:
            return State.STRUCK_OFF
        in_force = {d.kind for d in self.dispositions.values() if d.in_force(day)}
        if MeasureKind.REVOCATION in in_force:
            return State.REVOKED
        if self.expiry and self.expiry <= day:
            return State.EXPIRED
        return State.SUSPENDED if MeasureKind.SUSPENSION in in_force else State.REGISTERED

    @property
    def expiry(self) -> date | None:
        """The first day after the term of the entry; None where it has no end."""
        return expiry_date(self.record, self.term) if self.term else None

    def reach(self, day: date) -> None:
        """Let measures begin and end, and the term end, by themselves up to `day`, at midnight."""
        if not self.segments:
            return
        last = self.segments[-1]
        turns = [(turn, d.id) for d in self.dispositions.values() for turn in d.turns]
        turns += [(self.expiry, last.act)] if self.expiry else []
        for turn, act in sorted((t for t in turns if last.start < t[0] <= day), key=lambda t: t[0]):
            if self.standing(turn) is not self.segments[-1].state:
                self._enter(turn, act, by_itself=True)

    def take(self, act: Act) -> None:
        """Let one act take effect."""
        self.reach(act.effective_date)
        if self.standing(act.effective_date) not in ALLOWED[act.verb]:
            raise wrong_state()
        self.dispositions = followed(self.dispositions, act)
        self.record = patched(self.record, act.patch)
        self.entered = True
        self.struck_off = act.verb is Verb.STRIKE_OFF
        self._enter(act.effective_date, act.id, by_itself=False)

    def _enter(self, day: date, act: UUID, *, by_itself: bool) -> None:
        state = self.standing(day)
        assert state is not None
        dispositions = tuple(self.dispositions.values())
        self.segments.append(Segment(day, act, by_itself, state, self.record, dispositions))


def followed(known: Dispositions, act: Act) -> Dispositions:
    """The dispositions of a licence after one act more.

    Raises Refused for an act that names none of them, or one that is not open to it.
    """
    day = act.effective_date
    if act.order is not None:
        return {**known, act.id: Disposition(act.id, MEASURE_OF[act.verb], day, act.order)}
    if act.verb is Verb.RESTORE:
        return {id: replace(d, lifted_date=day) if d.lasts(day) else d for id, d in known.items()}
    if act.verb not in FOLLOWING:
        return known
    named = known.get(act.disposition) if act.disposition else None
    if named is None or not open_to(named, act.verb, day):
        raise _not_open(named)
    return {**known, named.id: _with(named, act.verb, day)}


def _with(named: Disposition, verb: Verb, day: date) -> Disposition:
    """A disposition with what a verb adds to it."""
    if verb is Verb.LIFT_SUSPENSION:
        return replace(named, lifted_date=day)
    if verb is Verb.ORDER_REEDUCATION:
        return replace(named, reeducation_ordered_date=day)
    return replace(named, reeducation_completed_date=day)


def open_to(disposition: Disposition, verb: Verb, day: date) -> bool:
    """Whether a verb may follow a disposition up on a day: a suspension that is not over is lifted, re-education is
    ordered once, and completed once after that."""
    match verb:
        case Verb.LIFT_SUSPENSION:
            return disposition.kind is MeasureKind.SUSPENSION and disposition.lasts(day)
        case Verb.ORDER_REEDUCATION:
            return disposition.reeducation_ordered_date is None
        case Verb.COMPLETE_REEDUCATION:
            ordered = disposition.reeducation_ordered_date is not None
            return ordered and disposition.reeducation_completed_date is None
        case _:
            return False


def dispositions_of(acts: Iterable[Act]) -> tuple[Disposition, ...]:
    """The dispositions that acts of DISPOSING verbs led to, in the order in which they were ordered."""
    known: Dispositions = {}
    for act in in_order(acts):
        known = followed(known, act)
    return tuple(known.values())


def in_order(acts: Iterable[Act]) -> list[Act]:
    """Acts as they take effect: by day, then as they were recorded."""
    return sorted(acts, key=lambda act: (act.effective_date, act.number))


def expiry_date(record: Record, term: Term) -> date | None:
    """The first day on which an entry for a term stands no longer; None where it has no end.

    A term is lifted in time while it runs, or on this very day: who must work throughout it has done so only then.
    """
    until, lifted = day_of(record.value(term.until)), day_of(record.value(term.lifted))
    if until in (None, date.max) or not record.value(term.fixed):
        return None
    over = until + timedelta(days=1)
    return None if lifted and lifted <= over else over


def fold(empty: Record, acts: Iterable[Act], term: Term | None = None) -> list[Segment]:
    """The segments in order; one whose start equals the next one's held on no day. `term` names a term's items.

    Raises Refused (WRONG_STATE, NOT_FOUND) where an act may not be done in the state that it meets.
    """
    course = _Course(empty, term)
    for act in in_order(acts):
        course.take(act)
    course.reach(date.max)
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
    return Record({**record.groups, **changed})


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


def _not_open(named: Disposition | None) -> Refused:
    """The refusal of an act that names no disposition of the licence on its day, or one that is not open to it."""
    if named is None:
        return Refused(
            Finding(
                ("disposition",),
                "その日にこの処分はありません。処分を選び直してください。",
                "The licence has no such disposition on that day: choose one of its own.",
                FindingCode.NOT_FOUND,
                "register.no_disposition",
            )
        )
    return Refused(
        Finding(
            ("disposition",),
            "この処分に対してこの処理はできません。処分の経過を確認してください。",
            "This cannot be done to the disposition as it stands. Look at what was done to it.",
            FindingCode.WRONG_STATE,
            "register.disposition_state",
        )
    )
