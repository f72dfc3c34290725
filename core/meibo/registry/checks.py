"""The checks of an act that need no database: basis, day, reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from meibo.access.principals import Principal
from meibo.errors import Finding, FindingCode, InvalidValue, MeiboError
from meibo.identity import parse_number
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register.fold import Verb
from meibo.register.validation import KnownCode
from meibo.registry import measures
from meibo.registry.refusals import field_finding
from meibo.registry.requests import ActRequest
from meibo.values.names import validate_text

TEXT_LENGTH = 500
KEY_LENGTH = 200
LAST_DAY = date(2999, 12, 31)
"""No act reaches beyond it: three years on, the calendar must not have ended."""


def request_findings(
    profession: Profession, verb: Verb, request: ActRequest, today: date, known: KnownCode
) -> Iterator[Finding]:
    """What is wrong with a request, whatever the licence."""
    if not 0 < len(request.idempotency_key) <= KEY_LENGTH:
        yield field_finding(
            "idempotency_key",
            "キーを1〜200文字で指定してください。",
            "Give a key of 1 to 200 characters.",
            "act.key",
        )
    if max(d for d in (request.effective_date, request.start_date, request.end_date) if d) > LAST_DAY:
        yield field_finding(
            "effective_date", "日付を確認してください。", "Check the day and its year.", "act.too_far"
        )
        return
    if request.effective_date > today:
        yield field_finding(
            "effective_date",
            "未来の日付は指定できません。",
            "The day may not lie in the future.",
            "act.future",
        )
    if not _basis_holds(profession, request):
        yield field_finding(
            "legal_basis",
            "その日に有効な根拠法令を指定してください。",
            "Name a legal basis of this profession that holds on that day.",
            "act.legal_basis",
        )
    yield from _text_findings(request, known)
    yield from measures.findings(profession, verb, request)


def _basis_holds(profession: Profession, request: ActRequest) -> bool:
    day = request.effective_date
    return any(
        basis.id == request.legal_basis
        and basis.valid_from <= day
        and (basis.valid_to is None or day <= basis.valid_to)
        for basis in profession.plugin.legal_bases
    )


def _text_findings(request: ActRequest, known: KnownCode) -> Iterator[Finding]:
    if not request.reason:
        yield field_finding(
            "reason",
            "理由を指定してください。",
            "Give the code of the reason.",
            "act.reason",
            FindingCode.REQUIRED,
        )
    elif not known("reason_master", request.reason):
        yield field_finding(
            "reason",
            "理由コードを一覧から選んでください。",
            "Choose the reason from the reasons' table.",
            "act.reason",
            FindingCode.UNKNOWN_CODE,
        )
    for name, most in (
        ("reason", 32),
        ("reason_text", TEXT_LENGTH),
        ("delay_reason", TEXT_LENGTH),
        ("order_number", 64),
        ("office_name", 100),
        ("office_code", 16),
    ):
        try:
            validate_text(getattr(request, name), most, multiline=name.endswith("text"))
        except InvalidValue as error:
            yield Finding((name,), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)


def delay_findings(profession: Profession, verb: Verb, request: ActRequest, today: date) -> Iterator[Finding]:
    """A correction asked for after the procedure's time limit needs the reason of the delay (遅延理由書)."""
    if verb is not Verb.CORRECT or request.delay_reason:
        return
    limits = [p.within for p in profession.plugin.procedures if p.id == "correction" and p.within]
    if limits and today - request.effective_date > limits[0]:
        yield field_finding(
            "delay_reason",
            "届出期限を過ぎています。遅延理由を入力してください。",
            "The time limit has passed: give the reason of the delay.",
            "act.late",
            FindingCode.REQUIRED,
        )


def record_findings(
    profession: Profession,
    record: Record,
    previous: Record | None,
    verb: Verb,
    day: date,
    touched: frozenset[str],
) -> Iterator[Finding]:
    """What the profession's rules find; on a correction only what touches a changed group is the caller's concern."""
    for finding in profession.findings(record, previous, verb, day):
        if verb is Verb.REGISTER or not finding.path or finding.path[0] in touched:
            yield finding


def office_findings(principal: Principal, profession: Profession, record: Record) -> Iterator[Finding]:
    """A caller who is bound to receiving offices enters and leaves entries of these offices alone."""
    receiving = profession.plugin.receiving_office
    if principal.offices is None or profession.office(record) in principal.offices:
        return
    yield Finding(
        tuple((receiving.item if receiving else profession.plugin.number).split(".")),
        "担当する機関の登録だけを扱えます。機関コードを確認してください。",
        "You may keep entries of your own office alone: check its code.",
        FindingCode.RULE_BROKEN,
        "office.own",
    )


def number_findings(profession: Profession, request: ActRequest) -> list[Finding]:
    """Numbers are read before anything is stored; a profession without legal basis takes none."""
    findings = []
    if request.numbers and not profession.keeps_numbers:
        findings.append(
            Finding(
                ("number",),
                "この資格では番号を扱いません。",
                "This profession keeps no numbers.",
                FindingCode.INVALID_VALUE,
                "number.none",
            )
        )
    if request.numbers and request.verified_by is None:
        findings.append(
            Finding(
                ("verified_by",),
                "本人確認の方法を指定してください。",
                "Say how the person was identified.",
                FindingCode.REQUIRED,
                "number.verified_by",
            )
        )
    for kind, number in request.numbers.items():
        try:
            parse_number(kind, number)
        except MeiboError as error:
            findings.append(
                Finding(
                    ("number",), error.ja, error.en, FindingCode.INVALID_VALUE, getattr(error, "rule", "")
                )
            )
    return findings


def with_effects(profession: Profession, verb: Verb, request: ActRequest) -> dict[str, Any]:
    """The raw values with the items that the verb sets by itself, where the caller gave none, and those it clears."""
    filled: dict[str, Any] = {
        key: dict(v) if isinstance(v, Mapping) else v for key, v in request.values.items()
    }
    effect = profession.plugin.effects.get(verb)
    if effect is None:
        return filled
    day = request.start_date or request.effective_date  # A measure is noted on the day from which it holds.
    given: list[tuple[str, object]] = [(effect.date, day), (effect.reason, request.reason)]
    given += [(effect.text, request.reason_text)] if request.reason_text else []
    for path, value in [*given, *((path, None) for path in effect.clears)]:
        key, _, name = path.partition(".")
        if path:
            filled.setdefault(key, {}).setdefault(name, value)
    return filled


def at_request(
    profession: Profession, verb: Verb, request: ActRequest, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Findings on items that the verb filled in by itself, told at the fields of the request that filled them."""
    effect = profession.plugin.effects.get(verb)
    names = (
        {effect.date: "effective_date", effect.reason: "reason", effect.text: "reason_text"} if effect else {}
    )
    for finding in findings:
        path = (finding.path,) if isinstance(finding.path, str) else finding.path
        given = len(path) > 1 and path[1] in request.values.get(path[0], {})
        name = None if given else names.get(".".join(path))
        yield replace(finding, path=(name,)) if name else finding


def once(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding of each path and code."""
    return list({(finding.path, finding.code): finding for finding in reversed(list(findings))}.values())[
        ::-1
    ]
