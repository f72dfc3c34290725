"""Filling a demo: accounts, code tables, synthetic holders through the import."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, insert, select

from meibo.access.permissions import ROLES, Role
from meibo.access.tokens import ALL, Account, command_principal
from meibo.demo.people import doctor_rows
from meibo.demo.replies import FAMILY_REPLY, resident_reply
from meibo.errors import OperatorError
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer
from meibo.installation import Installation, migrate, open_installation, seed_codes
from meibo.register import tables
from meibo.registry.paging import PageRequest
from meibo.registry.selecting import ListFilter, Order
from meibo.settings import Settings

REPLIES = 10
"""How many of the demo's doctors have been asked about."""
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
)


async def fill(settings: Settings, host: Host, holders: int, tell: Callable[[str], None]) -> None:
    """Migrate, and fill what is empty. Refuses a database that holds licences and is no demo."""
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        if not installation.is_demo:
            await _make_demo(installation)
        operator = command_principal("demo", host.professions)
        await seed_codes(installation, operator)
        if "doctor" in host.professions and holders and not await _count(installation, "doctor"):
            tell(f"Entering {holders} synthetic doctors …")
            await _enter(installation, holders)
            await _file_replies(installation)
        await installation.sequencer.run_once()


async def _make_demo(installation: Installation) -> None:
    """Mark an empty database as a demo and add its accounts."""
    for code in installation.host.professions:
        if await _count(installation, code):
            raise OperatorError(
                "This database holds licences and is no demo: set MEIBO_DATA to another folder."
            )
    for account in ACCOUNTS:
        await installation.tokens.add_account(account)
    async with installation.register.write() as work:
        await work.connection.execute(insert(tables.installation), {"name": "demo", "value": "1"})
        await work.commit()
    installation.facts["demo"] = "1"


async def _enter(installation: Installation, holders: int) -> None:
    """The rows go through a file and the import, as an office's would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doctors.csv"
        rows = list(doctor_rows(holders))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        operator = command_principal("demo", installation.host.professions)
        importer = Importer(
            installation,
            operator,
            installation.host["doctor"],
            "register",
            "101",
            VerifiedBy.RESIDENT_RECORD_NETWORK,
        )
        report = await importer.run(read_table(path))
    if report.bad:
        raise OperatorError(
            f"The demo's own rows are bad, beginning with line {report.bad[0].line}: {report.bad[0]}."
        )


async def _file_replies(installation: Installation) -> None:
    """One reply of each network for the first few doctors, as if they had been asked about today."""
    operator = command_principal("demo", installation.host.professions)
    reader = installation.reader(replace(operator, permissions=ROLES[Role.CLERK]), "demo")
    page = await reader.page(
        "doctor", ListFilter(), Order.REGISTRATION_NUMBER_ASC, PageRequest(first=REPLIES)
    )
    registers = await reader.groups("register", page.nodes)
    await reader.log.write()
    doctor = installation.host["doctor"]
    for head, register in zip(page.nodes, registers, strict=True):
        for group, raw in (
            ("resident_record", resident_reply(register.values)),
            ("family_register", FAMILY_REPLY),
        ):
            await installation.replies.file(operator, doctor, head.id, group, raw)


async def _count(installation: Installation, code: str) -> int:
    scope = installation.scopes.of(code)
    async with installation.register.read([scope]) as connection:
        counted = await connection.execute(
            select(func.count()).select_from(tables.licence).where(tables.licence.c.scope == scope)
        )
        return int(counted.scalar_one())
