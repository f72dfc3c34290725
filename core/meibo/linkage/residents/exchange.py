"""The vault's own way out to the network, and back: nobody else sees a file in the clear.

Numbers are opened here, written into the file, and leave encrypted to the network; what comes back is opened here too.
The key pairs are the vault's, so whoever has the registers' keys alone opens neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from meibo import clock
from meibo.crypto.keys import KeyProvider
from meibo.errors import SettingsError, SourceUnavailable
from meibo.identity import NumberKind
from meibo.link.envelopes import public_jwk, read_jwks, signer_of
from meibo.linkage.residents import codec
from meibo.linkage.residents.envelopes import Envelopes, Peer
from meibo.linkage.residents.inquiries import (
    Answer,
    Facts,
    Inquiry,
    Key,
    answers_to,
    records_of,
)
from meibo.linkage.residents.layout import Layout, Part
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.links import Links
from meibo.vault.numbers import Numbers

CONNECTOR = "resident_records"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The holder of a licence, to be asked about under a reference drawn for it."""

    reference: UUID
    licence: UUID
    pseudonym: LicencePseudonym


FactsOf = Callable[[Sequence[Wanted]], Awaitable[Mapping[UUID, Facts]]]
"""Gives the facts of holders by reference."""


@dataclass(frozen=True, slots=True)
class Written:
    """An encrypted file: the references in it, in their order, and those that it could not ask about."""

    raw: bytes = field(repr=False)
    references: tuple[UUID, ...]
    left_out: tuple[UUID, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it travels, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Exchange:
    """Writes inquiry files and reads reply files; without the network's keys (`envelopes`) it does neither."""

    links: Links
    numbers: Numbers
    layout: Layout
    envelopes: Envelopes | None

    async def write(
        self, file: UUID, register_file: str, key: Key, wanted: Sequence[Wanted], facts: FactsOf
    ) -> Written:
        """An inquiry file about holders of a register file, by one key. Who has no such number is left out; whose
        facts are the key, `facts` is asked for.

        Raises SourceUnavailable without the network's keys, SealBroken where something in the vault was moved.
        """
        inquiries = await self._inquiries(register_file, key, wanted, facts)
        asked = {each.reference: each for each in inquiries}
        left_out = tuple(each.reference for each in wanted if each.reference not in asked)
        return Written(self.sealed(file, inquiries) if asked else b"", tuple(asked), left_out)

    def sealed(self, file: UUID, inquiries: Sequence[Inquiry]) -> bytes:
        """An inquiry file, ready to travel."""
        plain = codec.write(self.layout, Part.INQUIRY, file, records_of(inquiries, clock.today()))
        return self._envelopes().wrap(Part.INQUIRY, plain)

    def read(self, file: UUID, references: Sequence[UUID], raw: bytes) -> list[Answer]:
        """The answers of a reply file, one for each reference; raises MessageRefused where it is not believed."""
        plain = self._envelopes().open(Part.REPLY, raw)
        return answers_to(references, codec.read(self.layout, Part.REPLY, file, plain))

    async def _inquiries(
        self, register_file: str, key: Key, wanted: Sequence[Wanted], facts_of: FactsOf
    ) -> list[Inquiry]:
        """By number where that is the key and the vault holds one; else by facts, where those are and suffice."""
        numbers: dict[LicencePseudonym, str] = {}
        if key.number:
            numbers = await self._held(register_file, key.number, [each.pseudonym for each in wanted])
        without = [each for each in wanted if each.pseudonym not in numbers]
        facts = await facts_of(without) if key.needs_facts else {}
        by_number = Key(key.number) if key.number else Key.FACTS
        found = []
        for each in wanted:
            if number := numbers.get(each.pseudonym):
                found.append(Inquiry(each.reference, by_number, number))
            elif (known := facts.get(each.reference)) and known.suffice():
                found.append(Inquiry(each.reference, Key.FACTS, facts=known))
        return found

    async def _held(
        self, register_file: str, kind: NumberKind, pseudonyms: Sequence[LicencePseudonym]
    ) -> dict[LicencePseudonym, str]:
        """The numbers that the vault holds of these licences' holders."""
        persons = await self.links.persons_of(pseudonyms)
        numbers = await self.numbers.many.revealed(list(persons.values()), register_file, kind)
        return {each: numbers[person] for each, person in persons.items() if person in numbers}

    def _envelopes(self) -> Envelopes:
        if self.envelopes is None:
            raise SourceUnavailable
        return self.envelopes


def open_envelopes(keys: KeyProvider, folder: Path) -> Envelopes | None:
    """The envelopes, from the vault's keys and the network's (`resident_records.jwks.json` in the link folder: one key
    of `use` `enc`, the others sign); None where it gave none. Raises SettingsError for a file that is wrong."""
    path = folder / f"{CONNECTOR}.jwks.json"
    if not path.is_file():
        return None
    try:
        known = read_jwks(path.read_bytes())
        [encryption] = read_jwks(path.read_bytes(), "enc").values()
    except ValueError:
        raise SettingsError(
            f"{path.name} in MEIBO_LINK_FOLDER needs one key of use enc: ask for it again."
        ) from None
    ours = signer_of(keys, f"{CONNECTOR}:encryption").private
    return Envelopes(signer_of(keys, CONNECTOR), ours, Peer(known, encryption))


def public_keys(keys: KeyProvider) -> Mapping[str, list[dict[str, str]]]:
    """What the network is told of us: the JWKS of the key by which we sign, and of the one to which it encrypts."""
    reading = public_jwk(signer_of(keys, f"{CONNECTOR}:encryption")) | {"use": "enc", "alg": "ECDH-ES"}
    return {"keys": [public_jwk(signer_of(keys, CONNECTOR)), reading]}
