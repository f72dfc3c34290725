"""Where partners sign in: `/oauth/token`, and what says so; and who calls, for the surface that answers them."""

from meibo_graphql.oauth.calling import calling_partner, partners_of
from meibo_graphql.oauth.counts import sign_in_lines
from meibo_graphql.oauth.routes import oauth_routes

__all__ = ["calling_partner", "oauth_routes", "partners_of", "sign_in_lines"]
