"""The side of those who check: partners redeem shares and verify certificates, and the public searches where it may.

    shares.redeem(partner, tokens, key) -> verdicts         credentials.verify(partner, certificates, key) -> verdicts
    receipts.write(partner, what was shown, verdict) -> a JWS that anybody can check

A verify process opens the register and the audit log. It has no way to the vault, whose settings it refuses to hold.
"""

from meibo.verifying.opening import Verifying, open_verifying, verifying_of
from meibo.verifying.receipts import check_receipt
from meibo.verifying.requests import Means, Shown, Verdict, VerificationOutcome

__all__ = [
    "Means",
    "Shown",
    "Verdict",
    "VerificationOutcome",
    "Verifying",
    "check_receipt",
    "open_verifying",
    "verifying_of",
]
