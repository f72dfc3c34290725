"""Values that no two licences of a profession may share: asked for before an act; constraints decide a race."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.crypto.keys import KeyProvider
from meibo.errors import Finding
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import search, tables
from meibo.registry import refusals


async def taken(
    connection: AsyncConnection,
    keys: KeyProvider,
    profession: Profession,
    scope: int,
    record: Record,
    licence: UUID | None = None,
) -> list[Finding]:
    """A finding for each item of the record whose value a licence other than this one has."""
    plugin = profession.plugin
    number = tables.number_key(str(record.value(plugin.number) or ""))
    row, kept = tables.licence.c, tables.unique_value.c
    same = select(row.id).where(row.scope == scope, row.number_key == number, *_another(row.id, licence))
    paths = [plugin.number] if (await connection.execute(same)).first() else []
    digest = partial(search.unique_digest, search.search_key_of(keys, profession.code))
    wanted = list(search.unique_values(profession, record, digest))
    if wanted:
        found = select(kept.path).where(
            kept.scope == scope,
            tuple_(kept.path, kept.hash).in_(wanted),
            *_another(kept.licence_id, licence),
        )
        paths += sorted((await connection.execute(found)).scalars())
    return [refusals.duplicate(path) for path in paths]


def _another(column: ColumnElement[Any], licence: UUID | None) -> list[ColumnElement[bool]]:
    return [] if licence is None else [column != licence]
