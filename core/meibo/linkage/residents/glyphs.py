"""Characters that the texts of filed replies lack (外字): sealed beside the rows, read by whoever may read replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.database.stores import Database
from meibo.linkage.replies import Replies
from meibo.linkage.residents.codec import Glyph
from meibo.linkage.residents.tables import resident_reply
from meibo.professions.compiled import Profession
from meibo.register.sealing import open_json, place, seal_json

READ = "resident.glyphs"


@dataclass(frozen=True, slots=True)
class GlyphDesk:
    """Reads the characters beside the replies of a licence."""

    database: Database
    professions: Mapping[str, Profession]
    replies: Replies
    guard: Guard

    async def read(self, principal: Principal, code: str, licence: UUID) -> dict[UUID, tuple[Glyph, ...]]:
        """By the reference of each filed reply (対象者識別情報), the characters that its texts lack.

        Raises Forbidden, NotFound, AuditUnavailable.
        """
        await self.guard.demand(principal, Permission.REPLY_READ, READ, code)
        scope, row = self.replies.scopes[code], resident_reply.c
        columns = (row.id, row.request_id, row.sealed)
        async with self.database.read([scope], principal.offices) as connection:
            known = await self.replies.opened(
                connection, self.professions[code], [licence], principal.offices
            )
            rows = (await connection.execute(select(*columns).where(row.licence_id == licence))).all()
        subjects, secret = (known[licence].pseudonym,), known[licence].secret
        await self.guard.audit.record(leaf(principal, LeafKind.READ, READ, code, subjects=subjects, count=1))
        return {asked: open_glyphs(secret, licence, id, sealed) for id, asked, sealed in rows}


def seal_glyphs(secret: bytes, licence: UUID, row: UUID, glyphs: tuple[Glyph, ...]) -> bytes:
    """The characters of one reply's row, sealed where they belong."""
    return seal_json(secret, [asdict(glyph) for glyph in glyphs], _place(licence, row))


def open_glyphs(secret: bytes, licence: UUID, row: UUID, sealed: bytes) -> tuple[Glyph, ...]:
    """What `seal_glyphs` sealed; raises SealBroken."""
    return tuple(Glyph(**each) for each in open_json(secret, sealed, _place(licence, row)))


def _place(licence: UUID, row: UUID) -> bytes:
    """No plugin's version is part of it: their form is core's."""
    return place(resident_reply.name, licence, row.hex, "")
