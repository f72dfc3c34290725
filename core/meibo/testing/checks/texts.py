"""Every text that a person sees stands in Japanese and in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meibo.items.codes import CodeList
from meibo.testing.checks.declaring import TODO
from meibo.testing.findings import Finding, Place, at
from meibo.testing.subjects import Subject


def texts(subject: Subject) -> Iterator[Finding]:
    """Profession, groups, rules, procedures, documents, measures and code lists have both texts."""
    for place, what, pair in (*_of_profession(subject), *_of_law(subject), *_of_codes(subject)):
        for language, text in zip(("Japanese", "English"), pair, strict=True):
            if not text.strip() or TODO.search(text):
                yield at(place, f"{what} has no {language} text", f"write it in {language}")


Texts = Iterator[tuple[Place, str, Sequence[str]]]


def _of_profession(subject: Subject) -> Texts:
    plugin, sources = subject.profession.plugin, subject.sources
    yield sources.declaration, "the profession's name", plugin.name
    yield sources.declaration, "the register's name", plugin.register_name
    for spec in subject.own_groups():
        about = spec.type.about
        yield sources.group(spec.type), f"the group {spec.key}", (about.title, about.en)
    if plugin.administrator:
        pairs = (
            plugin.administrator.authority,
            plugin.administrator.division,
            plugin.administrator.designated,
        )
        for pair in filter(None, pairs):
            yield sources.named("Administrator"), "the licence administrator", pair
    if plugin.receiving_office:
        yield sources.named("ReceivingOffice"), "the receiving office", plugin.receiving_office.name


def _of_law(subject: Subject) -> Texts:
    plugin, sources = subject.profession.plugin, subject.sources
    for rule in plugin.rules:
        yield sources.rule(rule), f"the rule {rule.id}", rule.texts
    for procedure in plugin.procedures:
        place = sources.named("Procedure", procedure.id)
        yield place, f"the procedure {procedure.id}", (procedure.ja, procedure.en)
    for document in plugin.documents:
        yield sources.named("Document", document.id), f"the document {document.id}", document.name
    for claim in subject.profession.claims:
        yield sources.named("Claim", claim.name), f"the claim {claim.name}", claim.label
    for measure in plugin.measures:
        yield sources.named("Measure", measure.code), f"the measure {measure.code}", measure.name


def _of_codes(subject: Subject) -> Texts:
    lists: dict[str, CodeList] = {
        item.codes.name: item.codes
        for spec in subject.own_groups()
        for item in spec.items.values()
        if item.codes
    }
    for codes in lists.values():
        for code, pair in codes.values.items():
            yield subject.sources.named("CodeList", codes.name), f"the code {code} of {codes.name}", pair


CHECKS = (texts,)
