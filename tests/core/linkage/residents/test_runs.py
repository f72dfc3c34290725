"""Inquiries about many: two people want them, the vault writes them, and what comes back is filed once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import uuid4

import orjson
import pytest

from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import LeafKind
from meibo.errors import FindingCode, Forbidden, NotFound, Refused
from meibo.identity import NumberKind
from meibo.jobs.tables import job
from meibo.linkage.residents.inquiries import Key, Outcome
from meibo.linkage.residents.reaching import MOST_NAMED
from meibo.linkage.residents.rows import RunState
from meibo.linkage.residents.tables import resident_batch, resident_reply, resident_request, resident_run
from meibo.register.fold import Verb
from meibo_sandbox.residents import Resident
from tests.core.linkage.residents.conftest import (
    ADMINISTRATOR,
    CLERK,
    HANAKO,
    OFFICER,
    TARO,
    TWINS,
    World,
)
from tests.installed import principal


async def test_a_run_by_number_finds_the_living_and_the_dead(world: World) -> None:
    hanako = await world.doctors.enter("500001", HANAKO.individual_number)
    taro = await world.doctors.enter("500002", TARO.individual_number)
    unknown = await world.doctors.enter("500003", "123123123128")
    without = await world.doctors.enter("500004")
    run = await world.begin()
    assert (run.state, run.size, run.waiting, run.outcomes) == (RunState.APPROVED, 4, 4, {})
    assert await world.work() == 2
    assert await world.outcomes() == {
        hanako: Outcome.FOUND,
        taro: Outcome.FOUND,
        unknown: Outcome.NOT_FOUND,
        without: Outcome.NO_KEY,
    }
    done = await world.run(run.id)
    assert (done.waiting, done.outcomes) == (
        0,
        {Outcome.FOUND: 2, Outcome.NOT_FOUND: 1, Outcome.NO_KEY: 1},
    )
    [dead] = await world.replies(taro)
    assert (dead["living_status"], str(dead["movement_date"])) == ("1", "2026-11-01")
    assert dead["full_name_kanji"] == "見本　太〓"
    assert not {"individual_number", "subject_individual_number", "resident_code"} & dead.keys()
    assert len(await world.replies(unknown)) == 1
    assert await world.replies(without) == []


async def test_the_file_has_one_leaf_with_its_count_and_its_digest(world: World) -> None:
    licence = await world.doctors.enter(individual=HANAKO.individual_number)
    await world.begin()
    await world.work()
    [(id, sent)] = world.network.came
    [batch] = await world.rows(resident_batch)
    assert id == str(batch.id)
    assert batch.digest == hashlib.sha256(sent).hexdigest()
    assert batch.file is None
    [written] = [leaf for leaf in await world.leaves() if leaf.kind is LeafKind.EXPORT]
    pseudonym = (await world.doctors.head(licence)).pseudonym
    assert (written.count, written.reference, written.subjects, written.account) == (
        1,
        f"sha256:{batch.digest}",
        (pseudonym,),
        "link:resident_records",
    )


async def test_the_reference_is_drawn_for_the_request_and_is_nowhere_else(world: World) -> None:
    licence = await world.doctors.enter(individual=HANAKO.individual_number)
    for _ in range(2):
        await world.begin()
    await world.work()
    first, second = (row.id for row in await world.rows(resident_request))
    assert (first.version, second.version, first == second) == (4, 4, False)
    told = {reply["subject_identification"] for reply in await world.replies(licence)}
    assert told == {str(first), str(second)}


async def test_the_characters_that_a_name_lacks_stand_beside_it_sealed(world: World) -> None:
    licence = await world.doctors.enter(individual=TARO.individual_number)
    await world.begin()
    await world.work()
    [row] = await world.rows(resident_reply)
    assert b"MJ012345" not in row.sealed
    desk = world.installation.residents.glyphs
    assert await desk.read(CLERK, "doctor", licence) == {row.request_id: TARO.glyphs}
    told = (await world.leaves())[-1]
    pseudonym = (await world.doctors.head(licence)).pseudonym
    assert (told.kind, told.operation, told.subjects) == (LeafKind.READ, "resident.glyphs", (pseudonym,))


async def test_glyphs_need_the_permission_to_read_replies(world: World) -> None:
    licence = await world.doctors.enter()
    desk = world.installation.residents.glyphs
    with pytest.raises(Forbidden):
        await desk.read(principal(Role.CLERK, without=frozenset({Permission.REPLY_READ})), "doctor", licence)
    with pytest.raises(NotFound):
        await desk.read(CLERK, "doctor", uuid4())


async def test_a_number_that_changed_goes_to_the_vault(world: World) -> None:
    """Whoever is found by a former number has another one now."""
    changed = "111111111118"
    world.network.register.residents[:] = [  # type: ignore[attr-defined]
        replace_number(HANAKO.individual_number, changed)
    ]
    licence = await world.doctors.enter(individual=HANAKO.individual_number)
    await world.begin()
    await world.work()
    assert await world.outcomes() == {licence: Outcome.FOUND}
    reader = world.installation.reader(CLERK, "test")
    assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, changed) == licence


def replace_number(former: str, now: str) -> Resident:
    return replace(HANAKO, individual_number=now, former_numbers=(former,))


async def test_the_four_facts_bring_a_number_into_the_vault(world: World) -> None:
    licence = await world.doctors.enter()
    await world.begin(Key.FACTS)
    await world.work()
    assert await world.outcomes() == {licence: Outcome.FOUND}
    reader = world.installation.reader(CLERK, "test")
    found = await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    assert found == licence


async def test_of_two_who_may_be_meant_nothing_is_kept(world: World) -> None:
    twin = {
        "family_name": "並木",
        "given_name": "実",
        "family_name_kana": "ナミキ",
        "given_name_kana": "ミノル",
    }
    licence = await world.doctors.enter(birth_date="1980-03-03", sex_code="1", **twin)
    await world.begin(Key.FACTS)
    await world.work()
    assert await world.outcomes() == {licence: Outcome.SEVERAL}
    assert await world.replies(licence) == []
    reader = world.installation.reader(CLERK, "test")
    for each in TWINS:
        assert (
            await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, each.individual_number)
            is None
        )


async def test_a_number_that_is_anothers_is_a_conflict_and_the_reply_is_filed(world: World) -> None:
    other = await world.doctors.enter("500001", HANAKO.individual_number, family_name="別")
    licence = await world.doctors.enter("500002", TWINS[0].individual_number)
    world.network.register.residents[:] = [  # type: ignore[attr-defined]
        replace_number(TWINS[0].individual_number, HANAKO.individual_number)
    ]
    await world.begin(licences=[licence])
    await world.work()
    assert await world.outcomes() == {licence: Outcome.CONFLICT}
    assert len(await world.replies(licence)) == 1
    reader = world.installation.reader(CLERK, "test")
    found = await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, HANAKO.individual_number)
    assert found == other


async def test_whose_licence_has_ended_is_not_asked_about(world: World) -> None:
    ended = await world.doctors.enter("500001", HANAKO.individual_number)
    await world.doctors.act(ended, Verb.STRIKE_OFF)
    await world.doctors.enter("500002", TARO.individual_number)
    assert (await world.start()).size == 1
    assert (await world.start(licences=[ended])).size == 1


async def test_who_asked_does_not_approve(world: World) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    runs = world.installation.residents.runs
    asked = await runs.start(ADMINISTRATOR, "doctor", Key.INDIVIDUAL_NUMBER)
    assert asked is not None
    with pytest.raises(Refused) as refusal:
        await runs.approve(ADMINISTRATOR, "doctor", asked.id)
    [finding] = refusal.value.findings
    assert (finding.code, finding.rule) == (FindingCode.NEEDS_SECOND_PERSON, "resident_run.second_person")
    assert (await world.run(asked.id)).state is RunState.REQUESTED
    assert await world.rows(job) == []
    refused = [leaf for leaf in await world.leaves() if leaf.kind is LeafKind.REFUSAL]
    assert [(leaf.operation, leaf.outcome) for leaf in refused] == [
        ("resident_run.approve", "resident_run.second_person")
    ]


@pytest.mark.parametrize("first", ["approve", "withdraw"])
@pytest.mark.parametrize("then", ["approve", "withdraw"])
async def test_a_run_is_decided_once(world: World, first: str, then: str) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    runs, asked = world.installation.residents.runs, await world.start()
    await getattr(runs, first)(ADMINISTRATOR, "doctor", asked.id)
    before = await world.run(asked.id)
    with pytest.raises(Refused) as refusal:
        await getattr(runs, then)(ADMINISTRATOR, "doctor", asked.id)
    assert [f.rule for f in refusal.value.findings] == ["resident_run.state"]
    assert await world.run(asked.id) == before
    assert len(await world.rows(job)) == (1 if first == "approve" else 0)


async def test_nothing_is_sent_before_it_is_approved(world: World) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    await world.start()
    assert await world.work() == 0
    assert world.network.came == []


REFUSALS = {
    "start": (OFFICER, Permission.RESIDENT_ASK),
    "approve": (ADMINISTRATOR, Permission.RESIDENT_APPROVE),
    "withdraw": (OFFICER, Permission.RESIDENT_ASK),
    "run": (OFFICER, Permission.RESIDENT_READ),
    "runs": (OFFICER, Permission.RESIDENT_READ),
}


@pytest.mark.parametrize("verb", REFUSALS)
async def test_each_verb_needs_its_permission(world: World, verb: str) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    asked, (_, permission) = await world.start(), REFUSALS[verb]
    caller = principal(Role.ADMINISTRATOR, without=frozenset({permission}))
    more = {"start": [Key.FACTS], "runs": []}.get(verb, [asked.id])
    with pytest.raises(Forbidden) as refusal:
        await getattr(world.installation.residents.runs, verb)(caller, "doctor", *more)
    assert refusal.value.permission == permission
    assert [row.state for row in await world.rows(resident_run)] == ["requested"]


async def test_another_profession_is_out_of_scope(world: World) -> None:
    with pytest.raises(Forbidden):
        await world.installation.residents.runs.start(OFFICER, "nurse", Key.FACTS)


async def test_a_licence_that_nobody_knows_is_refused(world: World) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    for named, rule in (
        ([uuid4()], "licence.unknown"),
        ([], "resident_run.empty"),
        ([uuid4()] * (MOST_NAMED + 1), "resident_run.many"),
    ):
        with pytest.raises(Refused) as refusal:
            await world.start(licences=named)
        assert [f.rule for f in refusal.value.findings] == [rule]
    assert await world.rows(resident_run) == []


async def test_an_unknown_run_is_not_found(world: World) -> None:
    for verb in ("approve", "withdraw", "run"):
        with pytest.raises(NotFound):
            await getattr(world.installation.residents.runs, verb)(ADMINISTRATOR, "doctor", uuid4())


async def test_what_the_network_is_told_of_us_holds_no_private_key(world: World) -> None:
    keys = world.installation.residents.keys["keys"]
    assert [key["use"] for key in keys] == ["sig", "enc"]
    assert b'"d"' not in orjson.dumps(keys)


async def test_what_is_only_validated_changes_nothing(world: World) -> None:
    await world.doctors.enter(individual=HANAKO.individual_number)
    runs = world.installation.residents.runs
    assert await runs.start(OFFICER, "doctor", Key.FACTS, validate_only=True) is None
    assert await world.rows(resident_run) == []
    asked = await world.start()
    for verb in (runs.approve, runs.withdraw):
        assert await verb(ADMINISTRATOR, "doctor", asked.id, validate_only=True) is None
    assert await world.run(asked.id) == asked
