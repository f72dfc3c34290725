"""Exchange with existing systems and the public search at the registry: feeds, whose an item is, conflicts, media."""

from meibo_graphql.exchange import conflicts, feeds, media, numbers, papers, passes

SUBJECTS = (feeds, conflicts, media, numbers, papers, passes)
QUERIES = {name: field for each in SUBJECTS for name, field in each.QUERIES.items()}
"""The root fields, by name."""
MUTATIONS = {**feeds.MUTATIONS, **conflicts.MUTATIONS, **numbers.MUTATIONS}
"""The administrator's verbs, by name."""

PERSONAL = passes.PERSONAL
"""Arguments that are accepted as variables alone."""

__all__ = ["MUTATIONS", "PERSONAL", "QUERIES"]
