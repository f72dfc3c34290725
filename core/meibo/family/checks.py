"""Whether something may be asked of the family register: every reason why not, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from meibo.errors import Finding, FindingCode
from meibo.family.grants import ITEMS, Grants
from meibo.family.receiving import GROUP
from meibo.family.records import FamilyRequest, InquiryKind
from meibo.professions.compiled import Profession
from meibo.professions.law import LegalBasis
from meibo.registry.refusals import field_finding

MOST_LICENCES = 500
"""Of one request: they are asked for in one transaction."""
LONGEST_KEY = 200


def findings(profession: Profession, request: FamilyRequest, grants: Grants, day: date) -> Iterator[Finding]:
    """Why a request is refused, as far as it tells by itself."""
    if not 1 <= len(request.idempotency_key) <= LONGEST_KEY:
        yield field_finding(
            "idempotency_key",
            "200字以内のキーを指定してください。",
            "Give a key of at most 200 characters.",
            "act.key",
        )
    if not 1 <= len(request.licences) <= MOST_LICENCES or len(set(request.licences)) < len(request.licences):
        yield field_finding(
            "licences",
            "照会する登録を重複なく500件以内で指定してください。",
            "Name 1 to 500 licences, each once.",
            "family.licences",
        )
    basis = basis_of(profession, request.legal_basis, day)
    if basis is None or GROUP not in profession.groups or not profession.keeps_numbers:
        yield field_finding(
            "legal_basis",
            "照会の根拠となる法令がありません。",
            "No legal basis of this profession, in force today, lets it ask.",
            "family.legal_basis",
        )
    elif request.kind is InquiryKind.REGISTER:
        yield from _items(request, grants.items(basis, day))


def _items(request: FamilyRequest, granted: frozenset[str]) -> Iterator[Finding]:
    """What the network's list does not grant, item by item."""
    if not request.items:
        yield field_finding(
            "items",
            "照会する項目を指定してください。",
            "Name the items to ask for.",
            "family.items",
            FindingCode.REQUIRED,
        )
    for item in sorted(set(request.items) - set(ITEMS)):
        yield _item_finding(item if item.isidentifier() else "", FindingCode.NOT_FOUND, "item.unknown")
    for item in sorted(set(request.items) & set(ITEMS) - granted):
        yield _item_finding(item, FindingCode.RULE_BROKEN, "family.not_granted")


def _item_finding(item: str, code: FindingCode, rule: str) -> Finding:
    return Finding(
        ("items", item),
        "この根拠法令では照会できない項目です。",
        "The network's list grants no such item for this legal basis.",
        code,
        rule,
    )


def no_number(kind: InquiryKind) -> Finding:
    """The vault holds nothing by which the person could be asked about."""
    if kind is InquiryKind.SYMBOL:
        return Finding(
            ("licences",),
            "個人番号を保管していない登録が含まれています。",
            "The vault holds no individual number of one of these licences: enrol it first.",
            FindingCode.WRONG_STATE,
            "family.no_number",
        )
    return Finding(
        ("licences",),
        "連携用符号を取得していない登録が含まれています。",
        "One of these licences has no symbol yet: obtain it first.",
        FindingCode.WRONG_STATE,
        "family.no_symbol",
    )


def basis_of(profession: Profession, id: str, day: date) -> LegalBasis | None:
    """The profession's legal basis of an id that is in force on a day."""
    for basis in profession.plugin.legal_bases:
        if basis.id == id and basis.valid_from <= day and (basis.valid_to is None or day <= basis.valid_to):
            return basis
    return None
