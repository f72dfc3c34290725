"""What a caller may ask of the server: how large an operation may be, how many at once, how many new documents.

Every limit is checked before the work that it bounds, in time linear in the size of the document.
"""

from meibo_graphql.limits.addresses import Searches
from meibo_graphql.limits.callers import Callers
from meibo_graphql.limits.checks import CheckAllowances, Left
from meibo_graphql.limits.costs import Cost
from meibo_graphql.limits.measuring import Measured, measure
from meibo_graphql.limits.operations import OperationLimits, require_cost, require_size
from meibo_graphql.limits.texts import require_text

__all__ = [
    "Callers",
    "CheckAllowances",
    "Cost",
    "Left",
    "Measured",
    "OperationLimits",
    "Searches",
    "measure",
    "require_cost",
    "require_size",
    "require_text",
]
