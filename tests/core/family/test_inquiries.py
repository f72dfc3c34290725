"""Asking the family register: by number for a symbol, by symbol for items, once in effect, and only what is granted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Store
from meibo.errors import Forbidden, NotFound, Refused
from meibo.family import InquiryKind
from meibo.family.checks import MOST_LICENCES
from meibo.family.grants import Grants, load_grants
from meibo.family.tables import family_batch, family_inquiry, family_result
from meibo.link.states import Status
from meibo.link.tables import link_action
from tests.core.family.conftest import NUMBERS, OFFICER, SAYS, World
from tests.installed import principal

BASIS = "番号法 19条8号 別表第二の27"
SYMBOL, REGISTER = InquiryKind.SYMBOL, InquiryKind.REGISTER


async def leaves(world: World, *kinds: LeafKind) -> list[Leaf]:
    async with world.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
    return [each.leaf for each in found if each.leaf.kind in kinds]


async def test_a_symbol_is_obtained_by_number_and_kept_in_the_vault(world: World) -> None:
    assert not await world.holds_symbol(world.licences[0])
    await world.office.ask(OFFICER, world.request(SYMBOL))
    await world.work()
    [(symbol, number)] = world.stand_in.symbols.items()
    assert (number, await world.holds_symbol(world.licences[0])) == (NUMBERS[0], True)
    assert not await world.holds_symbol(world.licences[1])
    assert [row.status for row in await world.rows(link_action)] == ["requested", "accepted"]
    for table in (family_batch, family_inquiry, family_result):
        assert symbol not in str(await world.rows(table))


async def test_what_the_family_register_says_is_filed_under_the_licence(world: World) -> None:
    await world.obtain()
    batch = await world.office.ask(OFFICER, world.request())
    await world.work()
    assert await world.replies() == [dict(SAYS)]
    [inquiry] = (await world.office.inquiries(OFFICER, "doctor", batch)).nodes
    assert (inquiry.licence, inquiry.kind, inquiry.legal_basis) == (world.licences[0], REGISTER, BASIS)
    assert (inquiry.items, inquiry.account, inquiry.institution) == (tuple(SAYS), "tester", "Test office")
    assert (inquiry.status, inquiry.code, inquiry.deleted_at) == (Status.ACCEPTED, "", None)
    assert inquiry.kept_until is not None
    assert inquiry.kept_until - inquiry.requested_at < timedelta(hours=2)


async def test_only_the_items_that_were_asked_for_come(world: World) -> None:
    await world.obtain()
    await world.office.ask(OFFICER, world.request(items=("place_of_birth",)))
    await world.work()
    assert await world.replies() == [{"place_of_birth": SAYS["place_of_birth"]}]


async def test_each_number_that_leaves_has_its_leaf_and_is_read_by_the_server_alone(world: World) -> None:
    await world.obtain()
    await world.office.ask(OFFICER, world.request())
    await world.work()
    revealed = await leaves(world, LeafKind.REVEAL)
    told = [(each.operation, each.account, each.legal_basis, each.outcome) for each in revealed]
    sender = ("family.send", "link:intermediate_server")
    assert told == [(*sender, "number_exchange", "ok")] * 2 + [(*sender, BASIS, "ok")]
    assert [each.reference for each in revealed] == [id for _, id in world.stand_in.came]
    assert all(len(each.subjects) == 1 for each in revealed)


async def test_who_is_not_known_there_is_told_by_a_code(world: World) -> None:
    world.stand_in.people.by_number.clear()  # type: ignore[attr-defined]
    batch = await world.office.ask(OFFICER, world.request(SYMBOL))
    await world.work()
    [inquiry] = (await world.office.inquiries(OFFICER, "doctor", batch)).nodes
    assert (inquiry.status, inquiry.code) == (Status.REJECTED, "NO_MATCH")
    assert not await world.holds_symbol(world.licences[0])


async def test_the_same_key_asks_once(world: World) -> None:
    await world.obtain()
    request = world.request()
    first = await world.office.ask(OFFICER, request)
    before = await world.stored()
    assert await world.office.ask(OFFICER, request) == first
    assert await world.stored() == before
    with pytest.raises(Refused) as refused:
        await world.office.ask(OFFICER, replace(request, items=("place_of_birth",)))
    assert [each.rule for each in refused.value.findings] == ["act.key_reused"]
    assert await world.stored() == before
    other = principal(Role.OFFICER, account="other")
    assert await world.office.ask(other, request) != first


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no key": ({"idempotency_key": ""}, ["act.key"]),
    "no licence": ({"licences": ()}, ["family.licences"]),
    "too many": ({"licences": tuple(uuid4() for _ in range(MOST_LICENCES + 1))}, ["family.licences"]),
    "an unknown licence": ({"licences": (uuid4(),)}, ["licence.unknown"]),
    "no items": ({"items": ()}, ["family.items"]),
    "an item of another group": ({"items": ("family_name",)}, ["item.unknown"]),
    "no item at all": ({"items": ("見本 太郎",)}, ["item.unknown"]),
    "an unknown basis": ({"legal_basis": "hearsay"}, ["family.legal_basis"]),
    "a basis of another act": ({"legal_basis": "number_use"}, ["family.not_granted"] * len(SAYS)),
}


@pytest.mark.parametrize(("changed", "rules"), BAD.values(), ids=BAD.keys())
async def test_what_may_not_be_asked_is_refused_and_nothing_is_kept(
    world: World, changed: dict[str, Any], rules: list[str]
) -> None:
    await world.obtain()
    before = await world.stored()
    with pytest.raises(Refused) as refused:
        await world.office.ask(OFFICER, world.request(**changed))
    assert [each.rule for each in refused.value.findings] == rules
    assert "見本" not in str(refused.value)
    assert await world.stored() == before
    [told] = await leaves(world, LeafKind.REFUSAL)
    assert (told.operation, told.outcome) == ("family.register", rules[0])


async def test_a_licence_named_twice_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        await world.office.ask(OFFICER, world.request(SYMBOL, licences=world.licences[:1] * 2))
    assert [each.rule for each in refused.value.findings] == ["family.licences"]


async def test_without_a_symbol_nobody_is_asked_about(world: World) -> None:
    with pytest.raises(Refused) as refused:
        await world.office.ask(OFFICER, world.request())
    assert [each.rule for each in refused.value.findings] == ["family.no_symbol"]
    assert (await world.stored(), world.stand_in.came) == ([0] * 5, [])


async def test_one_licence_without_a_symbol_holds_up_all(world: World) -> None:
    await world.office.ask(OFFICER, world.request(SYMBOL))
    await world.work()
    before = await world.stored()
    with pytest.raises(Refused):
        await world.office.ask(OFFICER, world.request(licences=world.licences))
    assert await world.stored() == before


@pytest.mark.parametrize(
    "day", [date(2024, 5, 26), date(2030, 1, 1)], ids=["before it came into force", "after it ended"]
)
async def test_an_item_is_granted_from_a_day_to_a_day(
    world: World, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.obtain()
    ending = tuple(replace(line, valid_to=date(2029, 12, 31)) for line in load_grants("").lines)
    office = replace(world.office, grants=Grants(ending))
    before = await world.stored()
    monkeypatch.setattr(clock, "today", lambda: day)
    with pytest.raises(Refused) as refused:
        await office.ask(OFFICER, world.request(items=("death_date",)))
    expected = "family.legal_basis" if day < date(2024, 5, 27) else "family.not_granted"
    assert [each.rule for each in refused.value.findings] == [expected]
    assert await world.stored() == before
    monkeypatch.setattr(clock, "today", lambda: date(2029, 12, 31))
    await office.ask(OFFICER, world.request(items=("death_date",)))
    assert (await world.stored())[0] == before[0] + 1


async def test_an_item_that_the_list_takes_back_is_asked_no_more(world: World) -> None:
    await world.obtain()
    left = tuple(line for line in load_grants("").lines if line.item != "place_of_birth")
    office = replace(world.office, grants=Grants(left))
    with pytest.raises(Refused) as refused:
        await office.ask(OFFICER, world.request())
    assert [(each.path, each.rule) for each in refused.value.findings] == [
        (("items", "place_of_birth"), "family.not_granted")
    ]


INQUIRE, READ = Permission.FAMILY_INQUIRE, Permission.FAMILY_READ


@pytest.mark.parametrize(
    ("caller", "may_ask", "may_read"),
    [
        pytest.param(principal(Role.VIEWER), False, False, id="viewer"),
        pytest.param(principal(Role.CLERK), False, False, id="clerk"),
        pytest.param(principal(Role.NUMBER_OFFICER), False, False, id="number officer"),
        pytest.param(principal(Role.AUDITOR), False, True, id="auditor"),
        pytest.param(principal(Role.OFFICER), True, True, id="officer"),
        pytest.param(principal(Role.ADMINISTRATOR), True, True, id="administrator"),
        pytest.param(principal(Role.OFFICER, without=frozenset({INQUIRE})), False, True, id="reads only"),
        pytest.param(principal(Role.OFFICER, without=frozenset({READ})), True, False, id="asks only"),
        pytest.param(principal(Role.ADMINISTRATOR, {"nurse"}), False, False, id="of another register"),
    ],
)
async def test_each_verb_needs_its_permission(
    world: World, caller: Any, may_ask: bool, may_read: bool
) -> None:
    office, day = world.office, clock.today()
    reads = (
        lambda: office.inquiries(caller, "doctor"),
        lambda: office.batches(caller, "doctor"),
        lambda: office.statistics(caller, "doctor", day, day),
    )
    for is_granted, acts in (
        (may_ask, (lambda: office.ask(caller, world.request(SYMBOL)),)),
        (may_read, reads),
    ):
        for act in acts:
            if is_granted:
                await act()
                continue
            with pytest.raises(Forbidden):
                await act()
    assert (await world.stored())[0] == int(may_ask)


async def test_an_account_of_another_office_reaches_no_licence(world: World) -> None:
    bound = replace(OFFICER, offices=frozenset({"27"}))
    with pytest.raises(Refused) as refused:
        await world.office.ask(bound, world.request(SYMBOL))
    assert [each.rule for each in refused.value.findings] == ["licence.unknown"]
    await world.obtain()
    assert (await world.office.inquiries(bound, "doctor")).nodes == []


async def test_a_profession_that_is_not_kept_is_not_found(world: World) -> None:
    far = principal(Role.OFFICER, {"doctor", "alchemist"})
    for act in (
        world.office.batches(far, "alchemist"),
        world.office.ask(far, world.request(SYMBOL, profession="alchemist")),
    ):
        with pytest.raises(NotFound):
            await act


async def test_what_is_only_validated_leaves_nothing(world: World) -> None:
    assert await world.office.ask(OFFICER, world.request(SYMBOL, validate_only=True)) is None
    assert await world.stored() == [0] * 5
    with pytest.raises(Refused):
        await world.office.ask(OFFICER, world.request(validate_only=True))


async def test_who_looks_at_what_was_asked_is_on_record(world: World) -> None:
    await world.obtain()
    assert len((await world.office.inquiries(OFFICER, "doctor")).nodes) == 2
    [read] = [each for each in await leaves(world, LeafKind.READ) if each.operation == "family.inquiries"]
    assert len(read.subjects) == 2


async def test_batches_tell_how_far_they_are(world: World) -> None:
    batch = await world.office.ask(OFFICER, world.request(SYMBOL, licences=world.licences))
    [before] = (await world.office.batches(OFFICER, "doctor")).nodes
    assert (before.id, before.count, dict(before.by_status)) == (batch, 2, {Status.REQUESTED: 2})
    assert not before.ended
    await world.work()
    [after] = (await world.office.batches(OFFICER, "doctor")).nodes
    assert (dict(after.by_status), after.ended) == ({Status.ACCEPTED: 2}, True)
