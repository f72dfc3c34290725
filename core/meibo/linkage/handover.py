"""The vault's own way of numbers to a system that a law lets have them: they are opened here, and leave encrypted.

The register notes by a token which number of a licence went there. Only the vault can make one, or say whether it
still stands for the number that it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import msgspec

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.crypto.keys import Key, KeyProvider, derive, mac
from meibo.database.stores import Database, Store
from meibo.errors import SealBroken
from meibo.identity import NumberKind
from meibo.identity.guards import guard
from meibo.link.encryption import Recipient
from meibo.professions.compiled import Profession
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.keystore import KeyStore
from meibo.vault.links import Links
from meibo.vault.numbers import Numbers, NumberStatus

KIND = NumberKind.INDIVIDUAL_NUMBER
OPERATION = "exchange.hand_over"
UNKNOWN = ""
"""The token where nobody knows which number they have, or whether they have one."""


class Standing(StrEnum):
    """How the number that a system was given stands to the one that the vault holds of the same licence."""

    SAME = "same"
    LACKING = "lacking"
    """The vault holds one that the system has not been given."""
    DESTROYED = "destroyed"
    NONE = "none"
    """Nobody has given the vault one."""


class HandedNumber(msgspec.Struct, frozen=True):
    """A number as the system reads it."""

    licence: LicencePseudonym
    number: str


@dataclass(frozen=True, slots=True)
class Handed:
    """Numbers that only the system can read, and a token for each licence whose number is among them."""

    sealed: str = field(repr=False)
    tokens: Mapping[LicencePseudonym, str]


@dataclass(frozen=True, slots=True)
class Handover:
    """Compares and encrypts the individual numbers of licences; `keys` are the vault's own."""

    links: Links
    numbers: Numbers
    keys: KeyProvider
    audit: AuditLog
    folder: Path

    async def standings(
        self, profession: Profession, connector: str, tokens: Mapping[LicencePseudonym, str]
    ) -> dict[LicencePseudonym, Standing]:
        """How the numbers of licences stand to what the system was given of each, by its token."""
        persons = await self.links.persons_of(tokens)
        current = await self.numbers.current(set(persons.values()), profession.file, KIND)
        held = {each: current.get(person) for each, person in persons.items()}
        return {
            each: self._standing(profession, connector, token, held.get(each))
            for each, token in tokens.items()
        }

    async def sealed(
        self,
        principal: Principal,
        profession: Profession,
        connector: str,
        licences: Collection[LicencePseudonym],
        *,
        legal_basis: str,
        purpose: str,
        batch: UUID,
    ) -> Handed:
        """The numbers of licences, encrypted to the system's key. They leave only after the one leaf is durable that
        says whose they are, how many, and on which basis.

        Raises Forbidden without `registry:number:send`, which no role has; SettingsError where the system has handed
        over no key; SealBroken where something in the vault was moved; AuditUnavailable.
        """
        entry = await guard(self.audit, principal, Permission.NUMBER_SEND, profession.code, OPERATION)
        persons = await self.links.persons_of(licences)
        current = await self.numbers.current(set(persons.values()), profession.file, KIND)
        opened = await self.numbers.many.revealed(list(current), profession.file, KIND)
        numbers = {each: opened[who] for each, who in persons.items() if who in opened}
        handed = [HandedNumber(each, number) for each, number in numbers.items()]
        sealed = Recipient(connector, self.folder).encrypt(msgspec.json.encode(handed).decode())
        await entry.about(*numbers, act=batch).record(
            LeafKind.EXPORT, count=len(numbers), purpose=purpose, legal_basis=legal_basis
        )
        enrolments = {each: current[persons[each]][0] for each in numbers}
        return Handed(
            sealed, {each: self._token(profession, connector, id) for each, id in enrolments.items()}
        )

    def _standing(
        self, profession: Profession, connector: str, token: str, current: tuple[UUID, NumberStatus] | None
    ) -> Standing:
        if current is None:
            return Standing.NONE
        enrolment, status = current
        if not status.held:
            return Standing.DESTROYED if status.destroyed_at else Standing.NONE
        same = self._stands_for(profession, connector, token, enrolment)
        return Standing.SAME if same else Standing.LACKING

    def _token(self, profession: Profession, connector: str, enrolment: UUID) -> str:
        key = self.keys.newest(_key(profession))
        return f"{key.version}.{_mac(key, profession, connector, enrolment)}"

    def _stands_for(self, profession: Profession, connector: str, token: str, enrolment: UUID) -> bool:
        version, _, told = token.partition(".")
        if not version.isdecimal():
            return False
        with suppress(SealBroken):  # The key is gone: nobody knows any longer.
            key = self.keys.version(_key(profession), int(version))
            return told == _mac(key, profession, connector, enrolment)
        return False


def open_handover(
    databases: Mapping[Store, Database], keys: KeyProvider, audit: AuditLog, folder: Path
) -> Handover:
    """The handover over the three stores of the vault; `folder` holds the systems' keys."""
    numbers = Numbers(databases[Store.NUMBERS], KeyStore(databases[Store.KEYS]), keys)
    return Handover(Links(databases[Store.LINKS]), numbers, keys, audit, folder)


def _key(profession: Profession) -> str:
    return f"lookup/{profession.file}"


def _mac(key: Key, profession: Profession, connector: str, enrolment: UUID) -> str:
    """Equal for no two licences of one person, though professions of one file share an enrolment."""
    return mac(derive(key, f"handed:{connector}:{profession.code}"), enrolment.bytes).hex()
