"""Surfaces: each is a schema at an address of its own, for callers of its own.

`serving` is what they share; a module here is what one of them is.
"""

from meibo_graphql.surfaces.portal import PortalSurface
from meibo_graphql.surfaces.registry import RegistrySurface
from meibo_graphql.surfaces.serving import Asked, ServedSurface
from meibo_graphql.surfaces.verify import VerifySurface

__all__ = ["Asked", "PortalSurface", "RegistrySurface", "ServedSurface", "VerifySurface"]
