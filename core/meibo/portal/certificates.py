"""Certificates as the holder of a licence gets them: asked for with a proof of the wallet's key, listed, ended.

The portal's process signs itself, with keys for certificates and QR certificates; status lists are another's.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from meibo import clock
from meibo.access.guard import leaf
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.certificates import instances, refusals
from meibo.certificates.asking import Asked
from meibo.certificates.authority import Authority
from meibo.certificates.claims import Claims
from meibo.certificates.instances import Instance
from meibo.certificates.nonces import Nonce, Nonces
from meibo.certificates.outcomes import Refusal
from meibo.certificates.qr import issuing as qr
from meibo.certificates.sdjwt import proof
from meibo.certificates.sdjwt.issuing import LIFETIME
from meibo.certificates.sdjwt.proof import Proven
from meibo.certificates.standing import EndReason
from meibo.certificates.status.indices import Medium
from meibo.crypto.keys import KeyProvider, mac
from meibo.database.stores import Database
from meibo.errors import NotFound, OperatorError, Refused
from meibo.portal.holders import Holder
from meibo.professions.certificates import PROFESSION
from meibo.professions.compiled import Profession
from meibo.registry.claims import ClaimView, payload
from meibo.registry.scopes import Scopes
from meibo.registry.views import Head

KEY = "certificate-requests"
KEY_LENGTH = 200
"""Characters of an idempotency key."""
ISSUE, REVOKE = "certificate.issue", "certificate.revoke"
"""What leaves call the acts."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """What a holder asks for: claims by name beside those that are never left out (None: all), the wallet's proof of
    its key where the certificate is bound to one, and a key under which it is issued once."""

    claims: Collection[str] | None
    proof: str = field(default="", repr=False)
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class HolderCertificates:
    """The certificates that holders of one installation get and end."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    audit: AuditLog
    authority: Authority

    @property
    def audience(self) -> str:
        """For whom a wallet's proof is made."""
        return self.authority.names.origin

    def nonce(self, holder: Holder) -> Nonce:
        """A fresh nonce, for a proof of this holder's wallet."""
        return Nonces(self.keys).give(holder.pseudonym, clock.now())

    async def issue(
        self, holder: Holder, head: Head, request: CertificateRequest, shown: Sequence[ClaimView]
    ) -> tuple[Instance, str]:
        """Issue an SD-JWT VC of the holder's licence, bound to the proven key; gives it with its text, which is kept
        nowhere. `shown` are the claims that the licence's certificate shows today.

        Raises Refused and AuditUnavailable; then nothing is issued, unless the log fell silent at the very end.
        """
        profession = self.scopes.host[head.profession]
        claims = _chosen(profession, request, shown, never_left_out=_never_left_out(profession))
        proven = self._proven(holder, request.proof)
        asked = self._asked(head, request, proven.nonce)
        async with self._acting(holder, head, ISSUE):
            [text] = await self.authority.issue(
                self.scopes.of(head.profession), profession, head.id, claims, [proven.holder], asked
            )
        return await self._one(head, asked.id), text

    async def issue_qr(
        self, holder: Holder, head: Head, request: CertificateRequest, shown: Sequence[ClaimView]
    ) -> tuple[Instance, str]:
        """Issue a QR certificate of the holder's licence; gives it with its link. Its type names the profession.

        Raises as `issue` does; Refused also where it is too large for a code.
        """
        profession = self.scopes.host[head.profession]
        needed = _never_left_out(profession) - {PROFESSION}
        claims = _chosen(profession, request, shown, never_left_out=needed)
        names = self.authority.names
        if not qr.fits(claims, names.check_page, names.lists):
            raise Refused(refusals.too_large())  # Before an index is used up.
        asked = self._asked(head, request)
        async with self._acting(holder, head, ISSUE):
            message = await self.authority.issue_qr(
                self.scopes.of(head.profession), profession, head.id, claims, LIFETIME, Medium.DIGITAL, asked
            )
        return await self._one(head, asked.id), qr.link(names.check_page, message)

    async def revoke(self, holder: Holder, head: Head, id: UUID) -> Instance:
        """End one certificate of the holder's licence for good; again is no harm. Raises NotFound, AuditUnavailable."""
        found = await self._one(head, id)
        if found.ended_at is None:
            async with self._acting(holder, head, REVOKE):
                scope = self.scopes.of(head.profession)
                await self.authority.entries.end(scope, head.id, EndReason.WITHDRAWN, only=id)
        return await self._one(head, id)

    async def of(self, heads: Sequence[Head]) -> list[Instance]:
        """The certificates of licences, the newest first."""
        scope = {self.scopes.of(head.profession) for head in heads}
        async with self.database.read(scope) as connection:
            return await instances.instances(connection, [head.id for head in heads])

    async def issued_before(self, head: Head, request: CertificateRequest) -> Instance | None:
        """The certificate that the request's idempotency key led to, if it did."""
        key_mac = self._key_mac(head, request)
        if key_mac is None:
            return None
        async with self.database.read([self.scopes.of(head.profession)]) as connection:
            return await instances.under(connection, head.id, key_mac)

    async def _one(self, head: Head, id: UUID) -> Instance:
        found = next((each for each in await self.of([head]) if each.id == id), None)
        if found is None:
            raise NotFound("certificate")
        return found

    def _proven(self, holder: Holder, text: str) -> Proven:
        """The key that a wallet proved, upon a nonce that this holder was given."""
        at = clock.now()
        try:
            proven = proof.check(text, self.audience, at)
            Nonces(self.keys).check(proven.nonce, holder.pseudonym, at)
        except Refusal as refusal:
            raise Refused(refusals.proof(refusal.reason)) from refusal
        return proven

    def _asked(self, head: Head, request: CertificateRequest, nonce: str | None = None) -> Asked:
        key = request.idempotency_key
        if key is not None and not 0 < len(key) <= KEY_LENGTH:
            raise Refused(refusals.key_length(KEY_LENGTH))
        return Asked(id=uuid4(), version=head.version, key_mac=self._key_mac(head, request), nonce=nonce)

    def _key_mac(self, head: Head, request: CertificateRequest) -> bytes | None:
        """Of the licence too, so that one key for two licences links nothing."""
        key = request.idempotency_key
        if key is None:
            return None
        return mac(self.keys.newest(KEY), head.id.bytes + key.encode("utf-8", "surrogatepass"))

    @asynccontextmanager
    async def _acting(self, holder: Holder, head: Head, operation: str) -> AsyncIterator[None]:
        """Record that an act is begun, and that it was done; a missing signing key is the operator's to mend."""
        caller, subjects = holder.acting(head.profession), (head.pseudonym,)
        await self.audit.record(leaf(caller, LeafKind.INTENT, operation, head.profession, subjects=subjects))
        try:
            yield
        except OperatorError as error:
            _log.warning("A certificate could not be issued: %s", error.en)
            raise Refused(refusals.not_offered()) from error
        await self.audit.record(leaf(caller, LeafKind.DONE, operation, head.profession, subjects=subjects))


def _never_left_out(profession: Profession) -> frozenset[str]:
    return frozenset(claim.name for claim in profession.claims if not claim.disclosable)


def _chosen(
    profession: Profession,
    request: CertificateRequest,
    shown: Sequence[ClaimView],
    *,
    never_left_out: Collection[str],
) -> Claims:
    """The claims that a certificate will say. Raises Refused where there are none to choose from, or a choice is no
    such claim."""
    declared = profession.plugin.certificate
    if declared is None:
        raise Refused(refusals.not_offered())
    if not shown:
        raise Refused(refusals.does_not_stand())
    values, disclosable = payload(shown)
    chosen = values.keys() if request.claims is None else request.claims
    if not set(chosen) <= values.keys() or len(set(chosen)) < len(chosen):
        raise Refused(refusals.no_such_claim())
    return Claims.of(declared.type, values, disclosable).only(
        name for name in values if name in chosen or name in never_left_out
    )
