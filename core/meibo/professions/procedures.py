"""Applications that people make: what they give, which papers they need, within how long, for how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from meibo.items.texts import Texts


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that a procedure asks for."""

    id: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Procedure:
    """An application that people make: which items it gives, which papers it needs (ids of documents), within how
    long after what it tells of."""

    id: str
    ja: str
    en: str
    gives: Sequence[str] = ()
    documents: Sequence[str] = ()
    within: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Yen for a procedure by channel (`online`, `paper`, `any`); `kind` is `tax` (登録免許税) or `fee` (手数料)."""

    procedure: str = field(kw_only=False)
    channel: str
    yen: int
    valid_from: date
    valid_to: date | None = None
    kind: str = "fee"


DOCUMENTS = (
    Document("application", ("申請書", "Application form")),
    Document("diagnosis", ("診断書（発行から1か月以内）", "Medical certificate, at most one month old")),
    Document("family_register", ("戸籍抄本又は謄本", "Extract of the family register")),
    Document(
        "family_register_or_resident_record",
        (
            "戸籍抄本・謄本又は住民票の写し（6か月以内、本籍あり、個人番号なし）",
            "Extract of the family register, or of the resident record with the domicile and without the number,"
            " at most six months old",
        ),
    ),
    Document("revenue_stamp", ("収入印紙", "Revenue stamp")),
    Document("fee_receipt", ("手数料の払込みを証する書類", "Proof that the fee was paid")),
    Document("certificate", ("免許証（登録証）", "The licence certificate")),
    Document("remains_of_certificate", ("き損した免許証", "What is left of the certificate")),
    Document("identity_document", ("本人確認書類", "Identity document")),
    Document("completion_certificate", ("再教育研修修了証", "Certificate of completed re-education")),
    Document("exam_pass_certificate", ("国家試験合格証書", "Certificate of the national examination")),
    Document("graduation_certificate", ("卒業証明書", "Certificate of graduation")),
    Document("delay_reason", ("遅延理由書", "Statement of the reasons of the delay")),
    Document("judgment", ("判決書の謄本", "Copy of the judgment")),
)
"""Papers that the offices of many registers ask for; a plugin adds its own."""
