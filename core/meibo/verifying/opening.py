"""The verifying side opened from settings, or as a part of an installation that is open already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meibo.certificates.authority import Authority, open_authority
from meibo.consent import Redemptions
from meibo.database.stores import Store
from meibo.errors import SettingsError
from meibo.host import Host
from meibo.installation import Installation
from meibo.opening import Opened, opened
from meibo.partners import Callers
from meibo.partners.signin import PartnerSignIn, open_sign_in
from meibo.settings import PREFIX, Settings
from meibo.verifying.credentials import CredentialChecks
from meibo.verifying.licences import CertifiedLicences
from meibo.verifying.memory import Memory
from meibo.verifying.receipts import Receipts
from meibo.verifying.replays import SeenBindings
from meibo.verifying.shares import ShareChecks

STORES = (Store.REGISTER, Store.AUDIT)
"""All that a verify process reaches."""
OF_THE_VAULT = (
    "links_url", "links_owner_url", "numbers_url", "numbers_owner_url", "keys_url", "keys_owner_url", "vault_keys",
)  # fmt: skip
"""Settings that a verify process may not hold: what it does not know it cannot tell."""


@dataclass(frozen=True)
class Verifying(Opened):
    """Everything that the surface of partners and of the public works with."""

    authority: Authority
    partners: Callers
    sign_in: PartnerSignIn
    shares: ShareChecks
    credentials: CredentialChecks
    receipts: Receipts


@asynccontextmanager
async def open_verifying(settings: Settings, host: Host | None = None) -> AsyncIterator[Verifying]:
    """Open the verifying side of an installation that is migrated.

    Raises SettingsError where a setting of the vault is set, else as `opened` does.
    """
    refuse_vault(settings)
    async with opened(settings, host, STORES) as given:
        professions, known = given.host.professions.values(), given.scopes.known.values()
        authority = open_authority(settings, professions, given.register, known, given.keys)
        yield _verifying(given, authority, Callers(given.register))


def verifying_of(installation: Installation) -> Verifying:
    """The verifying side of an installation in its own process, as a demo serves it."""
    return _verifying(installation.within(STORES), installation.authority, installation.partners.callers)


def _verifying(given: Opened, authority: Authority, partners: Callers) -> Verifying:
    register, scopes, keys, audit = given.register, given.scopes, given.keys, given.audit
    memory = Memory(register, keys)
    licences = CertifiedLicences(register, scopes, authority.names.lists)
    return Verifying(
        given.settings, given.host, given.databases, keys, audit, scopes, given.codes, given.facts,
        authority=authority,
        partners=partners,
        sign_in=open_sign_in(given.settings, partners, keys, audit),
        shares=ShareChecks(Redemptions(register, scopes, keys, given.codes, audit), memory, keys),
        credentials=CredentialChecks(authority, licences, SeenBindings(register), memory, audit, keys),
        receipts=Receipts(authority),
    )  # fmt: skip


def refuse_vault(settings: Settings) -> None:
    """Raise SettingsError naming a setting of the vault that is set."""
    for name in OF_THE_VAULT:
        if getattr(settings, name):
            raise SettingsError(
                f"{PREFIX}{name.upper()} is set, and a verify process may know nothing of the vault: leave it out."
            )
