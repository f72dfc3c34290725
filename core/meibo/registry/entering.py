"""The rows of a first entry; an import queues many."""

from __future__ import annotations

from datetime import datetime

from meibo.access.principals import Principal
from meibo.professions.rules import Record
from meibo.randomness import new_id
from meibo.register.fold import Act, fold, spans
from meibo.register.rows import Decision, RowWriter, StoredVersion
from meibo.registry.requests import Outcome


def add_entry(
    writer: RowWriter,
    principal: Principal,
    decision: Decision,
    record: Record,
    outcome: Outcome,
    pseudonym: str,
    alias: str,
    at: datetime,
) -> None:
    """Queue every row of a first entry, whose `record` is what the decision's patch says; an import queues many."""
    licence, act = outcome.licence, outcome.action
    assert licence is not None
    assert act is not None
    number = str(record.value(writer.profession.plugin.number))
    office, plugin = writer.profession.office(record), writer.profession.plugin
    # An entry for a term has a segment more: the end that it comes to by itself.
    segments = fold(record, [Act(act, 1, decision.verb, decision.effective_date)], plugin.term)
    secret = writer.add_licence(
        licence, pseudonym, alias, "", number, office, at, segments
    )  # fmt: skip
    writer.add_action(principal, licence, secret, 1, act, decision, at, len(segments))
    for version, (segment, start, end) in enumerate(spans(segments), 1):
        stored = StoredVersion(new_id(), version, 1)
        writer.add_version(licence, secret, stored, segment, at)
        writer.add_span(licence, stored.id, start, end, at)
    writer.add_search_keys(licence, record)
    writer.add_unique_values(licence, record)
