"""Checks of all holders at the registry: runs, what differs, and what may be applied by itself."""

from meibo_graphql.checking import discrepancies, rules, runs

QUERIES = {**runs.QUERIES, **discrepancies.QUERIES, **rules.QUERIES}
"""The root fields, by name."""
MUTATIONS = {**runs.MUTATIONS, **discrepancies.MUTATIONS, **rules.MUTATIONS}
"""The office's verbs, by name."""
PERSONAL = discrepancies.PERSONAL
"""Arguments that are accepted as variables alone."""

__all__ = ["MUTATIONS", "PERSONAL", "QUERIES"]
