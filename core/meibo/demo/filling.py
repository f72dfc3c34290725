"""Filling a demo: accounts, code tables, synthetic holders through the import."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, insert, select

from meibo.access.permissions import ROLES, Role
from meibo.access.tokens import ALL, Account, command_principal
from meibo.database.paging import PageRequest
from meibo.demo.entered import note_entered
from meibo.demo.holders import Row, holder_rows
from meibo.demo.keys import make_keys
from meibo.demo.linking import people_of
from meibo.demo.people import DemoPerson
from meibo.demo.replies import family_reply, resident_reply
from meibo.errors import OperatorError
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer
from meibo.installation import Installation, migrate, open_installation, seed_codes
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.registry.filtering import ListFilter, Order
from meibo.settings import Settings

ASKED = 3
"""How many holders of each profession have been asked about."""
REPLIES = {"resident_record": resident_reply, "family_register": family_reply}
INSTITUTION = "厚生労働省医政局医事課（デモ）"
ACCOUNTS = (
    Account(
        id="demo-officer",
        name_ja="処分担当（デモ）",
        name_en="Officer",
        institution=INSTITUTION,
        role=Role.OFFICER,
        professions=(ALL,),
        demo=True,
    ),
    Account(
        id="demo-clerk",
        name_ja="登録担当（デモ）",
        name_en="Clerk",
        institution=INSTITUTION,
        role=Role.CLERK,
        professions=(ALL,),
        demo=True,
    ),
    Account(
        id="demo-viewer",
        name_ja="閲覧者（デモ）",
        name_en="Viewer",
        institution="東京都（デモ）",
        role=Role.VIEWER,
        professions=(ALL,),
        demo=True,
    ),
    Account(
        id="demo-numbers",
        name_ja="番号担当（デモ）",
        name_en="Number officer",
        institution=INSTITUTION,
        role=Role.NUMBER_OFFICER,
        professions=(ALL,),
        demo=True,
    ),
    Account(
        id="demo-auditor",
        name_ja="監査担当（デモ）",
        name_en="Auditor",
        institution="監査室（デモ）",
        role=Role.AUDITOR,
        professions=(ALL,),
        demo=True,
    ),
    Account(
        id="demo-administrator",
        name_ja="管理担当（デモ）",
        name_en="Administrator",
        institution=INSTITUTION,
        role=Role.ADMINISTRATOR,
        professions=(ALL,),
        demo=True,
    ),
)


async def fill(settings: Settings, host: Host, holders: int, tell: Callable[[str], None]) -> list[DemoPerson]:
    """Migrate, and fill what is empty with so many holders of each profession; gives those who may sign in at the
    portal. Refuses a database that holds licences and is no demo."""
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        if not installation.is_demo:
            await _make_demo(installation)
        await seed_codes(installation, command_principal("demo", host.professions))
        for code, profession in host.professions.items():
            if holders and not await _count(installation, code):
                tell(f"Entering {holders} synthetic holders: {profession.plugin.name[1]} …")
                await _enter(installation, profession, holders)
                await note_entered(installation, code, holders)
                await _file_replies(installation, profession)
        await installation.sequencer.run_once()
        return await people_of(installation)


async def _make_demo(installation: Installation) -> None:
    """Mark an empty database as a demo and add its accounts."""
    for code in installation.host.professions:
        if await _count(installation, code):
            raise OperatorError(
                "This database holds licences and is no demo: set MEIBO_DATA to another folder."
            )
    for account in ACCOUNTS:
        await installation.tokens.add_account(account)
    make_keys(installation.authority)
    async with installation.register.write() as work:
        await work.connection.execute(insert(tables.installation), {"name": "demo", "value": "1"})
        await work.commit()
    installation.facts["demo"] = "1"


async def _enter(installation: Installation, profession: Profession, holders: int) -> None:
    """The rows go through a file and the import, as an office's would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "holders.csv"
        write_rows(path, holder_rows(installation.host, profession.code, holders))
        operator = command_principal("demo", installation.host.professions)
        network = VerifiedBy.RESIDENT_RECORD_NETWORK
        importer = Importer(installation, operator, profession, "register", "101", network)
        report = await importer.run(read_table(path))
    if report.bad:
        first = report.bad[0]
        raise OperatorError(f"The demo's own rows are bad, beginning with line {first.line}: {first}.")


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """A file to import from rows with the same headers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for line, row in enumerate(rows):
            if not line:
                writer.writerow(row)
            writer.writerow(row.values())


async def _file_replies(installation: Installation, profession: Profession) -> None:
    """One reply of each network for the first few holders, as if they had been asked about today."""
    asked = [
        (group, reply)
        for group, reply in REPLIES.items()
        if group in {spec.key for spec in profession.reply_groups}
    ]
    if not asked:
        return
    operator = command_principal("demo", installation.host.professions)
    reader = installation.reader(replace(operator, permissions=ROLES[Role.CLERK]), "demo")
    page = await reader.page(
        profession.code, ListFilter(), Order.REGISTRATION_NUMBER_ASC, PageRequest(first=ASKED)
    )
    key = profession.plugin.holder.family_name.partition(".")[0]
    entries = await reader.groups(key, page.nodes)
    await reader.log.write()
    for head, entry in zip(page.nodes, entries, strict=True):
        for group, reply in asked:
            raw = reply(profession.plugin.holder, entry.values)
            await installation.replies.file(operator, profession, head.id, group, raw)


async def _count(installation: Installation, code: str) -> int:
    scope = installation.scopes.of(code)
    async with installation.register.read([scope]) as connection:
        counted = await connection.execute(
            select(func.count()).select_from(tables.licence).where(tables.licence.c.scope == scope)
        )
        return int(counted.scalar_one())
