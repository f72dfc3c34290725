"""A portal opened from settings, or as a part of an installation that is open already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meibo.access.openid import IdentityProvider, KeySets, SignIn
from meibo.audit.log import AuditLog
from meibo.codes import tables as code_tables
from meibo.codes.service import CodeTables
from meibo.consent import Consents
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Databases, Store
from meibo.errors import Unauthenticated
from meibo.host import Host, load_host
from meibo.identity import HolderLinks, open_holder_links
from meibo.installation import Installation, facts_of, refuse_pending, without_drift
from meibo.portal.holders import OPERATION, Holder, HolderLog, HolderReader
from meibo.registry.guard import Guard
from meibo.registry.numbers import NullNumberDesk
from meibo.registry.reader import Reader
from meibo.registry.scopes import Scopes
from meibo.settings import Settings

STORES = (Store.REGISTER, Store.LINKS, Store.AUDIT)
"""All that a portal reaches."""


@dataclass(frozen=True)
class Portal:
    """Everything that the holders' surface works with."""

    settings: Settings
    host: Host
    databases: Databases
    keys: FileKeys
    audit: AuditLog
    scopes: Scopes
    codes: CodeTables
    links: HolderLinks
    sign_in: SignIn | None
    consents: Consents
    is_demo: bool

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
            self.databases[Store.REGISTER], self.scopes, self.keys, self.codes, NullNumberDesk(),
            Guard(self.audit), holder.reading(), log,
        )  # fmt: skip
        return HolderReader(reader, holder, self.databases[Store.AUDIT]), log


@asynccontextmanager
async def open_portal(settings: Settings, host: Host | None = None) -> AsyncIterator[Portal]:
    """Open a portal of an installation that is migrated; raises as `open_installation` does."""
    host = host or load_host(only=settings.only(), quarantine=settings.quarantine)
    databases = Databases.open(settings, stores=STORES)
    try:
        await refuse_pending(databases, host)
        host = await without_drift(databases, host, quarantine=settings.quarantine)
        register = databases[Store.REGISTER]
        keys = FileKeys(settings.key_folder("register"))
        audit = AuditLog(databases[Store.AUDIT], keys)
        scopes = await Scopes.load(host, register)
        codes = CodeTables(register, code_tables.code_tables(host.professions.values()))
        await codes.refresh()
        facts = await facts_of(register)
        yield _portal(settings, host, databases, keys, audit, scopes, codes, facts)
    finally:
        await databases.close()


def portal_of(installation: Installation) -> Portal:
    """The portal of an installation in its own process, as a demo serves it."""
    reached = Databases({store: installation.databases[store] for store in STORES})
    given = installation
    return _portal(
        given.settings, given.host, reached, given.keys, given.audit, given.scopes, given.codes, given.facts
    )


def _portal(
    settings: Settings,
    host: Host,
    databases: Databases,
    keys: FileKeys,
    audit: AuditLog,
    scopes: Scopes,
    codes: CodeTables,
    facts: dict[str, str],
) -> Portal:
    provider = IdentityProvider.of(settings)
    sign_in = SignIn(provider, KeySets(provider)) if provider else None
    consents = Consents(databases[Store.REGISTER], scopes, keys, audit)
    links, is_demo = open_holder_links(databases), facts.get("demo") == "1"
    return Portal(settings, host, databases, keys, audit, scopes, codes, links, sign_in, consents, is_demo)
