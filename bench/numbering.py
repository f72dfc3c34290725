"""Gives the doctors of a data set individual numbers, by the vault's own functions for newcomers: processes seal them,
and copy them into its three stores. A number tells its doctor's index, which a stand-in reads back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from uuid import uuid4

from sqlalchemy import select

from bench.doctors import CODE
from bench.installation import Dataset
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Databases, Store
from meibo.demo.holders import FIRST_NUMBER
from meibo.installation import open_installation
from meibo.register import tables
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym, new_person_id, new_portal_alias
from meibo.vault.keystore import KeyStore
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.links import Linked, Links
from meibo.vault.newcomers import Newcomer
from meibo.vault.numbers import Numbers
from meibo.vault.seals import Place
from meibo_sandbox.world.numbers import individual_number

PART = 1_000
"""Doctors that are numbered together."""
TOLD_EVERY = 50
"""Parts."""
KIND = NumberKind.INDIVIDUAL_NUMBER


def number(dataset: Dataset, tell: Callable[[str], None]) -> None:
    """Enrol the numbers of a data set, unless that was done."""
    asyncio.run(_number(dataset, tell))


async def _number(dataset: Dataset, tell: Callable[[str], None]) -> None:
    done = f"{dataset.name}_numbered"
    if await dataset.cluster.has_database(done):
        return
    tell(f"Numbering {dataset.doctors:,} doctors …")
    async with open_installation(dataset.settings) as installation:
        file, scope = installation.host[CODE].file, installation.scopes.of(CODE)
        row = tables.licence.c
        of = select(row.pseudonym, row.registration_number).where(row.scope == scope)
        async with installation.register.read([scope]) as connection:
            licences = [
                (pseudonym, int(number) - FIRST_NUMBER) for pseudonym, number in await connection.execute(of)
            ]
    await asyncio.to_thread(_number_parts, dataset.settings, file, licences, tell)
    for store in (Store.LINKS, Store.NUMBERS, Store.KEYS):
        connection = await dataset.cluster.connect(f"{dataset.name}_{store}")
        await connection.execute("vacuum (analyze)")
        await connection.close()
    await dataset.cluster.make_database(done)


def _number_parts(
    settings: Settings, file: str, licences: Sequence[tuple[str, int]], tell: Callable[[str], None]
) -> None:
    parts = [licences[start : start + PART] for start in range(0, len(licences), PART)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        submitted = [pool.submit(_number_part, settings, file, part) for part in parts]
        for count, part in enumerate(submitted, 1):
            part.result()
            if count % TOLD_EVERY == 0:
                tell(f"  {count * PART:,}")


def _number_part(settings: Settings, file: str, licences: Sequence[tuple[str, int]]) -> None:
    asyncio.run(_enrol(settings, file, [_newcomer(file, *each) for each in licences]))


def _newcomer(file: str, pseudonym: str, index: int) -> Newcomer:
    person, enrolment = new_person_id(), uuid4()
    place = Place(enrolment, person, file, KIND)
    linked = Linked(person, new_portal_alias(), enrolment)
    return Newcomer(LicencePseudonym(pseudonym), linked, [(place, individual_number(index))])


async def _enrol(settings: Settings, file: str, newcomers: Sequence[Newcomer]) -> None:
    databases = Databases.open(settings, stores=(Store.LINKS, Store.NUMBERS, Store.KEYS))
    links = Links(databases[Store.LINKS])
    keystore, keys = KeyStore(databases[Store.KEYS]), FileKeys(settings.key_folder("vault"))
    many = Numbers(databases[Store.NUMBERS], keystore, keys).many
    rows = many.new_rows(links, CODE, file, VerifiedBy.RESIDENT_RECORD_NETWORK).of(newcomers)
    await links.link_new(rows)
    async with many.alone() as work:
        await many.enrol_new(work, rows)
        await work.commit()
    await databases.close()
