"""Shares redeemed for partners: exact verdicts, once each, the same again under a key, nothing told unrecorded."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from meibo.audit.leaves import LeafKind
from meibo.consent import CURRENT_TEXT, Purpose
from meibo.database.stores import Database
from meibo.errors import AuditUnavailable, Refused
from meibo.register.fold import State, Verb
from meibo.verifying import VerificationOutcome as Outcome
from meibo.verifying import verifying_of
from tests.core.verifying.desk import Desk, token_shown
from tests.holders import share_request
from tests.partners import CLINIC, HOSPITAL

VALUES = {
    "profession": {"code": "doctor", "label": "医師", "label_en": "Doctor"},
    "full_name": "鷹司　満月",
    "registration_number": "700001",
}


async def test_a_share_tells_standing_and_claims(desk: Desk) -> None:
    [verdict] = await desk.verifying.shares.redeem(
        HOSPITAL, [token_shown(await desk.token(), "applicant 17")], "key"
    )
    assert (verdict.outcome, verdict.standing, verdict.certificate) == (
        Outcome.VALID, State.REGISTERED, None,
    )  # fmt: skip
    assert (verdict.profession, verdict.purpose, verdict.reference) == (
        "doctor", Purpose.EMPLOYMENT, "applicant 17",
    )  # fmt: skip
    assert (verdict.claims, verdict.status_as_of) == (VALUES, verdict.checked_at)
    assert "700001" not in repr(verdict)


async def test_the_partners_cap_narrows_the_consent(desk: Desk) -> None:
    for cap, told in [
        ({"doctor.full_name"}, ["full_name"]), ({"registration_number", "sex"}, ["registration_number"]),
        ({"nurse.full_name"}, []),
    ]:  # fmt: skip
        capped = replace(HOSPITAL, cap=frozenset(cap))
        [verdict] = await desk.verifying.shares.redeem(
            capped, [token_shown(await desk.token())], str(sorted(cap))
        )
        assert (verdict.outcome, list(verdict.claims)) == (Outcome.VALID, told)


@pytest.mark.parametrize(
    ("verb", "outcome", "standing"),
    [
        (Verb.SUSPEND, Outcome.SUSPENDED, State.SUSPENDED),
        (Verb.REVOKE, Outcome.REVOKED, State.REVOKED),
        (Verb.STRIKE_OFF, Outcome.REVOKED, State.STRUCK_OFF),
    ],
)
async def test_a_licence_that_does_not_stand_shows_no_claim(
    desk: Desk, verb: Verb, outcome: Outcome, standing: State
) -> None:
    token = await desk.token()
    await desk.act(verb)
    [verdict] = await desk.verifying.shares.redeem(HOSPITAL, [token_shown(token)], "key")
    assert (verdict.outcome, verdict.standing, verdict.claims) == (outcome, standing, {})


async def test_what_opens_nothing_looks_alike(desk: Desk) -> None:
    used, others, gone = await desk.token(), await desk.token(recipient=CLINIC.partner), await desk.token()
    head, holder = await desk.holders.head(), await desk.holders.holder()
    [newest, *_] = await desk.holders.portal.consents.shares([head])
    await desk.holders.portal.consents.withdraw(
        holder.acting("doctor"), head, newest.id, CURRENT_TEXT.version, "ja"
    )
    await desk.verifying.shares.redeem(HOSPITAL, [token_shown(used)], "first")
    shown = [token_shown(token) for token in (used, others, gone, "A" * 32, "none at all", "ä" * 32)]
    verdicts = await desk.verifying.shares.redeem(HOSPITAL, shown, "second")
    told = {repr(replace(verdict, checked_at=verdicts[0].checked_at)) for verdict in verdicts}
    assert len(told) == 1
    assert verdicts[0].outcome is Outcome.NOT_AVAILABLE
    refusals = [leaf.outcome for leaf in await desk.leaves("redeem") if leaf.kind is LeafKind.REFUSAL]
    assert Counter(refusals) == {"used_up": 1, "other_recipient": 1, "withdrawn": 1, "unknown": 3}


async def test_a_request_sent_again_gives_the_same_and_uses_nothing(desk: Desk) -> None:
    shown = [
        token_shown(await desk.token(), "a"),
        token_shown("A" * 32, "b"),
        token_shown(await desk.token()),
    ]
    first = await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    await desk.act(Verb.SUSPEND)
    again = await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    assert [verdict.outcome for verdict in first] == [Outcome.VALID, Outcome.NOT_AVAILABLE, Outcome.VALID]
    assert again == first
    assert await desk.uses() == 2
    assert len(await desk.leaves("redeem")) == 6  # It is looked at twice, and recorded twice.


async def test_a_key_stands_for_one_request_of_one_partner(desk: Desk) -> None:
    token, other = await desk.token(uses=3), await desk.token()
    await desk.verifying.shares.redeem(HOSPITAL, [token_shown(token)], "key")
    with pytest.raises(Refused) as refused:
        await desk.verifying.shares.redeem(HOSPITAL, [token_shown(other)], "key")
    assert [finding.rule for finding in refused.value.findings] == ["act.key_reused"]
    [clinics] = await desk.verifying.shares.redeem(CLINIC, [token_shown(other)], "key")
    assert (clinics.outcome, await desk.uses()) == (Outcome.VALID, 2)


async def test_a_subject_is_one_for_a_partner_and_another_for_the_next(desk: Desk) -> None:
    token = await desk.token(uses=3)
    redeem = desk.verifying.shares.redeem
    [first] = await redeem(HOSPITAL, [token_shown(token)], "1")
    [again] = await redeem(HOSPITAL, [token_shown(token)], "2")
    [clinics] = await redeem(CLINIC, [token_shown(token)], "1")
    head = await desk.holders.head()
    assert first.subject == again.subject
    assert len({first.subject, clinics.subject, head.pseudonym, head.portal_alias, None}) == 5


async def test_a_batch_is_judged_in_its_order(desk: Desk) -> None:
    token = await desk.token(uses=2)
    shown = [token_shown(token, str(n)) for n in range(4)]
    verdicts = await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    assert [(v.reference, v.outcome) for v in verdicts] == [
        ("0", Outcome.VALID), ("1", Outcome.VALID), ("2", Outcome.NOT_AVAILABLE), ("3", Outcome.NOT_AVAILABLE),
    ]  # fmt: skip


async def test_each_use_counts_once_however_many_processes_ask(desk: Desk) -> None:
    token, sides = await desk.token(uses=7), [verifying_of(desk.holders.installation) for _ in range(4)]
    asked = [
        side.shares.redeem(HOSPITAL, [token_shown(token)], f"{place}-{n}")
        for place, side in enumerate(sides)
        for n in range(10)
    ]
    verdicts = [verdict for [verdict] in await asyncio.gather(*asked)]
    assert Counter(v.outcome for v in verdicts) == {Outcome.VALID: 7, Outcome.NOT_AVAILABLE: 33}


async def test_one_request_sent_by_many_at_once_counts_once(desk: Desk) -> None:
    shown = [token_shown(await desk.token())]
    sides = [verifying_of(desk.holders.installation) for _ in range(4)]
    verdicts = await asyncio.gather(*(side.shares.redeem(HOSPITAL, shown, "key") for side in sides * 3))
    assert {verdict.outcome for [verdict] in verdicts} == {Outcome.VALID}
    assert await desk.uses() == 1


async def test_nothing_is_told_that_is_not_recorded(desk: Desk) -> None:
    shown, audit = [token_shown(await desk.token())], desk.verifying.audit
    silent, speaking = Database("sqlite+aiosqlite:////nonexistent/meibo.db"), audit._database
    audit._database = silent
    with pytest.raises(AuditUnavailable):
        await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    await silent.close()
    audit._database = speaking
    [verdict] = await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    assert (verdict.outcome, verdict.claims, await desk.uses()) == (Outcome.VALID, VALUES, 1)


async def test_a_thousand_at_once(desk: Desk) -> None:
    head, holder = await desk.holders.head(), (await desk.holders.holder()).acting("doctor")
    consents = desk.holders.portal.consents
    tokens = [
        (await consents.share(holder, head, share_request(head.id, uses=100), tuple(VALUES)))[1]
        for _ in range(10)
    ]
    shown = [token_shown(tokens[n % 10], str(n)) for n in range(1000)]
    verdicts = await desk.verifying.shares.redeem(HOSPITAL, shown, "key")
    assert [verdict.reference for verdict in verdicts] == [str(n) for n in range(1000)]
    assert Counter(verdict.outcome for verdict in verdicts) == {Outcome.VALID: 1000}
    assert (await desk.uses(), len(await desk.leaves("redeem"))) == (1000, 1000)
