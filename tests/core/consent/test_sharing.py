"""Sharing by consent: who is shown what, how often, until when; each use once however many ask; nothing else told."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.consent import (
    CURRENT_TEXT,
    Consents,
    Purpose,
    Recipient,
    RedemptionOutcome,
    Redemptions,
    Share,
    UseOutcome,
)
from meibo.consent.checks import MOST_SHARES
from meibo.consent.requests import ANYBODY, NOT_AVAILABLE
from meibo.consent.tables import share, share_consent, share_use
from meibo.consent.tokens import is_token, token_mac
from meibo.consent.uses import MOST_FAILURES
from meibo.database.stores import Database, Store
from meibo.errors import AuditUnavailable, NotFound, Refused
from meibo.installation import Installation
from meibo.partners import PartnerState
from meibo.register.fold import State, Verb
from meibo.registry.requests import ActRequest
from tests.holders import CLAIMS, Holders, enter_holders, share_request
from tests.partners import CLINIC, HOSPITAL, enter_partner
from tests.veterinarian.installed import OFFICER
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

VALUES = {
    "profession": {"code": "doctor", "label": "医師", "label_en": "Doctor"},
    "full_name": "鷹司　満月",
    "registration_number": "700001",
}


@pytest.fixture
async def holders(installation: Installation) -> Holders:
    """Two people who may sign in."""
    return await enter_holders(installation)


def redemptions(holders: Holders) -> Redemptions:
    portal = holders.portal
    return Redemptions(
        portal.databases[Store.REGISTER], portal.scopes, portal.keys, portal.codes, portal.audit
    )


async def shared(holders: Holders, **changes: object) -> str:
    """The token of a share of the doctor's licence."""
    head, holder = await holders.head(), await holders.holder()
    request = share_request(head.id, **changes)
    _, token = await holders.portal.consents.share(holder.acting("doctor"), head, request, CLAIMS)
    return token


async def uses(holders: Holders) -> list[tuple[str | None, UseOutcome]]:
    """Who presented the newest share's token, and what came of it, newest first."""
    consents, head = holders.portal.consents, await holders.head()
    [found, *_] = await consents.uses(await consents.shares([head]))
    return [(use.recipient, use.outcome) for use in found]


async def leaves(holders: Holders, operation: str) -> list[Leaf]:
    async with holders.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
    return [each.leaf for each in found if each.leaf.operation == operation]


async def everything(holders: Holders) -> str:
    """A digest of the rows of sharing."""
    hashed = hashlib.sha256()
    async with holders.installation.register.read(holders.portal.scopes.numbers.values()) as connection:
        for table in (share, share_consent, share_use):
            for row in await connection.execute(select(table).order_by(table.c.id)):
                hashed.update(repr(row).encode())
    return hashed.hexdigest()


async def test_a_share_shows_its_claims_once(holders: Holders) -> None:
    token = await shared(holders)
    shown = await redemptions(holders).redeem(token, ANYBODY)
    assert (shown.outcome, shown.profession, shown.standing) == (
        RedemptionOutcome.SHOWN, "doctor", State.REGISTERED,
    )  # fmt: skip
    assert (shown.purpose, shown.claims) == (Purpose.EMPLOYMENT, VALUES)
    assert await redemptions(holders).redeem(token, ANYBODY) == NOT_AVAILABLE
    assert await uses(holders) == [(None, UseOutcome.USED_UP), (None, UseOutcome.SHOWN)]


async def test_the_chosen_claims_alone_are_shown(holders: Holders) -> None:
    token = await shared(holders, claims=("registration_number",), uses=3)
    shown = await redemptions(holders).redeem(token, ANYBODY)
    assert shown.claims == {"registration_number": "700001"}
    assert "700001" not in repr(shown)
    [made] = await holders.portal.consents.shares([await holders.head()])
    assert (made.claims, made.uses, made.uses_left) == (("registration_number",), 3, 2)


async def test_a_named_recipient_alone_is_shown_it(holders: Holders) -> None:
    token = await shared(holders, recipient=HOSPITAL.partner)
    redeeming = redemptions(holders)
    assert await redeeming.redeem(token, CLINIC) == NOT_AVAILABLE
    assert await redeeming.redeem(token, ANYBODY) == NOT_AVAILABLE
    assert (await redeeming.redeem(token, HOSPITAL)).claims == VALUES
    assert await uses(holders) == [
        (HOSPITAL.partner, UseOutcome.SHOWN),
        (None, UseOutcome.OTHER_RECIPIENT),
        (CLINIC.partner, UseOutcome.OTHER_RECIPIENT),
    ]


async def test_a_partner_may_use_a_link_too(holders: Holders) -> None:
    assert (await redemptions(holders).redeem(await shared(holders), HOSPITAL)).claims == VALUES
    assert await uses(holders) == [(HOSPITAL.partner, UseOutcome.SHOWN)]


async def test_what_ends_looks_alike_to_others_and_is_told_to_the_holder(
    holders: Holders, monkeypatch: pytest.MonkeyPatch
) -> None:
    consents, head = holders.portal.consents, await holders.head()
    token = await shared(holders)
    [made] = await consents.shares([head])
    holder = (await holders.holder()).acting("doctor")
    withdrawn = await consents.withdraw(holder, head, made.id, CURRENT_TEXT.version, "en")
    assert withdrawn.withdrawn_at is not None
    assert await redemptions(holders).redeem(token, ANYBODY) == NOT_AVAILABLE
    assert await uses(holders) == [(None, UseOutcome.WITHDRAWN)]

    later = await shared(holders)
    ends = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: ends)
    assert await redemptions(holders).redeem(later, ANYBODY) == NOT_AVAILABLE
    assert await uses(holders) == [(None, UseOutcome.EXPIRED)]


@pytest.mark.parametrize("token", ["A" * 32, "", "x", "a" * 31, "ä" * 32, "a" * 5000, "a" * 31 + "\n"])
async def test_an_unknown_token_changes_nothing(holders: Holders, token: str) -> None:
    await shared(holders)
    before = await everything(holders)
    assert await redemptions(holders).redeem(token, ANYBODY) == NOT_AVAILABLE
    assert await everything(holders) == before


@pytest.mark.parametrize("times", [1, 7])
async def test_each_use_is_counted_once_however_many_ask(holders: Holders, times: int) -> None:
    token, redeeming = await shared(holders, uses=times), redemptions(holders)
    answers = await asyncio.gather(*(redeeming.redeem(token, ANYBODY) for _ in range(50)))
    assert Counter(answer.outcome for answer in answers) == {
        RedemptionOutcome.SHOWN: times,
        RedemptionOutcome.NOT_AVAILABLE: 50 - times,
    }
    assert Counter(outcome for _, outcome in await uses(holders)) == {
        UseOutcome.SHOWN: times,
        UseOutcome.USED_UP: 50 - times,
    }
    looks = [leaf for leaf in await leaves(holders, "redeem") if leaf.kind is LeafKind.READ]
    assert len(looks) == times


async def test_failures_do_not_fill_the_register(holders: Holders) -> None:
    token, redeeming = await shared(holders), redemptions(holders)
    await redeeming.redeem(token, ANYBODY)
    for _ in range(MOST_FAILURES + 2):
        await redeeming.redeem(token, ANYBODY)
    assert len(await uses(holders)) == MOST_FAILURES + 1


async def test_every_look_is_a_leaf_before_it_is_told(holders: Holders) -> None:
    token = await shared(holders, uses=2)
    await redemptions(holders).redeem(token, HOSPITAL)
    head = await holders.head()
    [look] = await leaves(holders, "redeem")
    assert (look.kind, look.account, look.institution, look.surface) == (
        LeafKind.READ, HOSPITAL.partner, "聖路加病院", "verify",
    )  # fmt: skip
    assert (look.purpose, look.subjects, look.profession) == ("employment", (head.pseudonym,), "doctor")
    acts = [(leaf.kind, leaf.account) for leaf in await leaves(holders, "share")]
    assert acts == [(LeafKind.INTENT, head.portal_alias), (LeafKind.DONE, head.portal_alias)]
    silent = Database("sqlite+aiosqlite:////nonexistent/meibo.db")
    holders.portal.audit._database = silent
    with pytest.raises(AuditUnavailable):
        await redemptions(holders).redeem(token, HOSPITAL)
    await silent.close()
    assert [outcome for _, outcome in await uses(holders)] == [UseOutcome.SHOWN] * 2


async def test_refused_tries_are_recorded(holders: Holders) -> None:
    token = await shared(holders, recipient=HOSPITAL.partner)
    await redemptions(holders).redeem(token, CLINIC)
    [refused] = await leaves(holders, "redeem")
    assert (refused.kind, refused.account, refused.outcome) == (
        LeafKind.REFUSAL,
        CLINIC.partner,
        "other_recipient",
    )


async def test_of_the_token_its_mac_alone_is_kept(holders: Holders) -> None:
    token = await shared(holders)
    assert is_token(token)
    assert len(token) == 32
    async with holders.installation.register.read(holders.portal.scopes.numbers.values()) as connection:
        [row] = (await connection.execute(select(share))).all()
    assert row.token_mac == token_mac(holders.portal.keys, token)
    assert token not in repr(row)
    assert hashlib.sha256(token.encode()).digest() != row.token_mac


async def test_a_token_outlives_one_renewal_of_the_key(holders: Holders) -> None:
    first, second = await shared(holders), await shared(holders)
    holders.portal.keys.renew("shares")
    assert (await redemptions(holders).redeem(first, ANYBODY)).claims == VALUES
    holders.portal.keys.renew("shares")
    assert await redemptions(holders).redeem(second, ANYBODY) == NOT_AVAILABLE


async def test_consents_are_kept_as_they_were_given(holders: Holders) -> None:
    await shared(holders, recipient=HOSPITAL.partner, language="en")
    consents, head = holders.portal.consents, await holders.head()
    [made] = await consents.shares([head])
    holder = (await holders.holder()).acting("doctor")
    for _ in range(2):
        await consents.withdraw(holder, head, made.id, CURRENT_TEXT.version, "ja")
    async with holders.installation.register.read(holders.portal.scopes.numbers.values()) as connection:
        rows = (await connection.execute(select(share_consent).order_by(share_consent.c.recorded_at))).all()
    told = [(row.act, row.text_version, row.language, row.recipient, row.claims, row.uses) for row in rows]
    agreed = (CURRENT_TEXT.version, "en", HOSPITAL.partner, " ".join(CLAIMS), 1)
    assert told == [("given", *agreed), ("withdrawn", CURRENT_TEXT.version, "ja", *agreed[2:])]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"claims": ()}, ["share.claims"]),
        ({"claims": ("full_name", "individual_number")}, ["share.claims"]),
        ({"claims": ("full_name", "full_name")}, ["share.claims"]),
        ({"expires_at": clock.now() - timedelta(seconds=1)}, ["share.expires_at"]),
        ({"expires_at": clock.now() + timedelta(days=91)}, ["share.expires_at"]),
        ({"uses": 0}, ["share.uses"]),
        ({"uses": 101}, ["share.uses"]),
        ({"recipient": ""}, ["share.recipient"]),
        ({"recipient": "St Luke"}, ["share.recipient"]),
        ({"recipient": f"p-{'9' * 20}"}, ["share.recipient"]),
        ({"text_version": "1999-01", "language": "fr"}, ["share.text_version", "share.language"]),
    ],
)
async def test_what_may_not_be_shared(holders: Holders, changes: dict[str, object], rules: list[str]) -> None:
    before = await everything(holders)
    with pytest.raises(Refused) as refused:
        await shared(holders, **changes)
    assert [finding.rule for finding in refused.value.findings] == rules
    assert await everything(holders) == before


@pytest.mark.parametrize("state", [state for state in PartnerState if state is not PartnerState.APPROVED])
async def test_a_partner_that_may_not_check_is_not_named(holders: Holders, state: PartnerState) -> None:
    gone = Recipient(partner=f"p-{'3' * 20}", name="Gone")
    await enter_partner(holders.installation, gone, state=state)
    with pytest.raises(Refused) as refused:
        await shared(holders, recipient=gone.partner)
    assert [finding.rule for finding in refused.value.findings] == ["share.recipient"]


async def test_a_partner_is_named_until_it_expires(holders: Holders) -> None:
    last_day, expired = (Recipient(partner=f"p-{digit * 20}", name="Clinic") for digit in ("3", "4"))
    await enter_partner(holders.installation, last_day, expiry_date=clock.today() + timedelta(days=1))
    await enter_partner(holders.installation, expired, expiry_date=clock.today())
    assert is_token(await shared(holders, recipient=last_day.partner))
    with pytest.raises(Refused) as refused:
        await shared(holders, recipient=expired.partner)
    assert [finding.rule for finding in refused.value.findings] == ["share.recipient"]


async def test_a_partner_is_promised_no_more_than_it_may_see(holders: Holders) -> None:
    capped = Recipient(
        partner=f"p-{'3' * 20}", name="Capped", cap=frozenset({"full_name", "doctor.registration_number"})
    )
    await enter_partner(holders.installation, capped)
    with pytest.raises(Refused) as refused:
        await shared(holders, recipient=capped.partner)
    assert [finding.rule for finding in refused.value.findings] == ["share.cap"]
    within = ("full_name", "registration_number")
    assert is_token(await shared(holders, recipient=capped.partner, claims=within))


async def test_a_licence_has_so_many_shares(holders: Holders) -> None:
    for _ in range(MOST_SHARES):
        await shared(holders)
    with pytest.raises(Refused) as refused:
        await shared(holders)
    assert [finding.rule for finding in refused.value.findings] == ["share.many"]
    [newest, *_] = await holders.portal.consents.shares([await holders.head()])
    holder = (await holders.holder()).acting("doctor")
    await holders.portal.consents.withdraw(
        holder, await holders.head(), newest.id, CURRENT_TEXT.version, "ja"
    )
    assert is_token(await shared(holders))


async def test_another_persons_share_is_none(holders: Holders) -> None:
    await shared(holders)
    consents: Consents = holders.portal.consents
    [made] = await consents.shares([await holders.head()])
    stranger = await holders.holder(holders.stranger)
    reader, _ = holders.portal.reader(stranger)
    heads = await reader.licences()
    assert await consents.shares(heads) == []
    before = await everything(holders)
    with pytest.raises(NotFound):
        await consents.withdraw(stranger.acting("doctor"), heads[0], made.id, CURRENT_TEXT.version, "ja")
    assert await everything(holders) == before


async def test_a_licence_that_does_not_stand_tells_its_standing_alone(holders: Holders) -> None:
    token, head = await shared(holders, uses=2), await holders.head()
    suspension = ActRequest(
        idempotency_key="suspend", licence=head.id, expected_version=head.version, reason="703", kind="02",
        effective_date=clock.today(), end_date=clock.today() + timedelta(days=9), legal_basis="suspend",
        order_number="1", office_name="大臣",
    )  # fmt: skip
    await holders.installation.office.act(OFFICER, Verb.SUSPEND, suspension)
    shown = await redemptions(holders).redeem(token, HOSPITAL)
    assert (shown.outcome, shown.standing, shown.claims) == (RedemptionOutcome.SHOWN, State.SUSPENDED, {})
    reader, _ = holders.portal.reader(await holders.holder())
    assert await reader.claims(await holders.head()) == ()
    holder, head = (await holders.holder()).acting("doctor"), await holders.head()
    with pytest.raises(Refused) as refused:
        await holders.portal.consents.share(holder, head, share_request(head.id), ())
    assert [finding.rule for finding in refused.value.findings] == ["share.standing"]


async def test_a_correction_is_what_is_shown(holders: Holders) -> None:
    token, head = await shared(holders), await holders.head()
    correction = ActRequest(
        idempotency_key="correct", licence=head.id, expected_version=head.version, reason="201",
        effective_date=clock.today(), legal_basis="correct", values={"register": {"family_name": "九条"}},
    )  # fmt: skip
    await holders.installation.office.act(OFFICER, Verb.CORRECT, correction)
    assert (await redemptions(holders).redeem(token, ANYBODY)).claims["full_name"] == "九条　満月"


def test_a_share_stands_until_it_ends() -> None:
    at = datetime.fromisoformat("2026-11-25T00:00:00+00:00")
    made = _share(at)
    assert made.stands(at)
    assert not made.stands(at + timedelta(days=1))
    assert not replace(made, uses_left=0).stands(at)
    assert not replace(made, withdrawn_at=at).stands(at)


def _share(at: datetime) -> Share:
    return Share(
        id=uuid4(), licence=uuid4(), profession="doctor", claims=CLAIMS, purpose=Purpose.OTHER, recipient=None,
        made_at=at, expires_at=at + timedelta(days=1), uses=1, uses_left=1, withdrawn_at=None,
    )  # fmt: skip
