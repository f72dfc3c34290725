"""The check page: reads a QR certificate by camera, picture or link, and verifies it in the browser, offline too."""

from meibo_graphql.check.routes import CONTENT_SECURITY_POLICY, check_routes

__all__ = ["CONTENT_SECURITY_POLICY", "check_routes"]
