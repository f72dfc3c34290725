"""Errors that a caller may see: a documented code, and a sentence that never repeats a value of the request.

graphql-core prints refused values, tokens and causes into its messages. Everything that leaves the server
therefore passes `sanitize`, which keeps only what it knows to be safe and replaces the rest.
"""

from meibo_graphql.sanitizing.codes import ErrorCode
from meibo_graphql.sanitizing.errors import SafeError
from meibo_graphql.sanitizing.incidents import log_incident
from meibo_graphql.sanitizing.messages import sanitize
from meibo_graphql.sanitizing.rules import SAFE_RULES, SafeValuesRule, body_only, variables_only

__all__ = [
    "SAFE_RULES",
    "ErrorCode",
    "SafeError",
    "SafeValuesRule",
    "body_only",
    "log_incident",
    "sanitize",
    "variables_only",
]
