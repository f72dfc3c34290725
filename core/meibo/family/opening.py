"""The family register of an installation, opened: its connector first, since the links need it, then its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meibo.access.guard import Guard
from meibo.connectors import Connector, Direction
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.family.asking import FamilyAsking, checker
from meibo.family.deletions import DELETIONS, Deletions
from meibo.family.entering import Entering
from meibo.family.grants import load_grants
from meibo.family.machine import machine
from meibo.family.messages import CONNECTOR, RECEIVES, SENDS
from meibo.family.office import FamilyOffice
from meibo.family.receiving import Receiving
from meibo.family.sending import Sending
from meibo.identity import Identity
from meibo.jobs import Handler
from meibo.link.encryption import Recipient
from meibo.link.opening import link_folder
from meibo.link.outbox import Outbox
from meibo.linkage import Replies
from meibo.professions.compiled import Profession
from meibo.registry.scopes import Scopes
from meibo.settings import Settings


@dataclass(frozen=True, slots=True)
class Family:
    """What the office does, and what a worker does by the clock."""

    office: FamilyOffice
    asking: FamilyAsking
    deletions: Deletions

    @property
    def handlers(self) -> Sequence[Handler[Any]]:
        """What a worker does."""
        return [Handler(DELETIONS, self.deletions.run)]


def family_connector(
    settings: Settings,
    register: Database,
    scopes: Scopes,
    identity: Identity,
    replies: Replies,
) -> Connector:
    """The intermediate server: messages go there and come from there."""
    professions, sender = _by_number(scopes), machine(scopes.numbers)
    receiving = Receiving(professions, replies, sender)
    sending = Sending(register, professions, identity, Recipient(CONNECTOR, link_folder(settings)), sender)
    return Connector(
        name=CONNECTOR,
        direction=Direction.BOTH,
        sends=SENDS,
        receives=RECEIVES,
        receive=receiving.receive,
        complete=sending.complete,
    )


def open_family(
    settings: Settings,
    register: Database,
    scopes: Scopes,
    keys: KeyProvider,
    identity: Identity,
    guard: Guard,
    outbox: Outbox,
) -> Family:
    """The verbs and the jobs; raises SettingsError where the list of grants is wrong."""
    grants, professions = load_grants(settings.family_grants), scopes.host.professions
    entering = Entering(register, outbox)
    office = FamilyOffice(register, professions, scopes, keys, identity, guard, entering, grants)
    asking = FamilyAsking(office, keys, checker("check", [*scopes.numbers]))
    return Family(office, asking, Deletions(_by_number(scopes), outbox, machine(scopes.numbers)))


def _by_number(scopes: Scopes) -> dict[int, Profession]:
    return {number: scopes.host.professions[code] for code, number in scopes.numbers.items()}
