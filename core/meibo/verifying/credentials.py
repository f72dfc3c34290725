"""Certificates verified for partners: read, remembered, recorded, and then told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import Leaf, LeafKind
from meibo.audit.log import AuditLog
from meibo.certificates.authority import Authority
from meibo.certificates.outcomes import Outcome, Reason, Refusal
from meibo.certificates.outcomes import State as CertificateState
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.verification import Verifier
from meibo.consent import Recipient
from meibo.crypto.keys import KeyProvider
from meibo.register.fold import State
from meibo.verifying.licences import CertifiedLicence, CertifiedLicences
from meibo.verifying.memory import Memory, RequestKey
from meibo.verifying.replays import SeenBindings
from meibo.verifying.requests import OUTCOME_OF, Means, Shown, Verdict, VerificationOutcome
from meibo.verifying.subjects import subject

AT_ONCE = 50
"""Certificates of one batch that are read without letting others have their turn."""


@dataclass(frozen=True, slots=True)
class CredentialChecks:
    """Verifies certificates for partners of one installation."""

    authority: Authority
    licences: CertifiedLicences
    bindings: SeenBindings
    memory: Memory
    audit: AuditLog
    keys: KeyProvider

    async def verify(self, partner: Recipient, shown: Sequence[Shown], key: str) -> list[Verdict]:
        """What each certificate comes to, in order; asked again under the key, the same.

        Raises Refused where the key stood for something else, and AuditUnavailable: then nothing may be told.
        """
        request = self.memory.key(partner, "verify", key, shown)
        outcomes, standings = await self._outcomes(partner, shown, request)
        found = await self.licences.find(outcome.status for outcome in outcomes if outcome.status)
        held = [found.get(outcome.status) if outcome.status else None for outcome in outcomes]
        if standings is None:
            standings = [each.standing if each else None for each in held]
            if not await self._keep(request, outcomes, standings):
                return await self.verify(partner, shown, key)  # Asked twice at once: the first answer counts.
        verdicts = [
            self._verdict(partner, each, outcome, licence, standing)
            for each, outcome, licence, standing in zip(shown, outcomes, held, standings, strict=True)
        ]
        leaves = (_leaf(partner, verdict, licence) for verdict, licence in zip(verdicts, held, strict=True))
        await self.audit.record(*leaves)
        return verdicts

    def audience(self, partner: Recipient) -> str:
        """For whom a presentation must be made that this partner may have verified."""
        return f"{self.authority.names.origin}/partners/{partner.partner}"

    async def _outcomes(
        self, partner: Recipient, shown: Sequence[Shown], request: RequestKey
    ) -> tuple[list[Outcome], list[State | None] | None]:
        """The outcomes of a request, found now; or as they were found before, with the standings of then."""
        await self.memory.sweep()
        facts = await self.memory.recall(request)
        verifier = replace(self.authority.verifier(), replays=self.bindings.of(request.id))
        audience = self.audience(partner)
        if facts is None:
            found: list[Outcome] = []
            for start in range(0, len(shown), AT_ONCE):
                some = shown[start : start + AT_ONCE]
                found += await asyncio.gather(*(_outcome(verifier, each, audience) for each in some))
            return found, None
        known = [
            _known(verifier, each, audience, fact) for each, fact in zip(shown, facts["told"], strict=True)
        ]
        return known, [State(fact[4]) if fact[4] else None for fact in facts["told"]]

    async def _keep(
        self, request: RequestKey, outcomes: Sequence[Outcome], standings: Sequence[State | None]
    ) -> bool:
        """Remember what was found; False where the same request was remembered meanwhile."""
        told = [
            [o.state, o.reason, _iso(o.status_as_of), o.checked_at.isoformat(), standing]
            for o, standing in zip(outcomes, standings, strict=True)
        ]
        try:
            await self.memory.keep(request, {"told": told}, clock.now())
        except Exception:
            if await self.memory.recall(request) is None:
                raise
            return False
        return True

    def _verdict(
        self,
        partner: Recipient,
        shown: Shown,
        outcome: Outcome,
        licence: CertifiedLicence | None,
        standing: State | None,
    ) -> Verdict:
        found = VerificationOutcome(outcome.state)
        if found is VerificationOutcome.VALID and standing is not None:
            found = OUTCOME_OF[standing]  # The list follows within a minute; the register knows now.
        profession = licence.profession if licence else None
        return Verdict(
            outcome=found, checked_at=outcome.checked_at, standing=standing, certificate=outcome.state,
            reason=outcome.reason, status_as_of=outcome.status_as_of,
            profession=profession, type=outcome.type, issuer=outcome.issuer,
            expires_at=outcome.expires_at,
            claims={name: v for name, v in outcome.claims.items() if partner.may_see(profession, name)},
            subject=subject(self.keys, partner, licence.pseudonym) if licence else None, reference=shown.reference,
        )  # fmt: skip


async def _outcome(verifier: Verifier, shown: Shown, audience: str) -> Outcome:
    if shown.means is Means.QR:
        return await verifier.qr(shown.text)
    return await verifier.presentation(shown.text, Expected(audience, shown.nonce))


def _known(verifier: Verifier, shown: Shown, audience: str, fact: Sequence[Any]) -> Outcome:
    """An outcome that was found before: the certificate is read again as of then, its status is not asked again."""
    state, reason, as_of, checked_at, _ = fact
    at = datetime.fromisoformat(checked_at)
    outcome = Outcome(
        state=CertificateState(state), reason=Reason(reason) if reason else None, checked_at=at,
        status_as_of=datetime.fromisoformat(as_of) if as_of else None,
    )  # fmt: skip
    try:
        if shown.means is Means.QR:
            checked = verifier.read_qr(shown.text, at)
        else:
            checked = verifier.read_presentation(shown.text, Expected(audience, shown.nonce), at)
    except Refusal:
        return outcome
    return replace(
        outcome, issuer=checked.iss, type=checked.type, claims=checked.claims, expires_at=checked.expires_at,
        status=checked.status,
    )  # fmt: skip


def _leaf(partner: Recipient, verdict: Verdict, licence: CertifiedLicence | None) -> Leaf:
    """What is recorded of one certificate; of a foreign one, that it was checked."""
    caller = Principal(
        partner.partner or "", partner.name, "verify", Surface.VERIFY, frozenset(), frozenset()
    )
    outcome = "ok" if verdict.outcome is VerificationOutcome.VALID else verdict.outcome
    return leaf(
        caller, LeafKind.READ, "verify", licence.profession if licence else None,
        subjects=(licence.pseudonym,) if licence else (), outcome=outcome, count=1 if licence else 0,
    )  # fmt: skip


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
