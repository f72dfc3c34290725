"""What the office does to a licence."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What the office does."""

    REGISTER = "register"
    CORRECT = "correct"
    REISSUE = "reissue"
    REPRIMAND = "reprimand"
    SUSPEND = "suspend"
    LIFT_SUSPENSION = "lift_suspension"
    REVOKE = "revoke"
    RESTORE = "restore"
    ORDER_REEDUCATION = "order_reeducation"
    COMPLETE_REEDUCATION = "complete_reeducation"
    STRIKE_OFF = "strike_off"
    UNDO_STRIKE_OFF = "undo_strike_off"
