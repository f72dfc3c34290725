"""The centre sends numbers once, has pseudonyms from then on, and proves that it destroyed what it had."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import decode
from meibo.audit.tables import leaf
from meibo.database.stores import Store
from meibo.errors import AuditUnavailable, Forbidden, MessageRefused, NotFound
from meibo.exchange.inbound.messages import Proof
from meibo.exchange.inbound.tables import paper_batch, paper_certificate, paper_line
from meibo.identity import VerifiedBy
from meibo.register.tables import action, number_erasure
from meibo.vault.tables import enrolment
from meibo_sandbox.existing import Fault, Spoilt
from meibo_sandbox.world.numbers import individual_number
from tests.core.exchange.inbound.conftest import (
    ABOUT,
    ADMINISTRATOR,
    NAME,
    NUMBER,
    OTHER,
    PROFESSION,
    Centre,
    line,
)
from tests.installed import principal


def today() -> str:
    return clock.today().isoformat()


async def enrolments(centre: Centre) -> list[Any]:
    """Who was identified how, of each number in the vault."""
    numbers = centre.installation.databases[Store.NUMBERS]
    async with numbers.read() as connection:
        return [(r.file, r.verified_by) for r in await connection.execute(select(enrolment))]


async def test_the_vault_has_the_number_and_the_centre_the_pseudonym(centre: Centre) -> None:
    licence = await centre.enter()
    reference = str(uuid4())
    await centre.send(line(reference=reference, verified_by="number_notice_and_photo_id"))
    assert await centre.number(licence) == NUMBER
    assert centre.system.known == {reference: await centre.pseudonym(licence)}
    assert await enrolments(centre) == [(PROFESSION, VerifiedBy.NUMBER_NOTICE_AND_PHOTO_ID)]
    row = await centre.batch()
    assert (row.encrypted, row.taken_at is None, row.answered_at is None) == (None, False, False)


async def test_a_number_that_is_sent_twice_changes_nothing(centre: Centre) -> None:
    licence = await centre.enter()
    await centre.send(line())
    before = await enrolments(centre)
    again = str(uuid4())
    await centre.send(line(reference=again, verified_by="my_number_card"))
    assert centre.system.known[again] == await centre.pseudonym(licence)
    assert await enrolments(centre) == before == [(PROFESSION, VerifiedBy.PAPER_COPY)]


async def test_a_batch_comes_twice_and_is_taken_once(centre: Centre) -> None:
    await centre.enter()
    batch = uuid4()
    raw = centre.system.numbers(PROFESSION, [line()], batch=batch)
    assert [await centre.receive(raw), await centre.receive(raw)] == [True, False]
    await centre.receive(centre.system.numbers(PROFESSION, [line(OTHER)], batch=batch))
    await centre.work()
    assert (len(await centre.rows(paper_batch)), len(await centre.rows(paper_line))) == (1, 1)


REFUSED = [
    (line("999999999996"), "number_of_another"),
    (line(registration_number="1000009"), "no_such_licence"),
    (line(OTHER, registration_number="1000002", family_name="手本"), "other_number"),
    (line("000000000019", registration_number="1000003"), "other_person"),
    (line("000000000060", registration_number="1000004", birth_date="1995-01-16"), "other_person"),
    (line("123456789010", registration_number="1000005"), "invalid_number"),
]


async def test_a_line_that_cannot_be_entered_comes_back_by_name(centre: Centre) -> None:
    await centre.enter()
    await centre.enter("1000002", individual="999999999996", family_name="手本", pass_certificate_number="K2")
    await centre.enter("1000003", family_name="雛形", pass_certificate_number="K3")
    await centre.enter("1000004", pass_certificate_number="K4")
    await centre.enter("1000005", pass_certificate_number="K5")
    before, references = await enrolments(centre), [str(uuid4()) for _ in REFUSED]
    lines = [sent | {"reference": id} for (sent, _), id in zip(REFUSED, references, strict=True)]
    batch = await centre.send(*lines)
    wanted = dict(zip(references, (outcome for _, outcome in REFUSED), strict=True))
    assert (centre.system.known, centre.system.refused) == ({}, wanted)
    assert await enrolments(centre) == before
    told = await centre.inbound.office.lines(*ABOUT, batch)
    assert {str(each.reference): (str(each.outcome), each.licence) for each in told} == {
        id: (outcome, None) for id, outcome in wanted.items()
    }


async def test_lines_that_mean_one_licence_or_have_one_number_are_ambiguous(centre: Centre) -> None:
    first = await centre.enter()
    await centre.enter("1000002", family_name="手本", pass_certificate_number="K2")
    third = await centre.enter("1000003", family_name="雛形", pass_certificate_number="K3")
    await centre.send(line(NUMBER), line(OTHER))
    await centre.send(
        line(NUMBER),
        line(NUMBER, registration_number="1000002", family_name="手本"),
        line(OTHER, registration_number="1000003", family_name="雛形"),
    )
    assert sorted(centre.system.refused.values()) == ["ambiguous"] * 4
    assert (await centre.held(first), await centre.number(third)) == (False, OTHER)


async def test_a_former_name_and_a_variant_are_the_same_person(centre: Centre) -> None:
    licence = await centre.enter(family_name="髙見")
    await centre.correct(licence, family_name="手本")
    await centre.send(line(family_name="高見"))
    assert await centre.number(licence) == NUMBER


SPOILT = {
    Spoilt.TRUNCATED: "TRUNCATED",
    Spoilt.FEWER: "TRUNCATED",
    Spoilt.GARBLED: "UNREADABLE",
    Spoilt.WRONG_ENCODING: "WRONG_ENCODING",
    Spoilt.OVERSIZED: "OVERSIZED",
    Spoilt.WRONG_KEY: "UNREADABLE",
    Spoilt.WRONG_SIGNER: "BAD_SIGNATURE",
    Spoilt.NONSENSE: "MALFORMED",
}


async def test_a_spoilt_batch_is_refused_by_name_and_nothing_is_kept(centre: Centre) -> None:
    reasons = {}
    for spoilt in Spoilt:
        with pytest.raises(MessageRefused) as refused:
            await centre.receive(centre.system.numbers(PROFESSION, [line()], spoilt=spoilt))
        reasons[spoilt] = refused.value.reason
    assert reasons == SPOILT
    assert (await centre.rows(paper_batch), await centre.work()) == ([], 1)  # The clock's own job alone.


async def test_a_reference_stands_in_a_batch_once(centre: Centre) -> None:
    same = {"reference": str(uuid4())}
    with pytest.raises(MessageRefused, match="DUPLICATE"):
        await centre.receive(centre.system.numbers(PROFESSION, [line(**same), line(OTHER, **same)]))
    with pytest.raises(MessageRefused, match="MISADDRESSED"):
        await centre.receive(centre.system.numbers("doctor", [line()]))
    assert await centre.rows(paper_batch) == []


async def test_pseudonyms_are_sent_until_the_centre_has_them(centre: Centre) -> None:
    for n, fault in enumerate(Fault):
        number, family = individual_number(30_000 + n), f"手本{n}"
        licence = await centre.enter(str(3_000_000 + n), family_name=family, pass_certificate_number=f"K{n}")
        centre.system.faults, before = [fault], len(centre.system.came)
        batch = await centre.send(line(number, registration_number=str(3_000_000 + n), family_name=family))
        waiting = [row.batch for row in await centre.rows(paper_batch) if row.answered_at is None]
        assert (fault, waiting) == (fault, [batch])
        centre.time.ahead += timedelta(minutes=10)
        await centre.work()
        assert await centre.pseudonym(licence) in centre.system.known.values()
        told = [id for type, id in centre.system.came[before:] if type == "pseudonyms"]
        assert (fault, len(set(told))) == (fault, 1)
    assert [row for row in await centre.rows(paper_batch) if row.answered_at is None] == []


async def test_an_answer_that_is_not_taken_holds_up_no_other(centre: Centre) -> None:
    await centre.enter()
    other = await centre.enter("1000002", family_name="手本", pass_certificate_number="K2")
    for sent in (line(), line(OTHER, registration_number="1000002", family_name="手本")):
        await centre.receive(centre.system.numbers(PROFESSION, [sent]))
    centre.system.faults = [Fault.GARBLED]
    centre.system.known.clear()
    await centre.work()
    answered = {row.answered_at is None for row in await centre.rows(paper_batch)}
    assert answered == {True, False}
    assert await centre.pseudonym(other) in centre.system.known.values()


async def leaves(centre: Centre, *operations: str) -> list[tuple[str, str, tuple[str, ...], int | None]]:
    """(operation, kind, subjects, count) of the leaves of these operations, sorted."""
    async with centre.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(leaf.c.body))).all()
    found = [decode(body).leaf for body in bodies]
    return sorted(
        (each.operation, each.kind, each.subjects, each.count)
        for each in found if each.operation in operations
    )  # fmt: skip


async def test_whose_number_came_and_whose_pseudonym_left_is_in_the_log(centre: Centre) -> None:
    subjects = (await centre.pseudonym(await centre.enter()),)
    await centre.send(line(), line(OTHER, registration_number="1000009"))
    assert await leaves(centre, "paper.enrol", "paper.answer") == [
        ("paper.answer", "export", subjects, 1),
        ("paper.enrol", "done", subjects, None),
        ("paper.enrol", "intent", subjects, None),
    ]


async def test_without_a_leaf_nothing_is_noted_or_answered(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = await centre.enter()
    with monkeypatch.context() as patched:
        patched.setattr(centre.installation.audit, "record", refuse)
        await centre.send(line())
    row = await centre.batch()
    assert (row.taken_at, row.encrypted is None, centre.system.known) == (None, False, {})
    assert (await centre.rows(paper_line), await centre.held(licence)) == ([], False)
    centre.time.ahead += timedelta(hours=2)
    await centre.work()
    assert list(centre.system.known.values()) == [await centre.pseudonym(licence)]


async def refuse(*_: Any) -> None:
    raise AuditUnavailable


async def test_a_centre_that_is_down_for_two_days_has_its_pseudonyms_then(centre: Centre) -> None:
    licence = await centre.enter()
    centre.system.faults = [Fault.DOWN] * 6
    await centre.send(line())
    for _ in range(6):
        centre.time.ahead += timedelta(hours=8)
        assert (centre.system.known, (await centre.batch()).answered_at) == ({}, None)
        await centre.work()
    assert list(centre.system.known.values()) == [await centre.pseudonym(licence)]


async def test_a_licence_that_ended_with_its_number_takes_none(centre: Centre) -> None:
    licence = await centre.enter()
    await centre.strike_off(licence)
    [*_, act] = await centre.rows(action)
    order = {
        "action_id": act.id, "scope": centre.scope, "licence_id": licence, "recorded_at": clock.now(),
        "done_at": clock.now(), "gone_after_date": None,
    }  # fmt: skip
    async with centre.installation.register.write([centre.scope]) as work:  # As a file's rule would order it.
        await work.connection.execute(insert(number_erasure), order)
        await work.commit()
    await centre.send(line())
    assert (list(centre.system.refused.values()), await centre.held(licence)) == (["licence_ended"], False)


async def test_the_certificates_of_a_batch_are_filed_as_they_were_signed(centre: Centre) -> None:
    await centre.enter()
    batch = await centre.send(line(), on_paper=True)
    office = centre.inbound.office
    [state] = await office.batches(*ABOUT)
    assert (state.proved, state.lacking, state.overdue) == (frozenset(), frozenset(Proof), False)
    with pytest.raises(ValueError, match="nobody certifies"):
        centre.system.certificate(PROFESSION, batch, today())
    centre.system.destroy(batch)
    signed = centre.system.certificate(PROFESSION, batch, today())
    assert await centre.receive(signed) is True
    assert await office.certificate(*ABOUT, state.batch, Proof.ERASURE) == signed
    with pytest.raises(NotFound):
        await office.certificate(*ABOUT, state.batch, Proof.DISPOSAL)
    second = centre.system.certificate(PROFESSION, batch, today())
    await centre.receive(second)  # Another of its kind changes nothing.
    assert await office.certificate(*ABOUT, state.batch, Proof.ERASURE) == signed
    await centre.receive(
        centre.system.certificate(PROFESSION, batch, today(), proof="disposal", method="dissolved")
    )
    [state] = await office.batches(*ABOUT)
    assert (state.proved, state.lacking) == (frozenset(Proof), frozenset())


async def test_a_certificate_that_is_lacking_is_overdue_after_its_days(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    await centre.enter()
    batch = await centre.send(line())
    office, beats = centre.inbound.office, centre.inbound.beats
    centre.time.ahead += timedelta(days=29)
    assert await office.overdue(ADMINISTRATOR) == []
    centre.time.ahead += timedelta(days=2)
    assert [each.batch for each in await office.overdue(ADMINISTRATOR)] == [batch]
    assert await office.overdue_counts() == {(NAME, PROFESSION): 1}
    await beats.tell_overdue(None, None)  # type: ignore[arg-type]
    [told] = [record for record in caplog.records if "overdue" in record.message]
    assert (told.count, told.operation) == (1, NAME)  # type: ignore[attr-defined]
    centre.system.destroy(batch)
    await centre.receive(centre.system.certificate(PROFESSION, batch, today()))
    assert (await office.overdue(ADMINISTRATOR), await office.overdue_counts()) == (
        [],
        {(NAME, PROFESSION): 0},
    )


PROVES_NOTHING: list[tuple[dict[str, Any], str]] = [
    ({"batch": str(uuid4())}, "UNKNOWN_REQUEST"),
    ({"count": 2}, "MALFORMED"),
    ({"destroyed_date": "2020-01-01"}, "MALFORMED"),
    ({"destroyed_date": "2999-01-01"}, "MALFORMED"),
    ({"proof": "promise"}, "MALFORMED"),
    ({"profession": "doctor"}, "MISADDRESSED"),
]


async def test_a_certificate_that_proves_nothing_is_refused(centre: Centre) -> None:
    await centre.enter()
    batch = await centre.send(line())
    centre.system.destroy(batch)
    for changed, reason in PROVES_NOTHING:
        with pytest.raises(MessageRefused) as refused:
            await centre.receive(centre.system.certificate(PROFESSION, batch, today(), **changed))
        assert (refused.value.reason, await centre.rows(paper_certificate)) == (reason, [])


async def test_nobody_certifies_what_was_not_taken(centre: Centre) -> None:
    batch = uuid4()
    await centre.receive(centre.system.numbers(PROFESSION, [line()], batch=batch))
    centre.system.destroy(batch)
    with pytest.raises(MessageRefused, match="UNKNOWN_REQUEST"):
        await centre.receive(centre.system.certificate(PROFESSION, batch, today()))


STRANGERS = (
    principal(Role.OFFICER, {PROFESSION}),
    principal(Role.ADMINISTRATOR, {PROFESSION}, without=frozenset({Permission.EXCHANGE_MANAGE})),
    principal(Role.ADMINISTRATOR, {"nurse"}),
)


async def test_each_verb_needs_the_permission(centre: Centre) -> None:
    office = centre.inbound.office
    for caller in STRANGERS:
        about = (caller, NAME, PROFESSION)
        for act in (
            office.batches(*about),
            office.lines(*about, uuid4()),
            office.certificate(*about, uuid4(), Proof.ERASURE),
        ):
            with pytest.raises(Forbidden):
                await act
    for caller in STRANGERS[:2]:
        for asked in (office.overdue(caller), office.keys(caller, NAME)):
            with pytest.raises(Forbidden):
                await asked
    assert await office.overdue(STRANGERS[2]) == []
    with pytest.raises(NotFound):
        await office.lines(*ABOUT, uuid4())
    for missing in (
        office.batches(ADMINISTRATOR, "public_search", PROFESSION), office.keys(ADMINISTRATOR, "public_search")
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await missing
