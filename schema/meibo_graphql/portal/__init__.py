"""The holders' schema: classes of its own, of which none can show a number.

What values are made of (codes, partial dates, documents) is shared with the registry's; every type that shows a
licence is made here, from what its profession shows holders.
"""

from meibo_graphql.portal.context import HolderContext
from meibo_graphql.portal.schema import portal_schema

__all__ = ["HolderContext", "portal_schema"]
