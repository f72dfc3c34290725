"""One resident at a time: nobody, one or several, told after the leaf is written, and never a number."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.errors import (
    AuditUnavailable,
    Forbidden,
    InvalidValue,
    MessageRefused,
    NotFound,
    Refused,
    SourceUnavailable,
)
from meibo.identity import NumberKind
from meibo.linkage.residents.desk import Candidate
from meibo.linkage.residents.inquiries import Facts, Key, Outcome
from meibo_sandbox.residents import Fault
from tests.core.linkage.residents.conftest import CLERK, HANAKO, TARO, TWINS, World
from tests.installed import principal

TWIN = Facts(TWINS[0].name, birth_date=TWINS[0].birth_date)


async def search(
    world: World, key: Key, number: str = "", facts: Facts | None = None, caller: Principal = CLERK
) -> list[Candidate]:
    return await world.installation.residents.desk.search(caller, "doctor", key, number, facts)


async def obtain(world: World, licence: UUID, caller: Principal = CLERK, address: str = "") -> Outcome:
    return await world.installation.residents.desk.obtain_number(caller, "doctor", licence, address)


SEARCHES = {
    "by number": (Key.INDIVIDUAL_NUMBER, HANAKO.individual_number, None, [HANAKO.name]),
    "by resident code": (Key.RESIDENT_CODE, TARO.resident_code, None, [TARO.name]),
    "by facts": (Key.FACTS, "", Facts(kana=HANAKO.kana, address=HANAKO.address), [HANAKO.name]),
    "of twins": (Key.FACTS, "", TWIN, [each.name for each in TWINS]),
    "of nobody": (Key.FACTS, "", Facts("見本　次郎", birth_date="1990-01-15"), []),
}


@pytest.mark.parametrize(("key", "number", "facts", "names"), SEARCHES.values(), ids=SEARCHES)
async def test_residents_are_found(
    world: World, key: Key, number: str, facts: Facts | None, names: list[str]
) -> None:
    found = await search(world, key, number, facts)
    assert [each.values["full_name_kanji"] for each in found] == names
    assert all(each.has_number for each in found)
    shown = {text for each in found for text in each.values.values()}
    assert not shown & {n for r in (HANAKO, TARO, *TWINS) for n in (r.individual_number, r.resident_code)}
    assert "Resident" not in repr(found)
    assert not any(name in repr(found) for name in names)


async def test_the_dead_are_found_with_their_glyphs(world: World) -> None:
    [found] = await search(world, Key.INDIVIDUAL_NUMBER, TARO.individual_number)
    assert (found.values["living_status"], found.values["movement_date"]) == ("1", "2026-11-01")
    assert found.glyphs == TARO.glyphs


async def test_a_search_leaves_what_was_looked_for_as_hashes(world: World) -> None:
    await search(world, Key.FACTS, facts=TWIN)
    begun, told = (leaf for leaf in await world.leaves() if leaf.operation == "resident.search")
    assert (begun.kind, told.kind, told.count) == (LeafKind.INTENT, LeafKind.FIND, 2)
    assert len(told.terms) == 2
    assert begun.terms == told.terms
    term = world.installation.audit.term("doctor", f"resident.name={TWIN.name}")
    assert told.terms[0] == term


async def test_without_a_leaf_nothing_is_asked_or_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unavailable(*_leaves: object) -> None:
        raise AuditUnavailable

    monkeypatch.setattr(type(world.installation.audit), "record", unavailable)
    with pytest.raises(AuditUnavailable):
        await search(world, Key.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    assert world.network.came == []


async def test_a_search_needs_its_permission(world: World) -> None:
    caller = principal(Role.CLERK, without=frozenset({Permission.RESIDENT_SEARCH}))
    with pytest.raises(Forbidden):
        await search(world, Key.FACTS, facts=TWIN, caller=caller)
    assert world.network.came == []
    assert [leaf.kind for leaf in await world.leaves()] == [LeafKind.REFUSAL]


async def test_what_tells_nobody_apart_is_not_asked(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        await search(world, Key.FACTS, facts=Facts("見本　花子"))
    assert [f.rule for f in refusal.value.findings] == ["resident.facts"]
    with pytest.raises(InvalidValue):
        await search(world, Key.INDIVIDUAL_NUMBER, "123456789012")
    assert world.network.came == []


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.DOWN, SourceUnavailable), (Fault.GARBLED, MessageRefused)]
)
async def test_a_network_that_does_not_answer_is_an_error(
    world: World, fault: Fault, error: type[Exception]
) -> None:
    world.network.faults = [fault]
    with pytest.raises(error):
        await search(world, Key.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    assert LeafKind.FIND not in {leaf.kind for leaf in await world.leaves()}


async def test_a_number_is_obtained_by_the_facts(world: World) -> None:
    licence = await world.doctors.enter()
    assert await obtain(world, licence) is Outcome.FOUND
    reader = world.installation.reader(CLERK, "test")
    found = await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    assert found == licence
    [reply] = await world.replies(licence)
    assert reply["address"] == HANAKO.address


async def test_of_several_none_is_obtained_until_an_address_tells_them_apart(world: World) -> None:
    twin = {
        "family_name": "並木",
        "given_name": "実",
        "family_name_kana": "ナミキ",
        "given_name_kana": "ミノル",
    }
    licence = await world.doctors.enter(birth_date="1980-03-03", sex_code="1", **twin)
    assert await obtain(world, licence) is Outcome.SEVERAL
    assert await world.replies(licence) == []
    assert await obtain(world, licence, address=TWINS[1].address) is Outcome.FOUND
    reader = world.installation.reader(CLERK, "test")
    number = TWINS[1].individual_number
    assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, number) == licence


async def test_of_nobody_none_is_obtained(world: World) -> None:
    licence = await world.doctors.enter(birth_date="1991-01-15")
    assert await obtain(world, licence) is Outcome.NOT_FOUND
    assert await world.replies(licence) == []


@pytest.mark.parametrize("permission", [Permission.RESIDENT_SEARCH, Permission.NUMBER_ENROL])
async def test_obtaining_needs_both_permissions(world: World, permission: Permission) -> None:
    licence = await world.doctors.enter()
    caller = principal(Role.CLERK, without=frozenset({permission}))
    with pytest.raises(Forbidden):
        await obtain(world, licence, caller)
    assert world.network.came == []


async def test_no_number_is_obtained_for_a_licence_out_of_reach(world: World) -> None:
    with pytest.raises(NotFound):
        await obtain(world, uuid4())
    assert world.network.came == []
