"""GraphiQL for a surface, from files of our own: government networks reach no CDN."""

from meibo_graphql.explorer.examples import Example, read_examples
from meibo_graphql.explorer.routes import CONTENT_SECURITY_POLICY, explorer_routes

__all__ = ["CONTENT_SECURITY_POLICY", "Example", "explorer_routes", "read_examples"]
