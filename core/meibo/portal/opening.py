"""A portal opened from settings, or as a part of an installation that is open already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meibo.access.guard import Guard
from meibo.access.openid import IdentityProvider, KeySets, SignIn
from meibo.certificates.authority import open_authority
from meibo.consent import Consents
from meibo.database.stores import Store
from meibo.errors import Unauthenticated
from meibo.host import Host
from meibo.identity import HolderLinks, open_holder_links
from meibo.opening import Opened, opened
from meibo.partners import KnownPartners
from meibo.portal.certificates import HolderCertificates
from meibo.portal.holders import OPERATION, Holder, HolderLog, HolderReader
from meibo.registry.numbers import NullNumberDesk
from meibo.registry.reader import Reader
from meibo.settings import Settings

STORES = (Store.REGISTER, Store.LINKS, Store.AUDIT)
"""All that a portal reaches."""


@dataclass(frozen=True)
class Portal(Opened):
    """Everything that the holders' surface works with."""

    links: HolderLinks
    sign_in: SignIn | None
    consents: Consents
    partners: KnownPartners
    certificates: HolderCertificates

    async def holder(self, token: str) -> Holder:
        """Who presents a token; raises Unauthenticated alike for all that are refused, and where nobody may sign in."""
        if self.sign_in is None:
            raise Unauthenticated
        signed_in = await self.sign_in.holder(token)
        held = await self.links.licences(signed_in.pseudonym)
        kept = tuple(licence for licence in held if licence.profession in self.host.professions)
        return Holder(signed_in.pseudonym, kept)

    def reader(self, holder: Holder) -> tuple[HolderReader, HolderLog]:
        """A reader for one request of a holder, and the log that is written before its answer."""
        log = HolderLog(self.audit, holder.reading(), OPERATION, holder=holder)
        reader = Reader(
            self.register, self.scopes, self.keys, self.codes, NullNumberDesk(),
            Guard(self.audit), holder.reading(), log,
        )  # fmt: skip
        return HolderReader(reader, holder, self.databases[Store.AUDIT]), log


@asynccontextmanager
async def open_portal(settings: Settings, host: Host | None = None) -> AsyncIterator[Portal]:
    """Open a portal of an installation that is migrated; raises as `opened` does."""
    async with opened(settings, host, STORES) as given:
        yield portal_of(given)


def portal_of(given: Opened) -> Portal:
    """The portal of what is open: alone in a process of its own, or within an installation, as a demo serves it."""
    given = given.within(STORES)
    provider, partners = IdentityProvider.of(given.settings), KnownPartners(given.register)
    register, scopes, keys, professions = given.register, given.scopes, given.keys, given.host.professions
    authority = open_authority(given.settings, professions.values(), register, scopes.known.values(), keys)
    return Portal(
        given.settings, given.host, given.databases, keys, given.audit, scopes, given.codes, given.facts,
        links=open_holder_links(given.databases),
        sign_in=SignIn(provider, KeySets(provider)) if provider else None,
        consents=Consents(register, scopes, keys, given.audit, partners),
        partners=partners,
        certificates=HolderCertificates(register, scopes, keys, given.audit, authority),
    )  # fmt: skip
