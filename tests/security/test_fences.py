"""PostgreSQL's second fence: what row-level security and grants refuse, whatever our own code asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Role
from meibo.certificates.entries import Draft, Entries, Format
from meibo.certificates.status.indices import Indices, Medium
from meibo.checking.tables import (
    check_batch,
    check_discrepancy,
    check_rule,
    check_run,
    check_tally,
    check_verdict,
)
from meibo.consent import rows
from meibo.consent.requests import Purpose, ShareRequest, UseOutcome
from meibo.consent.tables import share_use
from meibo.database.stores import Database, Store
from meibo.exchange.inbound.tables import (
    carried_medium,
    paper_batch,
    paper_certificate,
    paper_line,
    pass_entry,
    pass_list,
)
from meibo.exchange.numbers.tables import feed_basis, feed_erasure, feed_handover, feed_number
from meibo.exchange.tables import feed, feed_change, feed_entry, feed_heard, feed_item, feed_medium
from meibo.family.tables import family_batch, family_inquiry, family_result
from meibo.host import Host
from meibo.installation import Installation, grants_of, register_tables_of
from meibo.link.tables import link_action, link_message
from meibo.linkage.residents import resident_tables
from meibo.register import tables
from meibo.registry.selecting import HEAD
from tests.databases import POSTGRES
from tests.installed import principal
from tests.postgres import PostgresDatabase
from tests.security.conftest import Registers
from tests.security.whole_licence import whole_licence

ON_POSTGRES = pytest.mark.parametrize("store", POSTGRES, indirect=True)
OTHER = 999
"""The number of no profession."""
SCOPES = {"unset": None, "empty text": "", "no profession": "{}", "another profession": f"{{{OTHER}}}"}
pytestmark = ON_POSTGRES


@pytest.fixture
async def app(registers: Registers, store: PostgresDatabase) -> AsyncIterator[Database]:
    """The server's own role at the register, with rows in every table."""
    installation = registers.api.installation
    await whole_licence(installation)
    entries = Entries(installation.register, Indices(installation.keys), "https://meibo.example/status/")
    registered, ends = registers.licences["registered"], clock.today() + timedelta(days=90)
    draft = Draft(format=Format.SD_JWT, claims=[], medium=Medium.DIGITAL, expiry_date=ends)
    await entries.enter(installation.scopes.of("doctor"), [registered], draft)
    await used_share(installation, registered)
    await asked_link(installation, registered)
    await fed(installation, registered)
    await sent(installation, registered)
    await asked_resident(installation, registered)
    await checked(installation, registered)
    await asked_family(installation, registered)
    database = Database(store.app_url)
    yield database
    await database.close()


async def used_share(installation: Installation, licence: UUID) -> None:
    """A share of a licence, its consent, and a use."""
    scope, at, mac = installation.scopes.of("doctor"), clock.now(), b"mac of a token"
    asked = ShareRequest(
        licence=licence, claims=["full_name"], purpose=next(iter(Purpose)), recipient=None,
        expires_at=at + timedelta(days=1), uses=1, text_version="1", language="ja",
    )  # fmt: skip
    async with installation.register.write([scope]) as work:
        id = await rows.add_share(work.connection, scope, asked, mac, at)
        await rows.add_consent(work.connection, id, "given", asked.text_version, asked.language, at)
        await work.connection.execute(
            insert(share_use),
            {
                "id": uuid4(), "scope": scope, "licence_id": licence, "share_id": id, "recipient": None,
                "outcome": UseOutcome.SHOWN, "used_at": at,
            },
        )  # fmt: skip
        await work.commit()


async def asked_link(installation: Installation, licence: UUID) -> None:
    """A message to an outside system about a licence, and who asked for it."""
    scope = installation.scopes.of("doctor")
    about = {"id": uuid4(), "scope": scope, "licence_id": licence}
    message = about | {
        "connector": "iseki", "type": "moved", "status": "requested", "requested_at": clock.now(),
        "key_version": 1, "sealed": b"sealed",
    }  # fmt: skip
    asked = about | {
        "id": uuid4(), "message_id": about["id"], "status": "requested", "code": "", "account": "officer",
        "institution": "", "terminal": "", "recorded_at": clock.now(),
    }  # fmt: skip
    async with installation.register.write([scope]) as work:
        await work.connection.execute(insert(link_message), message)
        await work.connection.execute(insert(link_action), asked)
        await work.commit()


async def fed(installation: Installation, licence: UUID) -> None:
    """What an existing system is told of a licence, and changes of it."""
    scope = installation.scopes.of("doctor")
    told = {"connector": "public_search", "scope": scope}
    stands = told | {"series": uuid4(), "number": 0, "told_until": "", "told_on": clock.today()}
    entry = told | {"licence_id": licence, "key_version": 1, "sealed": b"sealed"}
    master = told | {"path": "register.family_name", "master": "theirs", "since": clock.now()}
    medium = told | {
        "id": uuid4(), "batch_id": uuid4(), "number": 1, "label": "1", "digest": b"digest", "account": "officer",
        "written_at": clock.now(),
    }  # fmt: skip
    basis = told | {
        "id": uuid4(), "legal_basis": "", "start_date": clock.today(), "end_date": clock.today(),
        "proposed_by": "officer", "proposed_at": clock.now(),
    }  # fmt: skip
    number = told | {"licence_id": licence, "batch": 1, "token": ""}
    erasure = told | {"id": uuid4(), "licence_id": licence, "ordered_at": clock.now()}
    change = entry | {"change_id": uuid4(), "outcome": "refused", "recorded_at": clock.now()}
    async with installation.register.write([scope]) as work:
        await work.connection.execute(insert(feed), stands)
        await work.connection.execute(insert(feed_entry), entry)
        await work.connection.execute(insert(feed_item), master)
        await work.connection.execute(insert(feed_heard), told | {"heard_until": "1"})
        await work.connection.execute(insert(feed_change), change)
        await work.connection.execute(insert(feed_medium), medium)
        await work.connection.execute(insert(feed_basis), basis)
        await work.connection.execute(
            insert(feed_handover), told | {"number": 1, "next_round_at": clock.now()}
        )
        await work.connection.execute(insert(feed_number), number)
        await work.connection.execute(insert(feed_erasure), erasure)
        await work.commit()


async def sent(installation: Installation, licence: UUID) -> None:
    """A number from paper, the proof that it was destroyed, a row of a pass list, and a medium."""
    scope, at = installation.scopes.of("doctor"), clock.now()
    about = {"scope": scope, "connector": "centre"}
    batch = about | {"id": uuid4(), "batch": uuid4(), "size": 1, "on_paper": False, "received_at": at}
    line = {
        "batch_id": batch["id"], "reference": uuid4(), "scope": scope, "outcome": "entered", "licence_id": licence,
    }  # fmt: skip
    certificate = {
        "batch_id": batch["id"], "proof": "erasure", "scope": scope, "destroyed_date": clock.today(),
        "method": "overwritten", "signed": b"signed", "filed_at": at,
    }  # fmt: skip
    passed = about | {"id": uuid4(), "list": uuid4(), "year": 2020, "size": 1, "received_at": at}
    entry = {
        "id": uuid4(), "scope": scope, "list_id": passed["id"], "number_hash": b"hash", "person_hash": b"hash",
        "key_version": 1, "sealed": b"sealed",
    }  # fmt: skip
    medium = about | {
        "id": uuid4(), "way": "in", "content": "numbers", "message_id": uuid4(), "label": "1", "digest": b"digest",
        "account": "officer", "entered_at": at,
    }  # fmt: skip
    rows = ((paper_batch, batch), (paper_line, line), (paper_certificate, certificate), (pass_list, passed),
            (pass_entry, entry), (carried_medium, medium))  # fmt: skip
    async with installation.register.write([scope]) as work:
        for table, row in rows:
            await work.connection.execute(insert(table), row)
        await work.commit()


async def asked_resident(installation: Installation, licence: UUID) -> None:
    """An inquiry about a licence's holder, and what stands beside its reply."""
    scope, at = installation.scopes.of("doctor"), clock.now()
    run = {
        "id": uuid4(), "scope": scope, "key": "facts", "state": "requested", "size": 1,
        "requested_by": "officer", "requested_at": at,
    }  # fmt: skip
    batch = {"id": uuid4(), "scope": scope, "run_id": run["id"], "number": 1, "state": "waiting"}
    asked = {
        "id": uuid4(), "scope": scope, "batch_id": batch["id"], "place": 1, "licence_id": licence,
    }  # fmt: skip
    reply = {
        "id": uuid4(), "scope": scope, "request_id": asked["id"], "licence_id": licence, "sealed": b"sealed",
    }  # fmt: skip
    rows = zip(resident_tables, (run, batch, asked, reply), strict=True)
    async with installation.register.write([scope]) as work:
        for table, row in rows:
            await work.connection.execute(insert(table), row)
        await work.commit()


async def checked(installation: Installation, licence: UUID) -> None:
    """A check of a licence, what it found and what was decided, and a rule."""
    scope, at = installation.scopes.of("doctor"), clock.now()
    run = {
        "id": uuid4(), "source": "residents", "professions": "doctor", "standings": "REGISTERED", "per_day": 1,
        "per_batch": 1, "state": "done", "planned_at": at, "planned_by": "officer",
    }  # fmt: skip
    batch = {
        "id": uuid4(), "scope": scope, "run_id": run["id"], "number": 1, "first_id": licence, "last_id": licence,
        "size": 1, "state": "done",
    }  # fmt: skip
    tally = {"batch_id": batch["id"], "scope": scope, "outcome": "moved", "age": 30, "count": 1}
    found = {
        "id": uuid4(), "scope": scope, "licence_id": licence, "version": 1, "batch_id": batch["id"],
        "source": "residents", "outcome": "moved", "state": "open", "found_at": at, "sealed": b"sealed",
    }  # fmt: skip
    verdict = {
        "id": uuid4(), "scope": scope, "discrepancy_id": found["id"], "verdict": "confirm", "recorded_at": at,
        "account": "officer", "institution": "", "terminal": "",
    }  # fmt: skip
    rule = {
        "id": uuid4(), "scope": scope, "outcome": "moved", "start_date": clock.today(), "automatic": False,
        "reason": "", "legal_basis": "", "proposed_at": at, "proposed_by": "officer",
    }  # fmt: skip
    rows = ((check_run, run), (check_batch, batch), (check_tally, tally), (check_discrepancy, found),
            (check_verdict, verdict), (check_rule, rule))  # fmt: skip
    async with installation.register.write([scope]) as work:
        for table, row in rows:
            await work.connection.execute(insert(table), row)
        await work.commit()


async def asked_family(installation: Installation, licence: UUID) -> None:
    """An inquiry at the family register about a licence, and its result."""
    scope, at = installation.scopes.of("doctor"), clock.now()
    async with installation.register.write([scope]) as work:
        message = (await work.connection.execute(select(link_message.c.id))).scalars().first()
        batch = {
            "id": uuid4(), "scope": scope, "kind": "register", "legal_basis": "", "asked_items": "", "licences": 1,
            "digest": b"digest", "account": "officer", "institution": "", "requested_at": at,
        }  # fmt: skip
        inquiry = {"id": message, "scope": scope, "licence_id": licence, "batch_id": batch["id"]}
        result = {
            "inquiry_id": message,
            "scope": scope,
            "row_id": uuid4(),
            "received_at": at,
            "kept_until": at,
        }
        for table, row in ((family_batch, batch), (family_inquiry, inquiry), (family_result, result)):
            await work.connection.execute(insert(table), row)
        await work.commit()


@pytest.fixture
def scoped(host: Host) -> list[Table]:
    """The tables whose rows belong to a profession, the plugins' included."""
    return [table for table in register_tables_of(host) if table.info.get("scoped")]


async def set_scope(connection: AsyncConnection, scope: str | None) -> None:
    """Set `app.scope` as a slip of ours might."""
    if scope is not None:
        await connection.execute(text("SELECT set_config('app.scope', :scope, true)"), {"scope": scope})


def test_every_table_with_a_scope_is_declared(host: Host, scoped: list[Table], store: object) -> None:
    with_scope = {t.name for t in register_tables_of(host) if "scope" in t.c} - {"profession"}
    assert {table.name for table in scoped} == with_scope
    assert {
        "licence",
        "action",
        "search_key",
        "idempotency",
        "doctor_register",
        "veterinarian_register",
    } < with_scope


async def test_every_table_has_rows_that_its_own_scope_sees(
    app: Database, scoped: list[Table], registers: Registers
) -> None:
    """Else the test below would pass on empty tables. Nobody writes a veterinarian's reply here."""
    async with app.read(registers.api.installation.scopes.numbers.values()) as connection:
        found = {
            t.name: (await connection.execute(select(func.count()).select_from(t))).scalar() for t in scoped
        }
    assert {name for name, rows in found.items() if not rows} == {"veterinarian_family_register"}


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_no_row_is_seen_outside_the_scope(
    app: Database, scoped: list[Table], scope: str | None
) -> None:
    async with app.read() as connection:
        await set_scope(connection, scope)
        seen = {
            t.name: (await connection.execute(select(func.count()).select_from(t))).scalar() for t in scoped
        }
    assert seen == {table.name: 0 for table in scoped}


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_no_row_is_changed_or_deleted_outside_the_scope(
    app: Database, scoped: list[Table], registers: Registers, scope: str | None
) -> None:
    before = await registers.api.digest()
    for table in scoped:
        if table.info.get("insert_only"):
            continue
        async with app.write() as work:
            await set_scope(work.connection, scope)
            changed = await work.connection.execute(text(f'UPDATE "{table.name}" SET scope = {OTHER}'))
            gone = await work.connection.execute(text(f'DELETE FROM "{table.name}"'))
            await work.commit()
        assert (table.name, changed.rowcount, gone.rowcount) == (table.name, 0, 0)
    assert await registers.api.digest() == before


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_no_row_is_inserted_outside_the_scope(
    app: Database, scoped: list[Table], registers: Registers, scope: str | None
) -> None:
    """A copy of a row that stands, which only the policy keeps out: it is checked before any key."""
    doctors = registers.api.installation.scopes.of("doctor")
    for table in scoped:
        if table.name.startswith("veterinarian_"):
            continue
        async with app.read([doctors]) as connection:
            row = dict((await connection.execute(select(table).limit(1))).mappings().one())
        async with app.write() as work:
            await set_scope(work.connection, scope)
            with pytest.raises(DBAPIError) as refused:
                await work.connection.execute(insert(table), row)
        assert "violates row-level security policy" in str(refused.value.orig), table.name


async def test_a_row_cannot_be_moved_to_another_scope(app: Database, registers: Registers) -> None:
    async with app.write([registers.api.installation.scopes.of("doctor")]) as work:
        with pytest.raises(DBAPIError, match="violates row-level security policy"):
            await work.connection.execute(text(f"UPDATE licence SET scope = {OTHER}"))


async def test_what_is_insert_only_cannot_be_changed(app: Database, host: Host, registers: Registers) -> None:
    """Not even within the scope; the vault's and the audit store's tables too."""
    numbers = registers.api.installation.scopes.numbers.values()
    refused: dict[str, set[str]] = {}
    for table, rights in [pair for s in Store for pair in grants_of(s, host).items()]:
        column = await last_column(app, table)
        tries = {
            "UPDATE": f'UPDATE "{table}" SET "{column}" = "{column}"',
            "DELETE": f'DELETE FROM "{table}"',
        }
        for right, statement in {**tries, "TRUNCATE": f'TRUNCATE "{table}"'}.items():
            if right not in rights:
                async with app.write(numbers) as work:
                    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
                        await work.connection.execute(text(statement))
                refused.setdefault(table, set()).add(right)
    assert {table for table, rights in refused.items() if {"UPDATE", "DELETE"} <= rights} == {
        *("action", "licence_version", "code_change", "share_consent", "share_use", "partner_action"),
        *("link_action", "resident_reply"),
        *("link_action", "check_tally", "check_verdict"),
        *("family_batch", "family_inquiry"),
        *("doctor_register", "doctor_practice_report", "doctor_reeducation"),
        *("doctor_resident_record", "doctor_family_register"),
        *("veterinarian_register", "veterinarian_practice_report", "veterinarian_family_register"),
        "veterinarian_qualifications",
        *("audit_leaf", "audit_place", "audit_node", "audit_subject", "audit_checkpoint"),
    }


async def last_column(app: Database, table: str) -> str:
    """A column of a table; the first may be an identity, which nobody updates."""
    async with app.read() as connection:
        columns = await connection.run_sync(lambda c: inspect(c).get_columns(table))
    return str(columns[-1]["name"])


async def test_the_role_is_neither_owner_nor_superuser(app: Database, scoped: list[Table]) -> None:
    async with app.read() as connection:
        role = text(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert tuple((await connection.execute(role)).one()) == (False, False, False, False)
        owned = text("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
        assert (await connection.execute(owned)).all() == []
        guarded = text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
            " AND relnamespace = 'public'::regnamespace"
        )
        assert set((await connection.execute(guarded)).scalars()) == {table.name for table in scoped}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE licence DISABLE ROW LEVEL SECURITY",
        "DROP POLICY meibo_scope ON licence",
        "ALTER TABLE action DISABLE TRIGGER ALL",
        "SET ROLE postgres",
        "SET session_replication_role = replica",
    ],
)
async def test_the_role_cannot_take_the_fence_down(app: Database, statement: str) -> None:
    async with app.write() as work:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            await work.connection.execute(text(statement))


async def test_a_query_of_ours_that_forgets_the_profession_sees_nothing(registers: Registers) -> None:
    """The reader's own statement without its WHERE: only the connection knows whom it serves."""
    installation = registers.api.installation
    caller = principal(Role.ADMINISTRATOR, set())
    reader = installation.reader(caller, "broken")
    licence, version = tables.licence, tables.licence_version
    forgetful = select(*HEAD).join(version, version.c.licence_id == licence.c.id)
    async with reader.database.read(reader.reach.scope) as connection:
        assert (await connection.execute(forgetful)).all() == []
    async with reader.database.read(installation.scopes.of_principal(principal())) as connection:
        doctors = (await connection.execute(forgetful)).all()
    assert {row.scope for row in doctors} == {installation.scopes.of("doctor")}
