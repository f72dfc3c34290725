"""Partners: the hospitals and employers that may check certificates, each entered on one person's application and
another's approval.

    applied --approve--> approved --suspend--> suspended --lift_suspension--> approved
       └────────────────────┴──────── end ────────┴──────> ended

A partner's keys are its credential, so new ones wait for a second person too. What was done is kept for good as
actions, which are leaves of the audit log.
"""

from meibo.partners.applications import Application
from meibo.partners.callers import Callers
from meibo.partners.recipients import MOST_FOUND, KnownPartner, KnownPartners
from meibo.partners.records import Binding, Partner, PartnerAction, PartnerState, PartnerVerb
from meibo.partners.service import ActRequest, Partners

__all__ = [
    "MOST_FOUND",
    "ActRequest",
    "Application",
    "Binding",
    "Callers",
    "KnownPartner",
    "KnownPartners",
    "Partner",
    "PartnerAction",
    "PartnerState",
    "PartnerVerb",
    "Partners",
]
