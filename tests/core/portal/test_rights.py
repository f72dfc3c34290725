"""On PostgreSQL the portal's process has a role of its own: what it needs works, and the database refuses the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from meibo.access.tokens import command_principal
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.standing import EndReason
from meibo.consent import CURRENT_TEXT
from meibo.database.paging import PageRequest
from meibo.database.stores import Database, Store
from meibo.demo.keys import make_keys
from meibo.host import Host
from meibo.installation import migrate, open_installation, seed_codes
from meibo.portal import CertificateRequest, Portal, open_portal
from meibo.portal.opening import STORES
from tests.holders import CLAIMS, Holders, enter_holders, share_request
from tests.installed import settings_of
from tests.partners import HOSPITAL
from tests.postgres import PostgresDatabase
from tests.veterinarian.installed import host as host
from tests.wallets import proof

DENIED = (
    "SELECT * FROM token",
    "SELECT * FROM account",
    "SELECT * FROM search_key",
    "SELECT * FROM enrolment",
    "SELECT * FROM data_key",
    "SELECT * FROM lookup",
    "SELECT * FROM person",
    "INSERT INTO portal_link SELECT * FROM portal_link",
    "DELETE FROM licence_link",
    "UPDATE licence SET version = 9",
    "DELETE FROM share",
    "SELECT keys FROM partner",
    "SELECT contact FROM partner",
    "UPDATE partner SET state = 'approved'",
    "SELECT * FROM partner_action",
    "DELETE FROM certificate",
    "UPDATE certificate SET expiry_date = '2999-01-01'",
    "UPDATE certificate SET licence_id = licence_id",
    "UPDATE status_list SET published_changes = 0",
    "DELETE FROM status_list",
    "SELECT * FROM seen_binding",
    "DELETE FROM seen_binding",
    "SELECT * FROM verification",
    "UPDATE share_consent SET language = 'en'",
    "UPDATE audit_leaf SET body = ''",
    "DELETE FROM audit_unplaced",
)


@pytest.fixture
async def portal(
    postgres_database: PostgresDatabase, host: Host, tmp_path: Path
) -> AsyncIterator[tuple[Portal, Holders]]:
    """A portal under its own role, over registers that the office's role has filled."""
    role = f"{postgres_database.app}_portal"
    admin = Database(postgres_database.admin_url)
    async with admin.write() as work:
        await work.connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'portal'"))
        await work.connection.execute(text(f'GRANT CONNECT ON DATABASE "{postgres_database.name}" TO {role}'))
        await work.commit()
    settings = replace(settings_of(postgres_database, tmp_path), portal_role=role)
    url = make_url(postgres_database.app_url).set(username=role, password="portal")
    own = {f"{store}_url": url.render_as_string(hide_password=False) for store in STORES}
    await migrate(settings, host)
    try:
        async with open_installation(settings, host) as installation:
            await seed_codes(installation, command_principal("seed", host.professions))
            make_keys(installation.authority)
            holders = await enter_holders(installation)
            async with open_portal(replace(settings, **own), host) as opened:  # type: ignore[arg-type]
                yield opened, holders
    finally:
        async with admin.write() as work:
            await work.connection.execute(text(f"DROP OWNED BY {role}"))
            await work.connection.execute(text(f"DROP ROLE {role}"))
            await work.commit()
        await admin.close()


async def test_the_portals_role_suffices(portal: tuple[Portal, Holders]) -> None:
    opened, holders = portal
    holder = await holders.holder()
    reader, log = opened.reader(holder)
    doctor, veterinarian = await reader.licences()
    assert (await reader.who(doctor)).values["full_name"] == "鷹司　満月"
    assert len((await reader.rows("qualifications", [veterinarian]))[0]) == 2
    assert len((await reader.history(doctor, PageRequest())).nodes) == 1
    assert await reader.dispositions([doctor]) == [[]]
    await log.write()
    acting = holder.acting("doctor")
    made, _ = await opened.consents.share(
        acting, doctor, share_request(doctor.id, recipient=HOSPITAL.partner), CLAIMS
    )
    await opened.consents.withdraw(acting, doctor, made.id, CURRENT_TEXT.version, "ja")
    assert await opened.consents.uses([made]) == [[]]
    assert [found.name for found in await opened.partners.search("病院")] == ["聖路加病院"]
    proven = proof(new_key(), opened.certificates.nonce(holder).text)
    request = CertificateRequest(claims=None, proof=proven, idempotency_key="k")
    instance, _ = await opened.certificates.issue(holder, doctor, request, await reader.claims(doctor))
    ended = await opened.certificates.revoke(holder, doctor, instance.id)
    assert ended.end_reason is EndReason.WITHDRAWN
    await holders.installation.sequencer.run_once()
    assert (await reader.accesses(doctor, PageRequest(first=1))).nodes[0].by_holder


async def test_the_database_refuses_the_rest(portal: tuple[Portal, Holders]) -> None:
    opened, _ = portal
    refused = []
    for statement in DENIED:
        async with opened.databases[Store.REGISTER].write(opened.scopes.numbers.values()) as work:
            try:
                await work.connection.execute(text(statement))
            except ProgrammingError as error:
                refused += [statement] if "permission denied" in str(error) else []
    assert refused == list(DENIED)


async def test_a_licence_that_may_be_held_cannot_be_renamed(portal: tuple[Portal, Holders]) -> None:
    opened, _ = portal
    async with opened.databases[Store.REGISTER].write(opened.scopes.numbers.values()) as work:
        with pytest.raises(IntegrityError, match="violates foreign key constraint"):
            await work.connection.execute(text("UPDATE licence SET id = gen_random_uuid()"))
