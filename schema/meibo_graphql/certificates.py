"""What certificates show, of a profession as declared, of a licence as the caller may see it; and those issued."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from meibo import clock
from meibo.certificates.entries import Format
from meibo.certificates.instances import Instance, InstanceState
from meibo.certificates.standing import EndReason
from meibo.items.codes import CodeList
from meibo.professions.certificates import ClaimSpec
from meibo.professions.compiled import Profession
from meibo.registry.claims import ClaimView, CodedValue, as_text
from meibo.registry.views import RedactionReason
from meibo_graphql.keeping import path
from meibo_graphql.types import Code, Language

strawberry.enum(Format, name="CertificateFormat", description="An SD-JWT VC in a wallet, or a QR code.")
strawberry.enum(
    InstanceState,
    name="CertificateState",
    description="Whether a certificate holds; WITHDRAWN by its holder.",
)
strawberry.enum(EndReason, name="CertificateEndReason", description="Why it ended before its day.")


@strawberry.type(description="One claim of a certificate.")
class Claim:
    source: strawberry.Private[ClaimSpec]

    @strawberry.field(description="Such as registration_date: its name in the certificate.")
    def name(self) -> str:
        return self.source.name

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.source.label[language is Language.EN]

    @strawberry.field(description="The items that it is read from, as group.item; none for the profession.")
    def items(self) -> list[str]:
        return [path(item) for item in self.source.paths]

    @strawberry.field(description="Whether the holder may leave it out.")
    def disclosable(self) -> bool:
        return self.source.disclosable


@strawberry.type(description="What a digital certificate shows.")
class Certificate:
    type: str
    claims: list[Claim]


@strawberry.type(
    description="A claim of one licence. Many licences have a claim of its name: it has no id of its own."
)
class CertificateClaim:
    source: strawberry.Private[ClaimView]

    @strawberry.field(description="Such as registration_date: its name in the certificate.")
    def name(self) -> str:
        return self.source.spec.name

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.source.spec.label[language is Language.EN]

    @strawberry.field(
        description="Text; days as YYYY-MM-DD or EDTF, months as YYYY-MM, a code as such, true or false. Null"
        " where the register has none, or where it is masked."
    )
    def value(self) -> str | None:
        return as_text(self.source.value)

    @strawberry.field(description="The value with its label where it is a code.")
    def code(self) -> Code | None:
        value = self.source.value
        if not isinstance(value, CodedValue):
            return None
        labels = {value.code: (value.label, value.label_en or value.label)} if value.label else {}
        return Code(code=value.code, list=value.list, codes=CodeList(value.list, labels))

    @strawberry.field(description="Whether the holder may leave it out when showing the certificate.")
    def disclosable(self) -> bool:
        return self.source.spec.disclosable

    @strawberry.field(description="Why the value is missing although the register may hold one.")
    def redacted(self) -> RedactionReason | None:
        return self.source.redacted


@strawberry.type(description="A certificate that was issued, as the register keeps it: never its text.")
class IssuedCertificate:
    source: strawberry.Private[Instance]

    @strawberry.field
    def format(self) -> Format:
        return self.source.format

    @strawberry.field(description="By name, never their values.")
    def claims(self) -> list[str]:
        return list(self.source.claims)

    @strawberry.field(description="As the register knows it now; published lists follow within a minute.")
    def state(self) -> InstanceState:
        return self.source.state(clock.today())

    @strawberry.field
    def issued_date(self) -> date:
        return self.source.issued_date

    @strawberry.field(description="The first day on which it no longer holds.")
    def expiry_date(self) -> date:
        return self.source.expiry_date

    @strawberry.field
    def ended_at(self) -> datetime | None:
        return self.source.ended_at

    @strawberry.field(description="SUPERSEDED: what it says was corrected.")
    def end_reason(self) -> EndReason | None:
        return self.source.end_reason


def certificate(source: Profession) -> Certificate | None:
    """What a profession's certificate shows; None where it declares none."""
    declared = source.plugin.certificate
    return (
        Certificate(type=declared.type, claims=[Claim(source=c) for c in source.claims]) if declared else None
    )
