"""Where a certificate's status stands: a list's address and an index in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meibo.certificates.outcomes import Reason, Refusal

LONGEST_URI = 512


@dataclass(frozen=True, slots=True)
class StatusReference:
    """One entry of one list."""

    uri: str
    index: int


def reference(status: object) -> StatusReference:
    """The reference in a `status` claim (`{"status_list": {"idx", "uri"}}`); raises Refusal for anything else."""
    if status is None:
        raise Refusal(Reason.CLAIM_MISSING)
    found = status.get("status_list") if isinstance(status, Mapping) else None
    if not isinstance(found, Mapping):
        raise Refusal(Reason.STATUS_MALFORMED)
    index, uri = found.get("idx"), found.get("uri")
    if isinstance(index, bool) or not isinstance(index, int) or not isinstance(uri, str):
        raise Refusal(Reason.STATUS_MALFORMED)
    if index < 0:
        raise Refusal(Reason.STATUS_INDEX)
    if len(uri) > LONGEST_URI:
        raise Refusal(Reason.STATUS_MALFORMED)
    return StatusReference(uri, index)
