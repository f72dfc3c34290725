"""What an installation publishes for everybody: its keys, its trust list, its status lists, and how old they are."""

from meibo_graphql.published.ages import age_lines
from meibo_graphql.published.routes import published_routes

__all__ = ["age_lines", "published_routes"]
