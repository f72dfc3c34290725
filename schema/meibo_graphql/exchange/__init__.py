"""Exchange with existing systems and the public search at the registry: feeds, whose an item is, conflicts, media."""

from meibo_graphql.exchange import conflicts, feeds, media

QUERIES = {**feeds.QUERIES, **conflicts.QUERIES, **media.QUERIES}
"""The root fields, by name."""
MUTATIONS = {**feeds.MUTATIONS, **conflicts.MUTATIONS}
"""The administrator's verbs, by name."""

__all__ = ["MUTATIONS", "QUERIES"]
