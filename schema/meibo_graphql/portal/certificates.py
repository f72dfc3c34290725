"""Certificates of the holder's licences: listed, issued to a wallet or as a QR code, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.certificates import refusals as reasons
from meibo.certificates.instances import Instance
from meibo.certificates.qr import issuing as qr
from meibo.errors import Refused
from meibo.portal import CertificateRequest, Holder
from meibo.registry import refusals
from meibo.registry.claims import ClaimView
from meibo.registry.views import Head
from meibo_graphql.certificates import IssuedCertificate
from meibo_graphql.ids import NodeKind
from meibo_graphql.portal.context import of
from meibo_graphql.portal.types import Node
from meibo_graphql.types import UserError, user_error


@strawberry.type(
    description="A certificate of one of the holder's licences, as the register keeps it: never its text."
)
class Certificate(IssuedCertificate, Node):
    id: strawberry.ID


@strawberry.type(description="What a proof of a wallet's key must name.")
class CertificateNonce:
    nonce: str
    audience: str = strawberry.field(description="The proof's aud.")
    expires_at: datetime


@strawberry.input(description="An SD-JWT VC of a licence that stands, for 90 days.")
class IssueCertificateInput:
    licence_id: strawberry.ID
    claims: list[str] | None = strawberry.field(
        default=None,
        description="Which of Licence.claims it holds, by name; null: all. Those not disclosable always stand in it.",
    )
    proof: str = strawberry.field(
        description="A JWT of typ openid4vci-proof+jwt under ES256: jwk in its header, aud, iat and nonce (OpenID4VCI"
        " 1.0, appendix F.1). The certificate is bound to that key: use a fresh one for each."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Issues once: asked again, DUPLICATE and the certificate of before, without its text.",
    )


@strawberry.type
class IssueCertificatePayload:
    certificate: Certificate | None
    sd_jwt: str | None = strawberry.field(
        description="The SD-JWT VC with all its disclosures, told this once. It belongs into the wallet; store it"
        " nowhere else."
    )
    user_errors: list[UserError]


@strawberry.input(description="A QR certificate of a licence that stands, for 90 days.")
class IssueQrCertificateInput:
    licence_id: strawberry.ID
    claims: list[str] = strawberry.field(
        description="Which of Licence.claims it shows beside those not disclosable, by name. Its type names the"
        " profession. One or two fit."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="As of IssueCertificateInput.")


@strawberry.type
class IssueQrCertificatePayload:
    certificate: Certificate | None
    url: str | None = strawberry.field(
        description="The link in the code, told this once; it opens the check page."
    )
    svg: str | None = strawberry.field(description="The code as a picture.")
    user_errors: list[UserError]


@strawberry.input(description="End a certificate for good.")
class RevokeCertificateInput:
    certificate_id: strawberry.ID


@strawberry.type
class RevokeCertificatePayload:
    certificate: Certificate | None
    user_errors: list[UserError]


def certificate_nonce(info: Info[Any, Any]) -> CertificateNonce:
    """A fresh nonce for the holder who asks."""
    context = of(info)
    given = context.portal.certificates.nonce(context.holder)
    return CertificateNonce(
        nonce=given.text, audience=context.portal.certificates.audience, expires_at=given.expires_at
    )


async def issue_certificate(info: Info[Any, Any], input: IssueCertificateInput) -> IssueCertificatePayload:
    """Issue an SD-JWT VC of one of the holder's licences."""
    request = CertificateRequest(
        claims=input.claims, proof=input.proof, idempotency_key=input.idempotency_key
    )
    issuing = of(info).portal.certificates.issue
    made, text, errors = await _issued(info, input.licence_id, request, issuing)
    return IssueCertificatePayload(certificate=made, sd_jwt=text, user_errors=errors)


async def issue_qr_certificate(
    info: Info[Any, Any], input: IssueQrCertificateInput
) -> IssueQrCertificatePayload:
    """Issue a QR certificate of one of the holder's licences."""
    request = CertificateRequest(claims=input.claims, idempotency_key=input.idempotency_key)
    issuing = of(info).portal.certificates.issue_qr
    made, link, errors = await _issued(info, input.licence_id, request, issuing)
    drawn = qr.picture(link) if link else None
    return IssueQrCertificatePayload(certificate=made, url=link, svg=drawn, user_errors=errors)


async def revoke_certificate(info: Info[Any, Any], input: RevokeCertificateInput) -> RevokeCertificatePayload:
    """End one of the holder's certificates; again is no harm."""
    context, found = of(info), await certificate_of(info, input.certificate_id)
    if found is None:
        return RevokeCertificatePayload(certificate=None, user_errors=[user_error(reasons.unknown())])
    [head] = [head for head in await context.licences() if head.id == found.source.licence]
    ended = await context.portal.certificates.revoke(context.holder, head, found.source.id)
    return RevokeCertificatePayload(certificate=shown(info, ended), user_errors=[])


async def certificates_of(info: Info[Any, Any], head: Head) -> list[Certificate]:
    """The certificates of one of the holder's licences."""
    return [shown(info, each) for each in await of(info).instances.load(head)]


async def certificate_of(info: Info[Any, Any], id: strawberry.ID) -> Certificate | None:
    """One of the holder's certificates by its id; None for everybody else's."""
    key = of(info).ids.open(id)
    if key is None or key.kind is not NodeKind.CERTIFICATE:
        return None
    found = await of(info).portal.certificates.of(await of(info).licences())
    return next((shown(info, each) for each in found if each.id == key.id), None)


def shown(info: Info[Any, Any], instance: Instance) -> Certificate:
    """A certificate as the API shows it."""
    id = of(info).ids.seal(NodeKind.CERTIFICATE, instance.id)
    return Certificate(id=strawberry.ID(id), source=instance)


async def _issued(
    info: Info[Any, Any],
    licence_id: strawberry.ID,
    request: CertificateRequest,
    issuing: Callable[
        [Holder, Head, CertificateRequest, Sequence[ClaimView]], Awaitable[tuple[Instance, str]]
    ],
) -> tuple[Certificate | None, str | None, list[UserError]]:
    """A certificate and its text; or why there is none, and the one that the idempotency key led to before."""
    context, head = of(info), await of(info).licence(licence_id)
    if head is None:
        return None, None, [user_error(refusals.no_licence())]
    try:
        made, text = await issuing(context.holder, head, request, await context.reader.claims(head))
    except Refused as refused:
        before = await context.portal.certificates.issued_before(head, request)
        told = shown(info, before) if before else None
        return told, None, [user_error(finding) for finding in refused.findings]
    return shown(info, made), text, []
