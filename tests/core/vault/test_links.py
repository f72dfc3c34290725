from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from meibo.clock import now
from meibo.database.stores import Store
from meibo.errors import FindingCode, MeiboError, NotFound, Refused
from meibo.values.pseudonyms import (
    LicencePseudonym,
    new_licence_pseudonym,
    new_person_id,
    new_portal_pseudonym,
    parse_person_id,
    parse_portal_alias,
)
from meibo.vault.links import LicenceLink
from meibo.vault.tables import licence_link, portal_link
from meibo.vault.tables import person as person_table
from tests.core.vault.conftest import Vault
from tests.core.vault.numerals import FILE, OTHER_FILE, act

pytestmark = pytest.mark.anyio

DOCTOR, NURSE = new_licence_pseudonym(), new_licence_pseudonym()


async def counts(vault: Vault) -> tuple[int, int, int]:
    return (
        await vault.count(Store.LINKS, person_table),
        await vault.count(Store.LINKS, licence_link),
        await vault.count(Store.LINKS, portal_link),
    )


async def test_a_new_licence_gets_a_new_person(vault: Vault) -> None:
    linked = await vault.links.link(DOCTOR, "doctor", FILE, act=act(1))
    assert parse_person_id(linked.person) == linked.person
    assert parse_portal_alias(linked.alias) == linked.alias
    assert await vault.links.link_of(DOCTOR) == LicenceLink(DOCTOR, "doctor", FILE, linked.person, act(1))
    assert await vault.links.alias_of(DOCTOR) == linked.alias
    assert await counts(vault) == (1, 1, 0)


async def test_linking_twice_is_linking_once(vault: Vault) -> None:
    linked = await vault.links.link(DOCTOR, "doctor", FILE, act=act(1))
    assert await vault.links.link(DOCTOR, "doctor", FILE, act=act(2)) == linked
    assert await vault.links.link(DOCTOR, "doctor", FILE, linked.person) == linked
    assert await counts(vault) == (1, 1, 0)


async def test_a_person_has_licences_of_several_professions_and_an_alias_for_each(vault: Vault) -> None:
    first = await vault.links.link(DOCTOR, "doctor", FILE)
    second = await vault.links.link(NURSE, "nurse", FILE, first.person)
    assert second.person == first.person
    assert second.alias != first.alias
    assert await vault.links.pseudonyms_of(first.person) == {"doctor": DOCTOR, "nurse": NURSE}
    assert await vault.links.pseudonym_at(first.person, "nurse") == NURSE
    assert await vault.links.pseudonym_at(first.person, "dentist") is None
    stranger = new_licence_pseudonym()
    assert await vault.links.persons_of([DOCTOR, NURSE, stranger]) == dict.fromkeys(
        (DOCTOR, NURSE), first.person
    )
    assert await vault.links.person_of(stranger) is None
    assert await vault.links.files_of([first.person, new_person_id()]) == {first.person: {FILE}}


@pytest.mark.parametrize("case", ["another profession", "another file", "another person", "a second licence"])
async def test_a_pseudonym_belongs_to_one_person_at_one_profession(vault: Vault, case: str) -> None:
    linked = await vault.links.link(DOCTOR, "doctor", FILE)
    pseudonym, profession, file, person = {
        "another profession": (DOCTOR, "nurse", FILE, None),
        "another file": (DOCTOR, "doctor", OTHER_FILE, None),
        "another person": (DOCTOR, "doctor", FILE, new_person_id()),
        "a second licence": (NURSE, "doctor", FILE, linked.person),
    }[case]
    with pytest.raises(Refused) as refused:
        await vault.links.link(pseudonym, profession, file, person)
    assert [(f.code, f.rule) for f in refused.value.findings] == [
        (FindingCode.DUPLICATE, "vault.one_licence")
    ]
    assert linked.person not in str(refused.value)
    assert await counts(vault) == (1, 1, 0)


async def test_unlinking_forgets_a_person_of_whom_nothing_is_left(vault: Vault) -> None:
    first = await vault.links.link(DOCTOR, "doctor", FILE)
    await vault.links.link(NURSE, "nurse", FILE, first.person)
    await vault.links.unlink(DOCTOR)
    assert await counts(vault) == (1, 1, 0)
    await vault.links.unlink(NURSE)
    await vault.links.unlink(NURSE)
    assert await counts(vault) == (0, 0, 0)


async def test_the_portal_keeps_a_person(vault: Vault) -> None:
    first, portal = await vault.links.link(DOCTOR, "doctor", FILE), new_portal_pseudonym()
    await vault.links.link_portal(first.person, portal)
    await vault.links.link_portal(first.person, portal)
    assert await vault.links.person_at_portal(portal) == first.person
    assert await vault.links.person_at_portal(new_portal_pseudonym()) is None
    await vault.links.unlink(DOCTOR)
    assert await counts(vault) == (1, 0, 1)


async def test_a_person_has_one_portal_pseudonym_and_shares_it_with_nobody(vault: Vault) -> None:
    first, second = (
        await vault.links.link(DOCTOR, "doctor", FILE),
        await vault.links.link(NURSE, "nurse", FILE),
    )
    portal = new_portal_pseudonym()
    await vault.links.link_portal(first.person, portal)
    for who, pseudonym in ((second.person, portal), (first.person, new_portal_pseudonym())):
        with pytest.raises(Refused) as refused:
            await vault.links.link_portal(who, pseudonym)
        assert [f.rule for f in refused.value.findings] == ["vault.one_portal"]
    with pytest.raises(NotFound):
        await vault.links.link_portal(new_person_id(), new_portal_pseudonym())
    assert await counts(vault) == (2, 2, 1)


async def test_a_lone_licence_moves_to_the_person_it_belongs_to(vault: Vault) -> None:
    first, second = (
        await vault.links.link(DOCTOR, "doctor", FILE),
        await vault.links.link(NURSE, "nurse", FILE),
    )
    await vault.links.move(NURSE, first.person)
    await vault.links.move(NURSE, first.person)
    assert await vault.links.pseudonyms_of(first.person) == {"doctor": DOCTOR, "nurse": NURSE}
    assert await vault.links.pseudonyms_of(second.person) == {}
    assert await counts(vault) == (1, 2, 0)


@pytest.mark.parametrize(
    ("professions", "error"),
    [
        (("doctor", "nurse", "dentist"), Refused),
        (("doctor", "doctor", None), Refused),
        ((None, "nurse", None), NotFound),
    ],
)
async def test_a_licence_does_not_move_where_two_persons_would_be_mixed(
    vault: Vault, professions: tuple[str | None, str, str | None], error: type[MeiboError]
) -> None:
    """The mover has a second licence; the new person has one of the profession; there is nothing to move."""
    moving, theirs, more = professions
    other = await vault.links.link(NURSE, theirs, FILE)
    if moving:
        lone = await vault.links.link(DOCTOR, moving, FILE)
        if more:
            await vault.links.link(new_licence_pseudonym(), more, FILE, lone.person)
    before = await counts(vault)
    with pytest.raises(error):
        await vault.links.move(DOCTOR, other.person)
    assert await counts(vault) == before
    assert await vault.links.pseudonyms_of(other.person) == {theirs: NURSE}


async def test_links_are_listed_by_age(vault: Vault) -> None:
    linked = await vault.links.link(DOCTOR, "doctor", FILE, act=act(1))
    expected = [LicenceLink(DOCTOR, "doctor", FILE, linked.person, act(1))]
    assert [one async for batch in vault.links.links_before(now()) for one in batch] == expected
    hour = timedelta(hours=1)
    assert [one async for batch in vault.links.links_before(now() - hour) for one in batch] == []


async def test_many_at_once_make_one_link(vault: Vault) -> None:
    linked = await asyncio.gather(*(vault.links.link(DOCTOR, "doctor", FILE) for _ in range(5)))
    assert len(set(linked)) == 1
    assert await counts(vault) == (1, 1, 0)


async def test_unlinking_and_linking_at_once_never_lose_the_person(vault: Vault) -> None:
    first = await vault.links.link(DOCTOR, "doctor", FILE)

    async def replace(pseudonym: LicencePseudonym) -> None:
        await asyncio.gather(
            vault.links.unlink(DOCTOR), vault.links.link(pseudonym, "nurse", FILE, first.person)
        )

    await replace(NURSE)
    assert await vault.links.pseudonyms_of(first.person) == {"nurse": NURSE}
    assert await counts(vault) == (1, 1, 0)


async def test_nothing_is_found_of_a_stranger(vault: Vault) -> None:
    for ask in (vault.links.alias_of, vault.links.link_of):
        with pytest.raises(NotFound):
            await ask(DOCTOR)
