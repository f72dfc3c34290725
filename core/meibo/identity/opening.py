"""The vault of an installation, opened for identity."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from meibo.audit.log import AuditLog
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database, Store
from meibo.identity.service import Identity
from meibo.vault import tables
from meibo.vault.keystore import KeyStore
from meibo.vault.links import Links
from meibo.vault.numbers import Numbers


def open_identity(
    databases: Mapping[Store, Database], keys: KeyProvider, audit: AuditLog, files: Collection[str]
) -> Identity:
    """Identity over the three stores of the vault. `keys` are the vault's own, never the registers'."""
    numbers = Numbers(databases[Store.NUMBERS], KeyStore(databases[Store.KEYS]), keys)
    return Identity(Links(databases[Store.LINKS]), numbers, audit, files)


def vault_grants(store: Store) -> Mapping[str, tuple[str, ...]]:
    """What the server's own role may do in one of the vault's three stores."""
    return {
        Store.LINKS: tables.LINKS_GRANTS,
        Store.NUMBERS: tables.NUMBERS_GRANTS,
        Store.KEYS: tables.KEYS_GRANTS,
    }[store]
