"""What the check of one holder came to, as every part of the API names it."""

from __future__ import annotations

import strawberry

from meibo.checking.outcomes import OUTCOME_NAMES, Outcome
from meibo_graphql.types import Language, worded

strawberry.enum(Outcome, name="CheckOutcome", description="What the check of one holder came to.")


def label(outcome: Outcome, language: Language) -> str:
    """The outcome in words."""
    return worded(OUTCOME_NAMES[outcome], language)


__all__ = ["Outcome", "label"]
