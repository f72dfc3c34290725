"""A holder sees their own licences, of each what holders are shown; every look stands in the log, and joins nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from meibo.access.permissions import Permission, Role
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.paging import PageRequest
from meibo.database.stores import Database, Store
from meibo.errors import (
    AuditUnavailable,
    BadCursor,
    Forbidden,
    NotFound,
    PluginError,
    Refused,
    Unauthenticated,
)
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.installation import Installation
from meibo.items.declaration import Privacy
from meibo.portal import Portal, open_portal
from meibo.professions.compiled import compile_profession
from meibo.registry.numbers import NullNumberDesk
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym, new_portal_pseudonym
from tests import veterinarian
from tests.holders import Holders, enter_holders
from tests.identity_provider import provider_of, running_provider
from tests.installed import principal
from tests.veterinarian.installed import BOTH, OFFICER
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

NOWHERE = "sqlite+aiosqlite:////nonexistent/meibo.db"


@pytest.fixture
async def holders(installation: Installation) -> Holders:
    """Two people who may sign in."""
    return await enter_holders(installation)


async def leaves(installation: Installation, *kinds: LeafKind) -> list[Leaf]:
    """The leaves of these kinds, in the order of their instants."""
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
    return [each.leaf for each in found if each.leaf.kind in kinds]


async def test_a_holder_has_the_licences_of_one_person_alone(holders: Holders) -> None:
    for pseudonym, expected in (
        (holders.pseudonym, ["doctor", "veterinarian"]),
        (holders.stranger, ["doctor"]),
        (new_portal_pseudonym(), []),
    ):
        reader, _ = holders.portal.reader(await holders.holder(pseudonym))
        heads = await reader.licences()
        assert [head.profession for head in heads] == expected
        own = {head.id for head in heads} & set(holders.licences.values())
        assert len(own) == (2 if pseudonym == holders.pseudonym else 0)


async def test_a_holder_sees_the_items_that_are_shown_and_no_other(holders: Holders) -> None:
    reader, _ = holders.portal.reader(await holders.holder())
    doctor, veterinarian = await reader.licences()
    [[entry]] = await reader.rows("register", [veterinarian])
    assert dict(entry) == {
        "registration_number": "800002", "family_name": "鷹司満月", "birth_date": entry["birth_date"],
    }  # fmt: skip
    assert entry["birth_date"].value == "1983-02-14"
    [qualifications] = await reader.rows("qualifications", [veterinarian])
    assert [set(row) for row in qualifications] == [{"qualification_field", "acquired_date"}] * 2
    [[shown]] = await reader.rows("register", [doctor])
    assert (shown["family_name"], shown["domicile_code"]) == ("鷹司", "26")
    assert not {"memo", "remarks_1", "registration_id", "fine_category", "received_date"} & set(shown)
    who = (await reader.who(doctor)).values
    assert (who["full_name"], who["full_name_kana"], who["sex"]) == ("鷹司　満月", "タカツカサ　ミツキ", "2")


async def test_history_and_looks(holders: Holders) -> None:
    reader, log = holders.portal.reader(await holders.holder())
    doctor, _ = await reader.licences()
    page = await reader.history(doctor, PageRequest())
    assert [(a.verb, a.effective_date, a.institution) for a in page.nodes] == [
        ("register", date(2010, 5, 6), "Test office")
    ]
    await log.write()
    office = holders.installation.reader(OFFICER, "list")
    await office.heads([doctor.id])
    await office.log.write()
    await holders.installation.sequencer.run_once()
    looks = await reader.accesses(doctor, PageRequest(first=2))
    told = [(each.access.institution, each.access.kind, each.by_holder) for each in looks.nodes]
    assert told == [("Test office", LeafKind.READ, False), ("本人", LeafKind.READ, True)]
    assert (looks.has_next, looks.has_previous) == (True, False)
    older = await reader.accesses(doctor, PageRequest(first=500, after=looks.cursors[-1]))
    assert (older.has_next, older.has_previous) == (False, True)
    assert "tester" not in repr(older)
    indexes = [each.access.index for each in (*looks.nodes, *older.nodes)]
    assert indexes == sorted(set(indexes), reverse=True)
    _, veterinarian = await reader.licences()
    with pytest.raises(BadCursor):
        await reader.accesses(veterinarian, PageRequest(after=looks.cursors[-1]))


async def test_every_look_is_a_leaf_that_names_the_holder_by_the_registers_own_alias(
    holders: Holders,
) -> None:
    reader, log = holders.portal.reader(await holders.holder())
    heads = await reader.licences()
    await log.write()
    found = [leaf for leaf in await leaves(holders.installation, LeafKind.READ) if leaf.surface == "portal"]
    assert {leaf.profession: (leaf.account, leaf.subjects) for leaf in found} == {
        head.profession: (head.portal_alias, (head.pseudonym,)) for head in heads
    }
    assert len({leaf.account for leaf in found}) == 2
    assert holders.pseudonym not in repr(found)


async def test_without_a_leaf_nothing_is_seen(holders: Holders) -> None:
    reader, log = holders.portal.reader(await holders.holder())
    await reader.licences()
    silent = Database(NOWHERE)
    holders.portal.audit._database = silent
    with pytest.raises(AuditUnavailable):
        await log.write()
    await silent.close()


async def test_linking_is_an_act_of_its_own(holders: Holders) -> None:
    identity, doctor = holders.installation.identity, await holders.head()
    told = {
        "profession": "doctor", "file": holders.installation.host["doctor"].file,
        "pseudonym": LicencePseudonym(doctor.pseudonym),
    }  # fmt: skip
    for portal in (holders.stranger, new_portal_pseudonym()):
        with pytest.raises(Refused) as refused:
            await identity.link_portal(OFFICER, portal=portal, verified_by=VerifiedBy.MY_NUMBER_CARD, **told)  # type: ignore[arg-type]
        assert refused.value.findings[0].rule == "vault.one_portal"
    assert [held.profession for held in await holders.portal.links.licences(holders.pseudonym)] == sorted(
        BOTH
    )
    assert await identity.unlink_portal(OFFICER, **told) is True  # type: ignore[arg-type]
    assert await identity.unlink_portal(OFFICER, **told) is False  # type: ignore[arg-type]
    assert await holders.portal.links.licences(holders.pseudonym) == []
    found = [leaf for leaf in await leaves(holders.installation, LeafKind.DONE) if "portal" in leaf.operation]
    assert [(leaf.operation, leaf.purpose, leaf.count) for leaf in found] == [
        ("portal.link", "my_number_card", None),
        ("portal.link", "my_number_card", None),
        ("portal.unlink", "", 1),
        ("portal.unlink", "", 0),
    ]
    assert holders.pseudonym not in repr(found)


async def test_linking_needs_its_permission_and_a_licence(holders: Holders) -> None:
    identity, doctor = holders.installation.identity, await holders.head()
    clerk = principal(Role.CLERK, BOTH, without=frozenset({Permission.PORTAL_LINK}))
    told = {"profession": "doctor", "file": holders.installation.host["doctor"].file}
    with pytest.raises(Forbidden):
        await identity.unlink_portal(clerk, pseudonym=LicencePseudonym(doctor.pseudonym), **told)
    with pytest.raises(NotFound):
        await identity.unlink_portal(OFFICER, pseudonym=new_licence_pseudonym(), **told)
    assert len(await holders.portal.links.licences(holders.pseudonym)) == 2


async def test_a_portal_opens_neither_numbers_nor_their_keys(
    settings: Settings, holders: Holders, host: Host, tmp_path: Path
) -> None:
    """Its process has no settings of the vault's numbers at all, and works."""
    without = replace(
        settings, numbers_url=NOWHERE, keys_url=NOWHERE, vault_keys=str(tmp_path / "nowhere"),
        numbers_owner_url="", keys_owner_url="",
    )  # fmt: skip
    async with open_portal(without, host) as portal:
        assert set(portal.databases) == {Store.REGISTER, Store.LINKS, Store.AUDIT}
        reader, log = portal.reader(await holders.holder())
        assert [head.profession for head in await reader.licences()] == ["doctor", "veterinarian"]
        await log.write()
    assert not (tmp_path / "nowhere").exists()


async def test_no_number_is_found_without_a_vault() -> None:
    desk = NullNumberDesk()
    with pytest.raises(Forbidden):
        await desk.find(OFFICER, "doctor", "medical", "123456789018")
    assert await desk.statuses([new_licence_pseudonym()], "medical") == {}


async def test_a_token_leads_to_its_holder(settings: Settings, holders: Holders, host: Host) -> None:
    with running_provider() as stand_in:
        provider = provider_of(stand_in)
        told = replace(settings, portal_issuer=provider.issuer, portal_audience=provider.audience)
        async with open_portal(told, host) as portal:
            holder = await portal.holder(stand_in.issue(holders.pseudonym))
            assert [held.profession for held in holder.licences] == ["doctor", "veterinarian"]
            unknown = await portal.holder(stand_in.issue(new_portal_pseudonym()))
            assert unknown.licences == ()
            with pytest.raises(Unauthenticated):
                await portal.holder("meibo_anything")


async def test_nobody_signs_in_where_no_provider_is_named(holders: Holders) -> None:
    portal: Portal = holders.portal
    with pytest.raises(Unauthenticated):
        await portal.holder("a.b.c")


def test_what_is_shown_to_holders_is_theirs(all_professions: Host) -> None:
    """No profession shows the office's own words or numbers, and each shows who the holder is."""
    for profession in all_professions.professions.values():
        shown = {
            f"{key}.{item.name}": item for key, items in profession.shown_to_holder.items() for item in items
        }
        assert shown, profession.code
        words = ("memo", "remarks", "reason", "minister", "director", "processing", "entry_category", "fine")
        assert [path for path in shown if any(word in path for word in words)] == []
        assert [path for path, item in shown.items() if item.privacy is Privacy.SENSITIVE] == []
        assert all(item.settable for item in shown.values())
        assert profession.plugin.number in shown


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("register.memo", "names 'register.memo' in shown_to_holder, which is no item of its groups"),
        ("numbers.individual_number", "shows 'numbers.individual_number' to holders, which no version"),
        ("family_register.death_date", "shows 'family_register.death_date' to holders, which no version"),
        ("identity.qualification_pseudonym_id", "shows 'identity.qualification_pseudonym_id' to holders"),
    ],
)
def test_what_cannot_be_shown_to_holders(path: str, sentence: str) -> None:
    plugin = replace(veterinarian.meibo_profession(), shown_to_holder=(path,))
    with pytest.raises(PluginError, match=sentence):
        compile_profession(plugin)
