"""What the vault adds to a message when it is sent: the number, or the symbol, for the intermediate server alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import select

from meibo.access.principals import Principal
from meibo.connectors import Message, Outgoing
from meibo.database.stores import Database
from meibo.family.messages import Inquire, ObtainSymbol
from meibo.family.records import BASIS
from meibo.identity import Identity, NumberKind
from meibo.link.encryption import Recipient
from meibo.professions.compiled import Profession
from meibo.register.tables import licence
from meibo.values.pseudonyms import LicencePseudonym


@dataclass(frozen=True, slots=True)
class Sending:
    """Completes messages; `professions` by the small number of their rows."""

    database: Database
    professions: Mapping[int, Profession]
    identity: Identity
    recipient: Recipient
    machine: Principal

    async def complete(self, outgoing: Outgoing) -> Message:
        """The message with what may not be kept. Raises as `Identity.encrypt` does: then nothing is sent."""
        message = outgoing.message
        if isinstance(message, ObtainSymbol):
            return replace(
                message, number=await self._encrypted(outgoing, NumberKind.INDIVIDUAL_NUMBER, BASIS)
            )
        if isinstance(message, Inquire):
            symbol = await self._encrypted(outgoing, NumberKind.INSTITUTION_CODE, message.legal_basis)
            return replace(message, symbol=symbol)
        return message

    async def _encrypted(self, outgoing: Outgoing, kind: NumberKind, legal_basis: str) -> str:
        profession = self.professions[outgoing.scope]
        async with self.database.read([outgoing.scope]) as connection:
            named = select(licence.c.pseudonym).where(licence.c.id == outgoing.licence)
            pseudonym = (await connection.execute(named)).scalar_one()
        return await self.identity.encrypt(
            self.machine,
            profession=profession.code,
            file=profession.file,
            pseudonym=LicencePseudonym(pseudonym),
            kind=kind,
            encrypt=self.recipient.encrypt,
            message=outgoing.id,
            legal_basis=legal_basis,
            operation="family.send",
        )
