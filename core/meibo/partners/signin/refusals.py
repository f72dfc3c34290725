"""Why a partner is not believed."""

from __future__ import annotations

INVALID_REQUEST = "invalid_request"
INVALID_CLIENT = "invalid_client"
INVALID_PROOF = "invalid_dpop_proof"
UNSUPPORTED_GRANT = "unsupported_grant_type"


class Refusal(Exception):
    """`reason` is one word for metric, log and audit leaf; `error` is what RFC 6749 and RFC 9449 let us say. Never
    leaves this package."""

    def __init__(self, reason: str, error: str = INVALID_CLIENT) -> None:
        super().__init__(reason)
        self.reason, self.error = reason, error
