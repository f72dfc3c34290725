"""What the portal reaches of the vault: the links alone, of whoever has signed in."""

from __future__ import annotations

from collections.abc import Mapping

from meibo.database.stores import Database, Store
from meibo.values.pseudonyms import PortalPseudonym
from meibo.vault.links import HeldLicence, Links
from meibo.vault.tables import HOLDERS_GRANTS


class HolderLinks:
    """From a portal pseudonym to the licences that are its holder's, and to nothing else."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def licences(self, pseudonym: PortalPseudonym) -> list[HeldLicence]:
        """The holder's licences, each with its register's alias of the holder; none for a stranger."""
        return await self._links.held_at_portal(pseudonym)


def holder_grants() -> Mapping[str, tuple[str, ...]]:
    """What the role of a portal's process may do in the links."""
    return HOLDERS_GRANTS


def open_holder_links(databases: Mapping[Store, Database]) -> HolderLinks:
    """The links of an installation; neither numbers nor keys are opened for them."""
    return HolderLinks(Links(databases[Store.LINKS]))
