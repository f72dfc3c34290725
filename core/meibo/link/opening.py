"""The links of one installation, from its settings and its plugins' declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from meibo.access.guard import Guard
from meibo.connectors import Connector, by_name
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import SettingsError
from meibo.host import Host
from meibo.jobs import Handler
from meibo.link.calls import Calls
from meibo.link.client import LinkClient, addresses_of
from meibo.link.envelopes import Limits, Reader, read_jwks
from meibo.link.inbox import Inbox
from meibo.link.office import LinkOffice
from meibo.link.outbox import DELIVER, Outbox
from meibo.link.pruning import Pruning
from meibo.settings import Settings


@dataclass(frozen=True, slots=True)
class Links:
    """What goes out, what is asked and answered at once, what comes in, and what an operator does about it."""

    outbox: Outbox
    calls: Calls
    inbox: Inbox
    office: LinkOffice
    pruning: Pruning

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for links."""
        return [Handler(DELIVER, self.outbox.deliver)]


def open_links(
    settings: Settings,
    host: Host,
    register: Database,
    scopes: Iterable[int],
    keys: KeyProvider,
    guard: Guard,
    own: Iterable[Connector] = (),
) -> Links:
    """The links, to core's `own` connectors and those of plugins; raises PluginError for a declaration and
    SettingsError for an address or a key file that is wrong."""
    declared = ((plugin, each) for plugin, found in host.answers("meibo_connectors") for each in found)
    ours = (("meibo", each) for each in own)
    connectors, known = by_name((*ours, *declared)), tuple(scopes)
    addresses, folder = addresses_of(settings.link_addresses), link_folder(settings)
    limits = Limits(settings.link_max_bytes, timedelta(seconds=settings.link_skew_seconds))
    us = settings.public_url.rstrip("/")
    readers = {name: Reader(each, us, _keys(folder, name), limits) for name, each in connectors.items()}
    inbox = Inbox(register, known, readers)
    client = LinkClient(addresses, folder, settings.link_proxy, settings.link_max_bytes)
    outbox = Outbox(register, connectors, keys, client, inbox, us)
    calls = Calls(register, keys, client, inbox, us)
    office = LinkOffice(register, known, connectors, addresses, keys, guard)
    return Links(outbox, calls, inbox, office, Pruning(register, known))


def link_folder(settings: Settings) -> Path:
    """Where the keys and certificates of outside systems lie."""
    return Path(settings.link_folder or settings.path("link"))


def _keys(folder: Path, connector: str) -> Mapping[str, EllipticCurvePublicKey]:
    """The public keys of a connector's system; none where it gave none, so that nothing of it is believed."""
    path = folder / f"{connector}.jwks.json"
    if not path.is_file():
        return {}
    try:
        return read_jwks(path.read_bytes())
    except ValueError:
        raise SettingsError(f"{path.name} in MEIBO_LINK_FOLDER is no JWKS: ask for it again.") from None
