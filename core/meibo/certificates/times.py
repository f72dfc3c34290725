"""Instants in tokens: whole or broken seconds since 1970, judged with a skew of 60 s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from meibo.certificates.outcomes import Reason, Refusal

SKEW = timedelta(seconds=60)
"""By how much the clocks of issuer, holder and verifier may differ."""


def instant(found: object, reason: Reason) -> datetime:
    """A NumericDate as an instant; raises Refusal with the reason given for anything else."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Refusal(reason)
    try:
        return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refusal(reason) from error


def check_validity(claims: Mapping[Any, Any], names: tuple[Any, Any, Any], at: datetime) -> datetime:
    """When a certificate ends, by its (iat, nbf, exp) under the names given.

    Raises Refusal NOT_YET_VALID or EXPIRED, CLAIM_MISSING without a beginning or an end.
    """
    issued, begins, ends = names
    starts = [instant(claims.get(issued), Reason.CLAIM_MISSING)]
    if begins in claims:
        starts.append(instant(claims[begins], Reason.MALFORMED))
    if max(starts) > at + SKEW:
        raise Refusal(Reason.NOT_YET_VALID)
    expires_at = instant(claims.get(ends), Reason.CLAIM_MISSING)
    if expires_at <= at - SKEW:
        raise Refusal(Reason.EXPIRED)
    return expires_at
