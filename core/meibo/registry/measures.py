"""What a measure and its following-up ask for, and the order that a request makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from meibo.errors import Finding, FindingCode
from meibo.professions.compiled import Profession
from meibo.professions.law import Measure
from meibo.register.dispositions import Order
from meibo.register.fold import FOLLOWING, MEASURE_OF, Verb
from meibo.registry.refusals import field_finding
from meibo.registry.requests import ActRequest
from meibo.values.dates import last_day_of_months

REEDUCATION = frozenset({Verb.ORDER_REEDUCATION, Verb.COMPLETE_REEDUCATION})


def known_to(profession: Profession, verb: Verb) -> bool:
    """Whether the profession's law knows a verb: its measure, or re-education."""
    if verb in REEDUCATION:
        return bool(profession.plugin.reeducation)
    kind = MEASURE_OF.get(verb)
    return kind is None or any(m.kind is kind for m in profession.plugin.measures)


def order(verb: Verb, request: ActRequest) -> Order | None:
    """The order of a measure; None for any other verb."""
    if verb not in MEASURE_OF:
        return None
    return Order(
        code=request.kind,
        start_date=request.start_date or request.effective_date,
        end_date=request.end_date,
        office_name=request.office_name,
        office_code=request.office_code,
        number=request.order_number,
        reason=request.reason,
        remarks=request.reason_text,
    )


def findings(profession: Profession, verb: Verb, request: ActRequest) -> Iterator[Finding]:
    """What is wrong with a measure, or with the following-up of one."""
    if verb in MEASURE_OF:
        measure = next((m for m in profession.plugin.measures if m.code == request.kind), None)
        yield from _kind_findings(measure, verb)
        yield from _order_findings(verb, request)
        yield from _limit_findings(profession, measure, request)
    if verb in FOLLOWING and request.disposition is None:
        yield field_finding(
            "disposition",
            "処分を指定してください。",
            "Name the disposition.",
            "act.disposition",
            FindingCode.REQUIRED,
        )
    if verb in REEDUCATION and not known_to(profession, verb):
        yield field_finding(
            "disposition",
            "この資格には再教育研修の制度がありません。",
            "This profession's law knows no re-education.",
            "act.reeducation",
        )


def _kind_findings(measure: Measure | None, verb: Verb) -> Iterator[Finding]:
    if measure is None:
        yield field_finding(
            "kind",
            "処分の種類を一覧から選んでください。",
            "Choose the kind of measure from the profession's list.",
            "act.measure",
            FindingCode.UNKNOWN_CODE,
        )
    elif measure.kind is not MEASURE_OF[verb]:
        yield field_finding(
            "kind",
            "この処理に合う種類の処分を選んでください。",
            "Choose a measure of the kind that this verb orders.",
            "act.measure_kind",
        )


def _order_findings(verb: Verb, request: ActRequest) -> Iterator[Finding]:
    """An order is an office's, and holds from a day that does not precede it."""
    if not request.office_name.strip():
        yield field_finding(
            "office_name",
            "処分を命じた機関の名称を入力してください。",
            "Give the name of the office that ordered the measure.",
            "act.office",
            FindingCode.REQUIRED,
        )
    start = request.start_date or request.effective_date
    if start < request.effective_date:
        yield field_finding(
            "start_date",
            "開始日は処分の日以降にしてください。",
            "The first day may not precede the order.",
            "act.period",
        )
    if verb is Verb.SUSPEND and request.end_date is None:
        yield field_finding(
            "end_date",
            "停止の終了日を指定してください。",
            "Give the last day of the suspension.",
            "act.end",
            FindingCode.REQUIRED,
        )
    if request.end_date and request.end_date < start:
        yield field_finding(
            "end_date",
            "終了日は開始日以降にしてください。",
            "The last day may not precede the first.",
            "act.period",
        )


def _limit_findings(
    profession: Profession, measure: Measure | None, request: ActRequest
) -> Iterator[Finding]:
    """A suspension is no longer than the law of its measure allows."""
    if measure is None or measure.longest_months is None or request.end_date is None:
        return
    months, start = measure.longest_months, request.start_date or request.effective_date
    if request.end_date > last_day_of_months(start, months):
        too_long = field_finding(
            "end_date",
            f"停止の期間は{months}か月以内です。",
            f"A suspension lasts {months} months at most.",
            "act.period_limit",
        )
        yield replace(too_long, cites=_cited(profession, measure))


def _cited(profession: Profession, measure: Measure) -> str:
    """The measure's legal basis as rules cite it: 医師法7条."""
    found = (b for b in profession.plugin.legal_bases if b.id == measure.legal_basis)
    return next((f"{basis.law}{basis.article}" for basis in found), "")
