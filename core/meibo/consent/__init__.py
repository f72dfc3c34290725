"""Sharing by consent: a holder lets somebody see chosen claims of one licence, for a purpose, until it ends.

    share -> a token, shown once; its HMAC stays    withdraw -> from then on it opens nothing
    redeem(token, recipient) -> claims, each use counted once, those of many callers in one commit

What the holder consented to is kept for good, with the text that was shown.
"""

from meibo.consent.redeeming import Redemptions
from meibo.consent.requests import (
    Purpose,
    Recipient,
    Recipients,
    Redemption,
    RedemptionOutcome,
    Share,
    ShareRequest,
    ShareUse,
    Use,
    UsedShare,
    UseOutcome,
)
from meibo.consent.service import Consents
from meibo.consent.texts import CONSENT_TEXTS, CURRENT_TEXT, ConsentText
from meibo.consent.uses import Uses

__all__ = [
    "CONSENT_TEXTS",
    "CURRENT_TEXT",
    "ConsentText",
    "Consents",
    "Purpose",
    "Recipient",
    "Recipients",
    "Redemption",
    "RedemptionOutcome",
    "Redemptions",
    "Share",
    "ShareRequest",
    "ShareUse",
    "Use",
    "UseOutcome",
    "UsedShare",
    "Uses",
]
