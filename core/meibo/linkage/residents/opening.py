"""The resident-record network of one installation, from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from meibo.access.guard import Guard
from meibo.connectors import Connector, Direction
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Databases, Store
from meibo.errors import SettingsError
from meibo.host import Host
from meibo.jobs import Handler
from meibo.link import Links
from meibo.linkage.replies import Replies
from meibo.linkage.residents.asking import Asking
from meibo.linkage.residents.batches import EXCHANGE, Batches
from meibo.linkage.residents.desk import ResidentDesk
from meibo.linkage.residents.envelopes import MOST_WRAPPED
from meibo.linkage.residents.exchange import CONNECTOR, Exchange, open_envelopes, public_keys
from meibo.linkage.residents.filing import Filing
from meibo.linkage.residents.glyphs import GlyphDesk
from meibo.linkage.residents.holders import Holders
from meibo.linkage.residents.layout import Layout, own_layout, read_layout
from meibo.linkage.residents.runs import ResidentRuns
from meibo.settings import Settings
from meibo.vault.keystore import KeyStore
from meibo.vault.links import Links as VaultLinks
from meibo.vault.numbers import Numbers

RESIDENT_RECORDS = Connector(name=CONNECTOR, direction=Direction.OUT)
"""As links know it: by its address, its breaker and its switch. Its files are no messages of links."""


@dataclass(frozen=True, slots=True)
class Residents:
    """What the office does with the network, what a worker does, and the keys that the network is told."""

    runs: ResidentRuns
    desk: ResidentDesk
    batches: Batches
    asking: Asking
    glyphs: GlyphDesk
    keys: Mapping[str, list[dict[str, str]]]

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for inquiries."""
        return [Handler(EXCHANGE, self.batches.run)]


def open_residents(
    settings: Settings,
    host: Host,
    databases: Databases,
    replies: Replies,
    links: Links,
    vault_keys: KeyProvider,
) -> Residents:
    """The network; raises SettingsError for a layout or a key file that is wrong."""
    register, guard = databases[Store.REGISTER], Guard(replies.audit)
    client = replace(links.outbox.client, most=MOST_WRAPPED)
    numbers = Numbers(databases[Store.NUMBERS], KeyStore(databases[Store.KEYS]), vault_keys)
    exchange = Exchange(
        VaultLinks(databases[Store.LINKS]),
        numbers,
        _layout(settings),
        open_envelopes(vault_keys, client.folder),
    )
    holders = Holders(replies.keys)
    professions = {scope: host[code] for code, scope in replies.scopes.items()}
    batches = Batches(
        register, exchange, client, holders, Filing(replies), replies.audit, professions.__getitem__,
        links.inbox.refused,
    )  # fmt: skip
    runs = ResidentRuns(register, host.professions, replies.scopes, replies.keys, guard)
    desk = ResidentDesk(register, exchange, client, holders, replies, guard, host.professions)
    asking = Asking(register, host.professions, replies.scopes, replies.keys)
    glyphs = GlyphDesk(register, host.professions, replies, guard)
    return Residents(runs, desk, batches, asking, glyphs, public_keys(vault_keys))


def _layout(settings: Settings) -> Layout:
    """The layout of the file that the settings name, else the one that comes with meibo."""
    if not settings.resident_layout:
        return own_layout(settings.resident_encoding)
    path = Path(settings.resident_layout)
    try:
        return read_layout(path.stem, path.read_text("utf-8"), settings.resident_encoding)
    except (OSError, ValueError):
        raise SettingsError(
            f"MEIBO_RESIDENT_LAYOUT: {path.name} cannot be read: name a table in UTF-8."
        ) from None
