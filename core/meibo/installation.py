"""One installation, opened from its settings: the stores, the host, the keys, and the services over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import Table, insert, make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access import tables as access_tables
from meibo.access.guard import Guard, leaf
from meibo.access.principals import Principal
from meibo.access.tokens import Tokens
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import LeafKind
from meibo.audit.sequencer import Sequencer
from meibo.audit.sources import ChangeSource
from meibo.certificates import tables as certificate_tables
from meibo.certificates.authority import Authority, open_authority
from meibo.checking.family import FamilyRegister
from meibo.checking.opening import Checks, open_checks
from meibo.checking.residents import ResidentRecords
from meibo.checking.sources import Source
from meibo.checking.tables import check_run
from meibo.clockwork import clockwork
from meibo.codes import tables as code_tables
from meibo.codes.seeding import seed
from meibo.consent import tables as consent_tables
from meibo.crypto.keys import FileKeys
from meibo.database import migrations, recording
from meibo.database.fences import Grants, grant, grant_temporary, grants_by_info, scope_rows
from meibo.database.references import trust_derived
from meibo.database.storage import keep_whole
from meibo.database.stores import Database, Databases, Store
from meibo.errors import OperatorError
from meibo.exchange import Exchange, connectors, open_exchange
from meibo.exchange import tables as exchange_tables
from meibo.exchange.inbound import Receiving
from meibo.exchange.inbound import tables as inbound_tables
from meibo.exchange.inbound.lists import Lists
from meibo.family import FamilyOffice, family_connector, open_family
from meibo.family.tables import family_result
from meibo.host import Host
from meibo.identity import Identity, holder_grants
from meibo.identity.opening import open_identity, vault_grants
from meibo.jobs import Handler, JobOffice
from meibo.jobs import tables as job_tables
from meibo.link import Links, link_action, open_links
from meibo.link.actions import LinkChanges
from meibo.linkage import Replies
from meibo.linkage.handover import open_handover
from meibo.linkage.papers import open_paper_desk
from meibo.linkage.residents import RESIDENT_RECORDS, Residents, open_residents, resident_tables
from meibo.opening import Opened, opened, without_drift
from meibo.partners import Callers, Partners
from meibo.partners import tables as partner_tables
from meibo.partners.leaves import PartnerChanges
from meibo.partners.service import claims_offered
from meibo.professions.compiled import Profession
from meibo.register import tables as register_tables
from meibo.register.leaves import CodeChanges, RegisterChanges
from meibo.registry.erasing import Erasures
from meibo.registry.office import Office
from meibo.registry.placing import place_offices
from meibo.registry.reader import Reader
from meibo.registry.readlog import ReadLog
from meibo.registry.scopes import number_professions
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym

READ_BY_HOLDERS = (
    register_tables.profession,
    register_tables.installation,
    register_tables.licence,
    register_tables.action,
    register_tables.licence_version,
    register_tables.licence_span,
    recording.recording,
)
"""Tables of the register's own that a portal reads, beside those of the professions and the codes."""


@dataclass(frozen=True)
class Installation(Opened):
    """Everything that the office's surface or a command works with."""

    identity: Identity
    tokens: Tokens
    guard: Guard
    office: Office
    erasures: Erasures
    replies: Replies
    authority: Authority
    partners: Partners
    sequencer: Sequencer
    sources: Sequence[ChangeSource]
    jobs: JobOffice
    links: Links
    exchange: Exchange
    residents: Residents
    checks: Checks
    family: FamilyOffice
    handlers: Sequence[Handler[Any]]
    """What a worker of this installation does."""

    def reader(self, principal: Principal, operation: str) -> Reader:
        """A reader for one request."""
        log = ReadLog(self.audit, principal, operation)
        return Reader(
            self.register, self.scopes, self.keys, self.codes, self.identity, self.guard, principal, log
        )  # fmt: skip

    async def note(self, principal: Principal, operation: str, account: str) -> None:
        """Record an act on an account, such as `token.issue`, before it is done."""
        await self.audit.record(leaf(principal, LeafKind.DONE, operation, None, reference=account))

    @asynccontextmanager
    async def sequencing(self) -> AsyncIterator[None]:
        """Give leaves their places in the log, every second, as long as this lasts."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.sequencer.run(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    @asynccontextmanager
    async def publishing(self) -> AsyncIterator[None]:
        """Publish status lists, and flip at midnight what the date changes, as long as this lasts."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.authority.publisher.run(stop))
        try:
            yield
        finally:
            stop.set()
            await task


@asynccontextmanager
async def open_installation(settings: Settings, host: Host | None = None) -> AsyncIterator[Installation]:
    """Open an installation that is migrated; raises as `opened` does."""
    async with opened(settings, host) as given:
        yield _assemble(given)


def _assemble(given: Opened) -> Installation:
    settings, host, register, keys, audit = (
        given.settings,
        given.host,
        given.register,
        given.keys,
        given.audit,
    )
    scopes, codes, professions = given.scopes, given.codes, given.host.professions.values()
    vault_keys = FileKeys(settings.key_folder("vault"))
    identity = open_identity(given.databases, vault_keys, audit, host.files())
    guard = Guard(audit)
    erasures = Erasures(register, scopes, identity)
    authority = open_authority(settings, professions, register, scopes.known.values(), keys)
    replies = Replies(register, scopes.numbers, keys, codes, identity, audit)
    network = family_connector(settings, register, scopes, identity, replies)
    desk = open_paper_desk(given.databases, vault_keys, identity)
    receiving = Receiving(host, scopes.numbers, desk, Lists(keys, scopes.numbers))
    own = (*connectors(professions, receiving), RESIDENT_RECORDS, network)
    links = open_links(settings, host, register, scopes.known.values(), keys, guard, own)
    residents = open_residents(settings, host, given.databases, replies, links, vault_keys)
    office = Office(register, scopes, keys, codes, identity, guard, erasures)
    handover = open_handover(given.databases, vault_keys, audit, links.calls.client.folder)
    exchange = open_exchange(
        settings, register, scopes, keys, links.calls, guard, office, receiving, handover
    )
    family = open_family(settings, register, scopes, keys, identity, guard, links.outbox)
    asked: list[Source] = [ResidentRecords(residents.asking), FamilyRegister(family.asking)]
    checks = open_checks(register, scopes, keys, office, guard, asked, settings.terminal)
    sources = (
        RegisterChanges(register, scopes.known),
        CodeChanges(register),
        PartnerChanges(register),
        LinkChanges(register, scopes.known),
    )
    return Installation(
        settings,
        host,
        given.databases,
        keys,
        audit,
        scopes,
        codes,
        given.facts,
        identity,
        Tokens(register, host.professions),
        guard,
        office,
        erasures,
        replies,
        authority,
        Partners(register, keys, guard, claims_offered(professions), Callers(register)),
        Sequencer(given.databases[Store.AUDIT], keys, sources, given.facts.get("id", "unnamed")),
        sources,
        JobOffice(register, keys, guard),
        links,
        exchange,
        residents,
        checks,
        family.office,
        [
            *clockwork(register, authority.publisher, links),
            *links.handlers,
            *exchange.handlers,
            *residents.handlers,
            *checks.handlers,
            *family.handlers,
        ],
    )


async def migrate(settings: Settings, host: Host) -> None:
    """Bring every store to the newest revisions, as its owner; then fence the tables and number the professions."""
    settings.path("").mkdir(parents=True, exist_ok=True, mode=0o700)
    databases = Databases.open(settings, owner=True)
    try:
        for store, database in databases.items():
            await migrations.upgrade(database, store, host.migrations() if store is Store.REGISTER else [])
            if store is Store.REGISTER:
                host = await without_drift(databases, host, quarantine=settings.quarantine)
            async with database.write() as work:
                await work.connection.run_sync(migrations.lock)
                if store is Store.REGISTER:
                    await scope_rows(work.connection, register_tables_of(host))
                    await keep_whole(work.connection, register_tables_of(host))
                    await trust_derived(work.connection, register_tables_of(host))
                grants = {**grants_of(store, host), migrations.version_table(store): ["SELECT"]}
                await grant(work.connection, grants, role_of(settings, store))
                if shown := settings.portal_role and portal_grants(store, host):
                    shown = {**shown, migrations.version_table(store): ["SELECT"]}
                    await grant(work.connection, shown, settings.portal_role)
                if store is Store.REGISTER:
                    await grant_temporary(work.connection, role_of(settings, store))
                    await _first_rows(work.connection, host)
                await work.commit()
        await place_offices(host, databases[Store.REGISTER])
    finally:
        await databases.close()


async def seed_codes(installation: Installation, principal: Principal) -> None:
    """Add the plugins' rows whose codes the code tables do not have yet."""
    await seed(installation.codes, principal, installation.host.code_rows())


def tables_of(profession: Profession) -> list[Table]:
    """Every table that a profession's migrations make: of its groups, and of the code tables that it brings."""
    own = code_tables.own_tables(profession).values()
    return [*register_tables.profession_tables(profession).values(), *(each.table for each in own)]


def register_tables_of(host: Host) -> list[Table]:
    """Every table of the register's store, those of the host's own plugins included."""
    for profession in host.professions.values():
        tables_of(profession)
    parts = (
        recording.metadata,
        register_tables.metadata,
        code_tables.metadata,
        access_tables.metadata,
        job_tables.metadata,
    )
    own = (
        consent_tables.share,
        partner_tables.partner,
        link_action,
        exchange_tables.feed,
        inbound_tables.paper_batch,
        *resident_tables,
        check_run,
        family_result,
    )  # They stand among the register's own.
    assert all(table.metadata is register_tables.metadata for table in own)
    known = {None, *host.professions}
    return [
        table
        for metadata in parts
        for table in metadata.sorted_tables
        if table.info.get("profession") in known  # Another host of this process may have made more.
    ]


def grants_of(store: Store, host: Host) -> Grants:
    """What the server's own role may do in a store."""
    if store is Store.REGISTER:
        return grants_by_info(register_tables_of(host))
    return audit_tables.GRANTS if store is Store.AUDIT else vault_grants(store)


def portal_grants(store: Store, host: Host) -> Grants:
    """What the role of a portal's process may do in a store: nothing at all where numbers and their keys are."""
    if store is Store.REGISTER:
        kept = (t for p in host.professions.values() for t in register_tables.profession_tables(p).values())
        ours = {None, *host.professions}
        codes = (t for t in code_tables.metadata.sorted_tables if t.info.get("profession") in ours)
        read = (*READ_BY_HOLDERS, *codes, *kept)
        parts = (consent_tables, partner_tables, certificate_tables)
        written = {name: rights for part in parts for name, rights in part.HOLDERS_GRANTS.items()}
        return {table.name: ("SELECT",) for table in read} | written
    if store is Store.LINKS:
        return holder_grants()
    return audit_tables.HOLDERS_GRANTS if store is Store.AUDIT else {}


def role_of(settings: Settings, store: Store) -> str | None:
    """The server's own role in a store, where it is another than the owner's."""
    ours, owners = (_user(settings.url(store, owner=owner)) for owner in (False, True))
    return ours if ours != owners else None


def _user(url: str) -> str | None:
    return make_url(url).username


async def _first_rows(connection: AsyncConnection, host: Host) -> None:
    """The rows without which nothing works: the instant, the installation's id, the professions' numbers."""
    row, fact = recording.recording, register_tables.installation
    if not (await connection.execute(select(row.c.id))).first():
        await connection.execute(insert(row), {"id": 1, "last_at": clock.now()})
    if not (await connection.execute(select(fact.c.name).where(fact.c.name == "id"))).first():
        await connection.execute(insert(fact), {"name": "id", "value": token_hex(8)})
    await number_professions(connection, host.professions)


async def standing(
    installation: Installation, pseudonyms: Iterable[LicencePseudonym]
) -> set[LicencePseudonym]:
    """Those of the pseudonyms whose licence the register has, of professions too that are not installed now."""
    row = register_tables.licence
    async with installation.register.read(installation.scopes.known.values()) as connection:
        found = await connection.execute(select(row.c.pseudonym).where(row.c.pseudonym.in_(list(pseudonyms))))
        return {LicencePseudonym(p) for p in found.scalars()}


async def durability(store: Store, database: Database) -> str:
    """How a store commits; raises OperatorError where a commit could be lost."""
    async with database.read() as connection:
        if database.is_sqlite:
            level = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
            durable, told = level >= 2, f"SQLite, synchronous={level}"
        else:
            flags = [
                (await connection.exec_driver_sql(f"SHOW {n}")).scalar_one()
                for n in ("synchronous_commit", "fsync")
            ]
            durable, told = "off" not in flags, f"PostgreSQL, synchronous_commit={flags[0]}, fsync={flags[1]}"
    if not durable:
        raise OperatorError(f"The {store} database may lose commits ({told}): turn durable commits on.")
    return told
