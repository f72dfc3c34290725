"""One interface: a presentation or a QR certificate in, an outcome out; bad input is an outcome like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from meibo import clock
from meibo.certificates.checked import Checked
from meibo.certificates.outcomes import Outcome, Reason, Refusal, state_of
from meibo.certificates.qr import verifying as qr
from meibo.certificates.replays import Replays
from meibo.certificates.sdjwt import verifying as sdjwt
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.status.lists import Status
from meibo.certificates.status.reading import StatusReader
from meibo.certificates.trust.issuers import Trust

REASON_OF: Mapping[int, Reason | None] = {Status.VALID: None, Status.SUSPENDED: Reason.SUSPENDED}
"""Why a certificate with such an entry is refused; any other entry means that it was revoked."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies certificates of the issuers that `trust` knows."""

    trust: Trust
    statuses: StatusReader
    replays: Replays

    async def presentation(self, text: str, expected: Expected | None) -> Outcome:
        """The outcome of an SD-JWT VC, made for the one who asks; `expected` None asks for no proof that the
        presenter holds its key, as for a certificate that was filed earlier."""
        return await self._outcome(lambda at: self.read_presentation(text, expected, at))

    async def qr(self, text: str) -> Outcome:
        """The outcome of a QR certificate: its link, or the message in Base64URL."""
        return await self._outcome(lambda at: self.read_qr(text, at))

    def read_presentation(self, text: str, expected: Expected | None, at: datetime) -> Checked:
        """An SD-JWT VC as it is read at an instant, its status not asked; raises Refusal."""
        return sdjwt.check(text, expected, self.trust, at)

    def read_qr(self, text: str, at: datetime) -> Checked:
        """A QR certificate likewise; raises Refusal."""
        return qr.check(text, self.trust, at)

    async def _outcome(self, check: Callable[[datetime], Checked]) -> Outcome:
        at = clock.now()
        try:
            checked = check(at)
        except Refusal as refusal:
            return Outcome(state=state_of(refusal.reason), reason=refusal.reason, checked_at=at)
        reason, as_of = await self._judge(checked, at)
        return Outcome(
            state=state_of(reason),
            reason=reason,
            checked_at=at,
            status_as_of=as_of,
            issuer=checked.iss,
            type=checked.type,
            claims=checked.claims,
            expires_at=checked.expires_at,
            status=checked.status,
        )

    async def _judge(self, checked: Checked, at: datetime) -> tuple[Reason | None, datetime | None]:
        """Why a certificate whose signatures hold is refused all the same, and as of when its status is known."""
        try:
            status, as_of = await self.statuses.status(checked.issuer, checked.status, at)
        except Refusal as refusal:
            return refusal.reason, None
        if checked.bound_by and not await self.replays.is_first(checked.bound_by, at):
            return Reason.REPLAYED, as_of
        return REASON_OF.get(status, Reason.REVOKED), as_of
