"""What an act makes of a partner, and when it may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from meibo.errors import Finding, FindingCode, Refused
from meibo.partners.applications import finding
from meibo.partners.records import Jwk, Partner, PartnerState, PartnerVerb

APPLIED, APPROVED, SUSPENDED = PartnerState.APPLIED, PartnerState.APPROVED, PartnerState.SUSPENDED
ALLOWED: Final[Mapping[PartnerVerb, frozenset[PartnerState]]] = {
    PartnerVerb.APPROVE: frozenset({APPLIED, APPROVED, SUSPENDED}),
    PartnerVerb.SUSPEND: frozenset({APPROVED}),
    PartnerVerb.LIFT_SUSPENSION: frozenset({SUSPENDED}),
    PartnerVerb.END: frozenset({APPLIED, APPROVED, SUSPENDED}),
    PartnerVerb.PROPOSE_KEYS: frozenset({APPLIED, APPROVED, SUSPENDED}),
}
"""The states in which each verb may be done; an end is for good."""
_LEADS_TO: Mapping[PartnerVerb, PartnerState] = {
    PartnerVerb.SUSPEND: SUSPENDED,
    PartnerVerb.LIFT_SUSPENSION: APPROVED,
    PartnerVerb.END: PartnerState.ENDED,
}


def waits(partner: Partner) -> bool:
    """Whether anything of a partner waits for a second person: itself, or new keys."""
    return partner.state is APPLIED or bool(partner.proposed_keys)


def changed(partner: Partner, verb: PartnerVerb, keys: tuple[Jwk, ...], today: date) -> Partner:
    """The partner after an act; raises Refused where its state does not allow it.

    New keys of one that is entered already wait, and the old ones hold until they are approved.
    """
    if partner.state not in ALLOWED[verb] or (verb is PartnerVerb.APPROVE and not waits(partner)):
        raise Refused(wrong_state())
    if verb in (PartnerVerb.APPROVE, PartnerVerb.LIFT_SUSPENSION) and partner.expiry_date <= today:
        raise Refused(expired())
    after = replace(partner, version=partner.version + 1)
    if verb is PartnerVerb.PROPOSE_KEYS:
        return replace(after, keys=keys) if partner.state is APPLIED else replace(after, proposed_keys=keys)
    if verb is PartnerVerb.APPROVE:
        state = APPROVED if partner.state is APPLIED else partner.state
        return replace(after, state=state, keys=partner.proposed_keys or partner.keys, proposed_keys=())
    kept = () if verb is PartnerVerb.END else partner.proposed_keys
    return replace(after, state=_LEADS_TO[verb], proposed_keys=kept)


def wrong_state() -> Finding:
    """The partner's state does not allow the act."""
    return finding(
        "partner_id",
        "現在の状態ではこの操作はできません。",
        "The partner's state does not allow this: look at it as it is now.",
        FindingCode.WRONG_STATE,
        "partner.state",
    )


def expired() -> Finding:
    """The partner's registration has run out."""
    return finding(
        "partner_id",
        "登録の期限が過ぎています。改めて申請してください。",
        "Its registration has expired: let it apply anew.",
        FindingCode.WRONG_STATE,
        "partner.expired",
    )
