"""Where outside systems' messages come in, and the figures of jobs and links."""

from meibo_graphql.links.counts import erasure_lines, exchange_lines, family_lines, job_lines, link_lines
from meibo_graphql.links.routes import link_routes

__all__ = ["erasure_lines", "exchange_lines", "family_lines", "job_lines", "link_lines", "link_routes"]
