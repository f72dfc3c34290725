"""The verifying side opened from settings, or as a part of an installation that is open already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meibo.audit.log import AuditLog
from meibo.certificates.authority import Authority, open_authority
from meibo.codes import tables as code_tables
from meibo.codes.service import CodeTables
from meibo.consent import Redemptions
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Database, Databases, Store
from meibo.errors import SettingsError
from meibo.host import Host, load_host
from meibo.installation import Installation, refuse_pending, without_drift
from meibo.partners import Callers
from meibo.partners.signin import PartnerSignIn, open_sign_in
from meibo.registry.scopes import Scopes
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
class Verifying:
    """Everything that the surface of partners and of the public works with."""

    settings: Settings
    host: Host
    databases: Databases
    keys: FileKeys
    audit: AuditLog
    scopes: Scopes
    codes: CodeTables
    authority: Authority
    partners: Callers
    sign_in: PartnerSignIn
    shares: ShareChecks
    credentials: CredentialChecks
    receipts: Receipts

    @property
    def register(self) -> Database:
        """The register's store."""
        return self.databases[Store.REGISTER]


@asynccontextmanager
async def open_verifying(settings: Settings, host: Host | None = None) -> AsyncIterator[Verifying]:
    """Open the verifying side of an installation that is migrated.

    Raises SettingsError where a setting of the vault is set, else as `open_installation` does.
    """
    refuse_vault(settings)
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
        known = scopes.known.values()
        authority = open_authority(settings, host.professions.values(), register, known, keys)
        callers = Callers(register)
        yield _verifying(settings, host, databases, keys, audit, scopes, codes, authority, callers)
    finally:
        await databases.close()


def verifying_of(installation: Installation) -> Verifying:
    """The verifying side of an installation in its own process, as a demo serves it."""
    given = installation
    reached = Databases({store: given.databases[store] for store in STORES})
    return _verifying(
        given.settings,
        given.host,
        reached,
        given.keys,
        given.audit,
        given.scopes,
        given.codes,
        given.authority,
        given.partners.callers,
    )


def _verifying(
    settings: Settings,
    host: Host,
    databases: Databases,
    keys: FileKeys,
    audit: AuditLog,
    scopes: Scopes,
    codes: CodeTables,
    authority: Authority,
    partners: Callers,
) -> Verifying:
    register = databases[Store.REGISTER]
    memory = Memory(register, keys)
    licences = CertifiedLicences(register, scopes, authority.names.lists)
    shares = ShareChecks(Redemptions(register, scopes, keys, codes, audit), memory, keys)
    credentials = CredentialChecks(authority, licences, SeenBindings(register), memory, audit, keys)
    return Verifying(
        settings, host, databases, keys, audit, scopes, codes, authority, partners,
        open_sign_in(settings, partners, keys, audit), shares, credentials, Receipts(authority),
    )  # fmt: skip


def refuse_vault(settings: Settings) -> None:
    """Raise SettingsError naming a setting of the vault that is set."""
    for name in OF_THE_VAULT:
        if getattr(settings, name):
            raise SettingsError(
                f"{PREFIX}{name.upper()} is set, and a verify process may know nothing of the vault: leave it out."
            )
