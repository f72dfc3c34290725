"""An installation that keeps the plugin under check alone, with its synthetic holders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event

from meibo import clock
from meibo.access.permissions import ROLES, Permission, Role
from meibo.access.principals import Principal, Surface
from meibo.access.tokens import command_principal
from meibo.database.paging import PageRequest
from meibo.errors import MeiboError, OperatorError
from meibo.identity import VerifiedBy
from meibo.importing.files import Table
from meibo.importing.service import Importer
from meibo.installation import Installation, migrate, open_installation, seed_codes
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.reader import Reader
from meibo.registry.views import Head
from meibo.testing.subjects import Subject

REASONS = "reason_master"
REASON = "201"
"""The reason of the acts that the checks do."""


@asynccontextmanager
async def opened(subject: Subject) -> AsyncIterator[Installation]:
    """The plugin's installation; the first time it is migrated and filled. Its tables follow the declaration by then,
    or the check `migrations` says why not."""
    if isinstance(subject.filled, MeiboError):
        raise subject.filled
    if not subject.filled:
        await _make(subject)
    async with open_installation(subject.settings, subject.alone) as installation:
        yield installation


async def _make(subject: Subject) -> None:
    try:
        await migrate(subject.settings, subject.alone)
        async with open_installation(subject.settings, subject.alone) as installation:
            await _fill(subject, installation)
    except MeiboError as error:
        subject.filled = error
        raise
    subject.filled = True


async def _fill(subject: Subject, installation: Installation) -> None:
    operator = command_principal("check", subject.alone.professions)
    await seed_codes(installation, operator)
    if not installation.codes.known(REASONS, REASON):
        row = {"reason_code": REASON, "processing_category_code": "02", "reason": "確認"}
        await installation.codes.put(operator, REASONS, row, clock.today())
    rows = subject.rows
    importer = Importer(
        installation, operator, subject.profession, "register", REASON, VerifiedBy.RESIDENT_RECORD_NETWORK
    )
    report = await importer.run(
        Table(list(rows[0]), [(line, list(row.values())) for line, row in enumerate(rows, 2)])
    )
    if report.bad:
        first = report.bad[0]
        raise OperatorError(
            f"A synthetic holder cannot be imported ({first.item}: {first.reason}): see the rules."
        )


def caller(subject: Subject, role: Role = Role.OFFICER, *, inside: bool = True) -> Principal:
    """Somebody of a role, with the profession in scope or not. Officers here may see everything."""
    extra = {Permission.PERSONAL_READ, Permission.SENSITIVE_READ} if role is Role.OFFICER else frozenset()
    return Principal(
        account=f"check-{role}",
        institution="meibo plugin check",
        terminal="check",
        surface=Surface.REGISTRY,
        permissions=frozenset(ROLES[role] | extra),
        professions=frozenset({subject.profession.code} if inside else ()),
    )


async def heads(subject: Subject, reader: Reader, first: int) -> list[Head]:
    """The first so many licences, by register number."""
    page = await reader.page(
        subject.profession.code, ListFilter(), Order.REGISTRATION_NUMBER_ASC, PageRequest(first=first)
    )
    return list(page.nodes)


@contextmanager
def statements(installation: Installation) -> Iterator[list[str]]:
    """The statements that the register is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engine, heard = installation.register._reading.sync_engine, installation.register.heard
    event.listen(engine, "before_cursor_execute", note)
    heard.append(asked.append)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
        heard.remove(asked.append)
