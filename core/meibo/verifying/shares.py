"""Shares redeemed for partners: counted, remembered, recorded, and then told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from meibo import clock
from meibo.consent import Recipient, Redemption, RedemptionOutcome, Redemptions, Use, UseOutcome
from meibo.consent.uses import Remember
from meibo.crypto.keys import KeyProvider
from meibo.database.direct.scripts import Put
from meibo.verifying.memory import Memory, RequestKey
from meibo.verifying.requests import OUTCOME_OF, Shown, Verdict, VerificationOutcome
from meibo.verifying.subjects import subject


@dataclass(frozen=True, slots=True)
class ShareChecks:
    """Redeems shares for partners of one installation."""

    redemptions: Redemptions
    memory: Memory
    keys: KeyProvider

    async def redeem(self, partner: Recipient, shown: Sequence[Shown], key: str) -> list[Verdict]:
        """What each token opens, in order; asked again under the key, the same, and no use is counted twice.

        Raises Refused where the key stood for something else, and AuditUnavailable: then nothing may be told.
        """
        request = self.memory.key(partner, "redeem", key, shown)
        uses, known_at = await self._uses(partner, shown, request)
        redemptions = await self.redemptions.show(uses, partner, known_at)
        at = known_at or next((use.at for use in uses if use), clock.now())
        return [
            self._verdict(partner, each, redemption, at)
            for each, redemption in zip(shown, redemptions, strict=True)
        ]

    async def _uses(
        self, partner: Recipient, shown: Sequence[Shown], request: RequestKey
    ) -> tuple[list[Use | None], datetime | None]:
        """The uses of a request, counted now; or as they were counted before, and when."""
        await self.memory.sweep()
        facts = await self.memory.recall(request)
        if facts is None:
            try:
                tokens = [each.text for each in shown]
                return await self.redemptions.use(tokens, partner, self._remember(request)), None
            except Exception:
                # Either the same request came in beside this one, or a commit was lost from sight: it may be there.
                facts = await self.memory.recall(request)
                if facts is None:
                    raise
        return await self._recalled(facts), datetime.fromisoformat(facts["at"])

    def _remember(self, request: RequestKey) -> Remember:
        def row(uses: Sequence[Use | None], at: datetime) -> Put:
            told = [[use.share.id.hex, use.outcome] if use else None for use in uses]
            return self.memory.row(request, {"at": at.isoformat(), "uses": told}, at)

        return row

    async def _recalled(self, facts: Mapping[str, Any]) -> list[Use | None]:
        at, told = datetime.fromisoformat(facts["at"]), facts["uses"]
        shares = await self.redemptions.uses.shares(UUID(use[0]) for use in told if use)
        return [
            Use(share=shares[UUID(use[0])], outcome=UseOutcome(use[1]), at=at) if use else None
            for use in told
        ]

    def _verdict(self, partner: Recipient, shown: Shown, redemption: Redemption, at: datetime) -> Verdict:
        if redemption.outcome is RedemptionOutcome.NOT_AVAILABLE or redemption.standing is None:
            return Verdict(
                outcome=VerificationOutcome.NOT_AVAILABLE, checked_at=at, reference=shown.reference
            )
        assert redemption.use is not None
        return Verdict(
            outcome=OUTCOME_OF[redemption.standing], checked_at=at, standing=redemption.standing,
            status_as_of=at, profession=redemption.profession, purpose=redemption.purpose,
            claims=redemption.claims, subject=subject(self.keys, partner, redemption.use.share.pseudonym),
            reference=shown.reference,
        )  # fmt: skip
