"""Certificates verified for partners: certificate and licence told apart, each binding once, the same again by key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from meibo import clock
from meibo.certificates.outcomes import Reason
from meibo.certificates.outcomes import State as Certificate
from meibo.database.stores import Database
from meibo.errors import AuditUnavailable, Refused
from meibo.register.fold import State, Verb
from meibo.verifying import Means, Shown, Verdict, verifying_of
from meibo.verifying import VerificationOutcome as Outcome
from tests.core.verifying.desk import CERTIFIED, TYPE, Desk
from tests.partners import CLINIC, HOSPITAL

ISS = "https://meibo.example/issuers/medical"
Told = tuple[Outcome, State | None, Certificate | None, Reason | None]


def told(verdict: Verdict) -> Told:
    """The fields that say what became of it."""
    return verdict.outcome, verdict.standing, verdict.certificate, verdict.reason


async def verify(desk: Desk, *shown: Shown, key: str = "key") -> list[Verdict]:
    return await desk.verifying.credentials.verify(HOSPITAL, shown, key)


async def test_presentation_and_qr_are_verified(desk: Desk) -> None:
    shown = [await desk.presentation(), await desk.qr()]
    await desk.publish()
    verdicts = await verify(desk, *(replace(each, reference=each.means) for each in shown))
    for verdict, means in zip(verdicts, ("presentation", "qr"), strict=True):
        assert told(verdict) == (Outcome.VALID, State.REGISTERED, Certificate.VALID, None)
        assert (verdict.claims, verdict.type, verdict.issuer) == (CERTIFIED.values, TYPE, ISS)
        assert (verdict.profession, verdict.reference) == ("doctor", means)
        assert verdict.status_as_of is not None
    assert verdicts[0].subject == verdicts[1].subject


async def test_a_subject_is_the_same_by_share_and_by_certificate(desk: Desk) -> None:
    [by_certificate] = await verify(desk, await desk.qr())
    token = Shown(means=Means.SHARE, text=await desk.token())
    [by_share] = await desk.verifying.shares.redeem(HOSPITAL, [token], "key")
    assert by_certificate.subject == by_share.subject


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        (
            Verb.SUSPEND,
            (Outcome.SUSPENDED, State.SUSPENDED, Certificate.VALID, None),
            (Outcome.SUSPENDED, State.SUSPENDED, Certificate.SUSPENDED, Reason.SUSPENDED),
        ),
        (
            Verb.STRIKE_OFF,
            (Outcome.REVOKED, State.STRUCK_OFF, Certificate.VALID, None),
            (Outcome.REVOKED, State.STRUCK_OFF, Certificate.REVOKED, Reason.REVOKED),
        ),
    ],
)
async def test_the_registers_word_comes_before_the_lists(
    desk: Desk, verb: Verb, before: Told, after: Told
) -> None:
    shown = await desk.qr()
    await desk.publish()
    await desk.act(verb)
    [at_once] = await verify(desk, shown, key="1")
    await desk.publish()
    [later] = await verify(desk, shown, key="2")
    assert (told(at_once), told(later)) == (before, after)


async def test_what_is_refused_by_its_reason(desk: Desk) -> None:
    good, other = await desk.presentation(), await desk.presentation(CLINIC)
    old = await desk.presentation(at=clock.now() - timedelta(minutes=7))
    qr = await desk.qr()
    await desk.publish()
    cases = {
        Reason.NONCE: replace(good, nonce="another"),
        Reason.AUDIENCE: other,
        Reason.KEY_BINDING_OLD: old,
        Reason.KEY_BINDING_MISSING: replace(good, text=good.text[: good.text.rindex("~") + 1]),
        Reason.MALFORMED: replace(qr, text="https://meibo.example/check#!"),
    }
    verdicts = await verify(desk, *cases.values())
    assert [told(v) for v in verdicts] == [
        (Outcome.INVALID, None, Certificate.INVALID, reason) for reason in cases
    ]
    assert all((v.claims, v.subject) == ({}, None) for v in verdicts)


async def test_a_list_that_nobody_published_leaves_the_registers_word(desk: Desk) -> None:
    [verdict] = await verify(desk, await desk.qr())
    assert told(verdict) == (
        Outcome.STATUS_UNAVAILABLE, State.REGISTERED, Certificate.STATUS_UNAVAILABLE, Reason.STATUS_UNREACHABLE,
    )  # fmt: skip
    assert verdict.status_as_of is None


async def test_a_binding_serves_once_whichever_process_sees_it(desk: Desk) -> None:
    shown = await desk.presentation()
    await desk.publish()
    sides = [verifying_of(desk.holders.installation) for _ in range(4)]
    found = await asyncio.gather(
        *(side.credentials.verify(HOSPITAL, [shown], f"key {n}") for n, side in enumerate(sides))
    )
    reasons = sorted(str(verdict.reason) for [verdict] in found)
    assert reasons == ["None", "replayed", "replayed", "replayed"]


async def test_a_request_sent_again_gives_the_same(desk: Desk) -> None:
    shown = [await desk.presentation(), await desk.qr(), replace(await desk.presentation(), nonce="x")]
    await desk.publish()
    first = await verify(desk, *shown)
    await desk.act(Verb.SUSPEND)
    await desk.publish()
    assert await verify(desk, *shown) == first
    assert [v.outcome for v in first] == [Outcome.VALID, Outcome.VALID, Outcome.INVALID]
    with pytest.raises(Refused):
        await verify(desk, *shown[:2])


async def test_a_request_that_broke_off_may_show_its_binding_again(desk: Desk) -> None:
    """The binding was remembered, and the process died before the answer was."""
    shown = await desk.presentation()
    await desk.publish()
    checks = desk.verifying.credentials
    request = checks.memory.key(HOSPITAL, "verify", "key", [shown])
    await checks._outcomes(HOSPITAL, [shown], request)
    [verdict] = await verify(desk, shown)
    assert told(verdict) == (Outcome.VALID, State.REGISTERED, Certificate.VALID, None)


async def test_one_request_sent_by_many_at_once_has_one_answer(desk: Desk) -> None:
    shown = await desk.presentation()
    await desk.publish()
    sides = [verifying_of(desk.holders.installation) for _ in range(4)]
    found = await asyncio.gather(*(side.credentials.verify(HOSPITAL, [shown], "key") for side in sides))
    assert {repr(verdicts) for verdicts in found} == {repr(found[0])}
    assert found[0][0].outcome is Outcome.VALID


async def test_every_check_is_a_leaf_before_it_is_told(desk: Desk) -> None:
    shown = [await desk.qr(), Shown(means=Means.QR, text="nothing")]
    await desk.publish()
    await verify(desk, *shown)
    head = await desk.holders.head()
    looks = [
        (each.account, each.profession, each.subjects, each.outcome) for each in await desk.leaves("verify")
    ]
    assert looks == [
        (HOSPITAL.partner, "doctor", (head.pseudonym,), "ok"),
        (HOSPITAL.partner, None, (), "INVALID"),
    ]

    silent = Database("sqlite+aiosqlite:////nonexistent/meibo.db")
    desk.verifying.audit._database = silent
    with pytest.raises(AuditUnavailable):
        await verify(desk, *shown, key="another")
    await silent.close()


async def test_the_cap_holds_for_certificates_too(desk: Desk) -> None:
    capped = replace(HOSPITAL, cap=frozenset({"doctor.registration_number"}))
    shown = await desk.qr()
    await desk.publish()
    [verdict] = await desk.verifying.credentials.verify(capped, [shown], "key")
    assert verdict.claims == {"registration_number": "700001"}
