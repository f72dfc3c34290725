"""What stands in a QR certificate: a CWT (RFC 8392) with its status, and one map of what it says of the licence."""

from __future__ import annotations

EXP, NBF, IAT, CTI = 4, 5, 6, 7
STATUS = 65535
"""The `status` claim of a CWT (draft-ietf-oauth-status-list, section 6.3)."""
LICENCE = -65537
"""A private-use claim: the certificate type under "vct", and the claims by name."""
TYPE = "vct"
