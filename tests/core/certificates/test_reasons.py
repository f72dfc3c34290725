"""The closed list of reasons: each has a case of its own, and leads to one state."""

from __future__ import annotations

from meibo.certificates.outcomes import Reason, State, state_of
from tests.core.certificates.cases import presentations, qr_codes, status_tokens

TESTED_APART = {Reason.CHAIN_REVOKED, Reason.CRL_OLD, Reason.REPLAYED}
"""What is refused for what came before it: see `test_presentations.py`."""


def test_every_reason_has_a_case() -> None:
    tables = (presentations.REFUSED, qr_codes.REFUSED, status_tokens.REFUSED)
    cases = {reason for table in tables for reason, _ in table.values()}

    assert cases | TESTED_APART == set(Reason)


def test_every_reason_leads_to_a_state() -> None:
    states = {state: {reason for reason in Reason if state_of(reason) is state} for state in State}

    assert state_of(None) is State.VALID
    assert states[State.VALID] == set()
    assert states[State.EXPIRED] == {Reason.EXPIRED}
    assert states[State.REVOKED] == {Reason.REVOKED}
    assert states[State.SUSPENDED] == {Reason.SUSPENDED}
    assert {reason.name for reason in states[State.STATUS_UNAVAILABLE]} == {
        "STATUS_AGE", "STATUS_FORBIDDEN", "STATUS_INDEX", "STATUS_MALFORMED", "STATUS_SIGNER", "STATUS_SIZE",
        "STATUS_SUBJECT", "STATUS_TYPE", "STATUS_UNREACHABLE",
    }  # fmt: skip
