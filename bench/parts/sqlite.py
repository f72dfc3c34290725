"""Q1 on SQLite with the default settings: durable commits, audit on, 16 connections, one core."""

from __future__ import annotations

import asyncio
import shutil
from uuid import UUID

from sqlalchemy import select

from bench import questions
from bench.comparing import WARM_SECONDS
from bench.doctors import CODE, Doctors
from bench.installation import environment, prepare, sqlite_settings, tokens
from bench.questions import Identifiers
from bench.running import Run, bodies_of
from bench.servers import Running, ours, running
from meibo.database.recording import record_instant
from meibo.host import load_host
from meibo.installation import Installation, migrate, open_installation
from meibo.register import tables
from meibo.register.writing import LicenceWriter
from meibo.settings import Settings

CONNECTIONS = 16
PART = 500


def run(of: Run) -> None:
    """Load, and measure."""
    settings = sqlite_settings()
    _load(settings, of.scale.sqlite_doctors)
    given = environment({"data": settings.data})
    with running(ours(given, asyncio.run(tokens(settings)))) as server:
        bodies = bodies_of(server, "one", _asked(server, settings))
        of.meter.run(server, bodies, CONNECTIONS, WARM_SECONDS)
        while of.samples.count("sqlite", CONNECTIONS) < of.plan.repetitions:
            sample = of.meter.run(server, bodies, CONNECTIONS, of.plan.seconds)
            of.samples.add("sqlite", CONNECTIONS, sample=sample)
            of.tell(f"sqlite {CONNECTIONS} {sample['rate']:8.0f}/s  p99 {sample['p99']:7.2f} ms")
    of.samples.note(sqlite_doctors=of.scale.sqlite_doctors)


def _asked(server: Running, settings: Settings) -> questions.Variables:
    identifiers = Identifiers.of(settings.key_folder("register"))
    return questions.ones(server, asyncio.run(_ids(settings)), identifiers)


async def _ids(settings: Settings) -> list[UUID]:
    async with open_installation(settings) as installation:
        scope = installation.scopes.of(CODE)
        async with installation.register.read([scope]) as connection:
            statement = select(tables.licence.c.id).where(tables.licence.c.scope == scope)
            return list((await connection.execute(statement.limit(questions.ONES))).scalars())


def _load(settings: Settings, doctors: int) -> None:
    """Make and fill the installation, unless that was done."""
    done = settings.path(f"loaded-{doctors}")
    if done.exists():
        asyncio.run(migrate(settings, load_host()))
        return
    shutil.rmtree(settings.data, ignore_errors=True)
    asyncio.run(_fill(settings, doctors))
    done.touch()


async def _fill(settings: Settings, doctors: int) -> None:
    await prepare(settings)
    drawn = Doctors(load_host(only={CODE}))
    async with open_installation(settings) as installation:
        for first in range(1, doctors + 1, PART):
            await _enter(installation, drawn, range(first, min(first + PART, doctors + 1)))
        while await installation.sequencer.run_once():
            pass


async def _enter(installation: Installation, drawn: Doctors, indexes: range) -> None:
    """One unit of work; the rows go in by the writer's own inserts."""
    scope = installation.scopes.of(CODE)
    async with installation.register.write([scope]) as work:
        writer = LicenceWriter(work.connection, drawn.profession, scope, installation.keys)
        at = await record_instant(work.connection, scope)
        for index in indexes:
            doctor = drawn.write(writer, index, at)
            writer.add_search_keys(doctor.licence, doctor.record)
            writer.add_unique_values(doctor.licence, doctor.record)
        await writer.flush()
        await work.commit()
