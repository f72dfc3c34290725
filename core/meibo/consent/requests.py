"""What goes into sharing and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from meibo.register.fold import State


class Purpose(StrEnum):
    """What a holder lets somebody see a licence for: a closed list, so that no log holds words of the holder's."""

    EMPLOYMENT = "employment"
    PROCEDURE = "procedure"
    TRAINING = "training"
    OTHER = "other"


class UseOutcome(StrEnum):
    """What came of presenting a share's token, as its holder is told."""

    SHOWN = "shown"
    EXPIRED = "expired"
    USED_UP = "used_up"
    WITHDRAWN = "withdrawn"
    OTHER_RECIPIENT = "other_recipient"


class RedemptionOutcome(StrEnum):
    """What came of presenting a token, as whoever presented it is told: all that is not shown looks alike."""

    SHOWN = "shown"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whoever presents a token: a registered partner by its id, or (None) anybody who holds the link; and the name that
    the holder and the log are told. `cap` names the claims that it may be shown at all, `full_name` of every profession
    or `doctor.full_name` of one (None: any)."""

    partner: str | None
    name: str
    cap: frozenset[str] | None = None

    def may_see(self, profession: str | None, claim: str) -> bool:
        """Whether a claim of a profession lies within the cap."""
        return self.cap is None or not self.cap.isdisjoint((claim, f"{profession}.{claim}"))


ANYBODY = Recipient(partner=None, name="link")
"""Whoever holds the link."""


class Recipients(Protocol):
    """Whom a share may name: the registered partners."""

    async def recipient(self, id: str) -> Recipient | None:
        """The partner of an id; None where a share may not name it today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequest:
    """What a holder wants to share: claims by name, for what, with whom (None: whoever holds the link), until when, how
    often; and which text was shown in which language."""

    licence: UUID
    claims: Sequence[str]
    purpose: Purpose
    recipient: str | None
    expires_at: datetime
    uses: int
    text_version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareUse:
    """One time that the token was presented; `recipient` is the partner, None for a holder of the link."""

    at: datetime
    recipient: str | None
    outcome: UseOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share as its holder sees it."""

    id: UUID
    licence: UUID
    profession: str
    claims: tuple[str, ...]
    purpose: Purpose
    recipient: str | None
    made_at: datetime
    expires_at: datetime
    uses: int
    uses_left: int
    withdrawn_at: datetime | None

    def stands(self, at: datetime) -> bool:
        """Whether the token opens anything at an instant."""
        return self.withdrawn_at is None and self.uses_left > 0 and at < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedShare:
    """What never changes of a share whose token was presented."""

    id: UUID
    scope: int
    profession: str
    licence: UUID
    pseudonym: str
    recipient: str | None
    purpose: Purpose
    claims: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One time that a share's token was presented, and what came of it."""

    share: UsedShare
    outcome: UseOutcome
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """What a token showed. Where the licence does not stand, its standing is told and no claim."""

    outcome: RedemptionOutcome
    profession: str | None = None
    standing: State | None = None
    purpose: Purpose | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    use: Use | None = field(default=None, repr=False)


NOT_AVAILABLE = Redemption(outcome=RedemptionOutcome.NOT_AVAILABLE)
"""Unknown, used up, expired, withdrawn, somebody else's: these look alike."""
