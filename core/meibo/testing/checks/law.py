"""Legal bases, fees, procedures, certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from meibo import clock
from meibo.professions.procedures import DOCUMENTS, Fee
from meibo.testing.findings import Finding, Place, at
from meibo.testing.subjects import Subject

CHANNELS = ("online", "paper")
KINDS = ("tax", "fee")
ENTRY = "register"
"""The legal basis on which the import and the office's first entry rest."""


def legal_bases(subject: Subject) -> Iterator[Finding]:
    """Legal bases end after they begin, and entries and measures rest on one that holds today."""
    plugin, sources, today = subject.profession.plugin, subject.sources, clock.today()
    for basis in plugin.legal_bases:
        if basis.valid_to and basis.valid_to < basis.valid_from:
            place = sources.named("LegalBasis", basis.id)
            yield at(place, f"the legal basis {basis.id} ends before it begins", "mend its days")
    holding = {b.id for b in plugin.legal_bases if b.valid_from <= today <= (b.valid_to or today)}
    if ENTRY not in holding:
        yield at(
            sources.declaration, "no legal basis of entries holds today", f'declare LegalBasis("{ENTRY}", …)'
        )
    for measure in plugin.measures:
        if measure.legal_basis not in holding:
            place = sources.named("Measure", measure.code)
            yield at(
                place,
                f"the legal basis of the measure {measure.code} does not hold today",
                "name one that does",
            )


def fees(subject: Subject) -> Iterator[Finding]:
    """A procedure's fee has one amount for each channel on each day."""
    plugin = subject.profession.plugin
    known = {procedure.id for procedure in plugin.procedures}
    for fee in plugin.fees:
        if fee.procedure not in known:
            place = _place(subject, fee)
            yield at(place, f"there is no procedure {fee.procedure}", "name one that is declared")
        if fee.channel not in (*CHANNELS, "any") or fee.kind not in KINDS or fee.yen < 0:
            place = _place(subject, fee)
            yield at(
                place, f"a fee of {fee.procedure} has an unknown channel or kind", "see the reference of fees"
            )
    for procedure, kind in sorted({(fee.procedure, fee.kind) for fee in plugin.fees}):
        for channel in CHANNELS:
            mine = [f for f in plugin.fees if (f.procedure, f.kind) == (procedure, kind)]
            due = sorted((f for f in mine if f.channel in (channel, "any")), key=lambda f: f.valid_from)
            for fee, flaw in _flaws(due):
                what = f"the {kind} of {procedure} ({channel}) {flaw}"
                yield at(_place(subject, fee), what, "let one period end the day before the next begins")


def _flaws(due: Sequence[Fee]) -> Iterator[tuple[Fee, str]]:
    """Gaps and overlaps of periods in order, and an end without a successor."""
    for before, after in pairwise(due):
        if before.valid_to is None or after.valid_from <= before.valid_to:
            yield after, f"overlaps another from {after.valid_from}"
        elif after.valid_from > before.valid_to + timedelta(days=1):
            yield after, f"has a gap before {after.valid_from}"
    if due and due[-1].valid_to and due[-1].valid_to < clock.today():
        yield due[-1], f"has a gap after {due[-1].valid_to}"


def _place(subject: Subject, fee: Fee) -> Place:
    day: date = fee.valid_from
    words = (fee.procedure, fee.channel)
    return subject.sources.named("Fee", *words, day.isoformat(), otherwise=words)


def documents(subject: Subject) -> Iterator[Finding]:
    """The papers of a procedure are known to core or declared by the plugin."""
    plugin = subject.profession.plugin
    known = {document.id for document in (*DOCUMENTS, *plugin.documents)}
    for procedure in plugin.procedures:
        for id in procedure.documents:
            if id not in known:
                place = subject.sources.named("Procedure", procedure.id)
                yield at(place, f"there is no document {id}", f'declare Document("{id}", (…, …))')


def certificate(subject: Subject) -> Iterator[Finding]:
    """Every claim of the certificate has a value for some synthetic holder."""
    claims = [claim for claim in subject.profession.claims if claim.paths]
    for row in subject.many_rows():
        if not claims:
            break
        claims = [claim for claim in claims if not any(_held(row, path) for path in claim.paths)]
    for claim in claims:
        place = subject.sources.named("Claim", claim.name)
        what = f"no synthetic holder has a value for the claim {claim.name}"
        yield at(place, what, "name an item that is filled, or give values with meibo_demo_values")


def _held(row: Mapping[str, str], path: str) -> str | None:
    return row.get(path.partition(".")[2]) or row.get(path)


CHECKS = (legal_bases, fees, documents, certificate)
