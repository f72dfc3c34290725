"""The register of partners: applied for by one, approved by another, suspended, ended; its keys likewise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import LeafKind, decode
from meibo.database.stores import Database, Store
from meibo.errors import Forbidden, InvalidValue, MeiboError, Refused, Unauthenticated
from meibo.installation import Installation
from meibo.partners import Binding, PartnerState, PartnerVerb
from meibo.partners.applications import is_thumbprint
from meibo.partners.keys import read_keys, thumbprint
from meibo.partners.leaves import PartnerChanges
from meibo.partners.tables import partner, partner_action
from tests.installed import principal
from tests.partners import (
    APPLICANT,
    APPROVER,
    NUMBER,
    acted,
    application,
    applied,
    approved,
    jwks,
    new_key,
    request,
)  # fmt: skip

THUMBPRINT = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"[:42] + "I"


async def rows(installation: Installation) -> tuple[list[Any], list[Any]]:
    """All that is stored of partners."""
    async with installation.register.read() as connection:
        return (
            list((await connection.execute(select(partner).order_by(partner.c.id))).all()),
            list((await connection.execute(select(partner_action))).all()),
        )


async def refusals(installation: Installation) -> list[tuple[str, str, str]]:
    """(account, operation, outcome) of the refusals that the log holds."""
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    leaves = [decode(body).leaf for body in bodies]
    return [(each.account, each.operation, each.outcome) for each in leaves if each.kind is LeafKind.REFUSAL]


async def refused(installation: Installation, act: Any) -> list[tuple[str, str | None]]:
    """(code, rule) of each finding of an act that is refused and stores nothing."""
    before = await rows(installation)
    with pytest.raises(Refused) as caught:
        await act
    assert await rows(installation) == before
    return [(str(each.code), each.rule) for each in caught.value.findings]


async def test_one_applies_and_another_approves(installation: Installation) -> None:
    key = new_key()
    made = await applied(installation, key)
    assert (made.state, made.version, made.name, made.corporate_number) == (
        PartnerState.APPLIED, 1, "見本病院", NUMBER,
    )  # fmt: skip
    with pytest.raises(Unauthenticated):
        await installation.partners.calling(made.id)
    entered = await acted(installation, APPROVER, PartnerVerb.APPROVE, made)
    assert entered == replace(made, state=PartnerState.APPROVED, version=2)
    assert await installation.partners.calling(made.id) == entered
    assert entered.keys == ({**key.as_dict(private=False)},)
    told = await installation.partners.actions(APPROVER, made.id)
    assert [(each.number, each.verb, each.account, each.reason) for each in told] == [
        (1, PartnerVerb.APPLY, "applicant", "test"),
        (2, PartnerVerb.APPROVE, "approver", "test"),
    ]


async def test_whoever_applied_does_not_approve(installation: Installation) -> None:
    both = principal(Role.ADMINISTRATOR, account="applicant")
    made = await applied(installation)
    act = installation.partners.act(both, PartnerVerb.APPROVE, request(made))
    assert await refused(installation, act) == [("NEEDS_SECOND_PERSON", "partner.second_person")]
    assert await refusals(installation) == [("applicant", "partner.approve", "partner.second_person")]


async def test_the_cap_names_claims_of_all_professions_or_of_one(installation: Installation) -> None:
    made = await applied(installation)
    beyond = [("nurse", "registration_number"), ("doctor", "birth_date")]
    asked = [("doctor", "full_name"), ("nurse", "full_name"), ("doctor", "registration_number")]
    assert [made.recipient.may_see(*each) for each in asked] == [True, True, True]
    assert [made.recipient.may_see(*each) for each in beyond] == [False] * 2


async def test_a_suspended_one_is_refused_until_it_is_resumed(installation: Installation) -> None:
    made = await approved(installation)
    suspended = await acted(installation, APPLICANT, PartnerVerb.SUSPEND, made)
    with pytest.raises(Unauthenticated):
        await installation.partners.calling(made.id)
    resumed = await acted(installation, APPROVER, PartnerVerb.LIFT_SUSPENSION, suspended)
    assert (resumed.state, resumed.version) == (PartnerState.APPROVED, 4)
    assert (await installation.partners.calling(made.id)).version == 4


async def test_another_process_refuses_a_suspended_one_within_two_seconds(
    installation: Installation, settings: Any
) -> None:
    from anyio import sleep

    from meibo.partners import Callers

    other = Callers(Database(settings.url(Store.REGISTER)))
    made = await approved(installation)
    assert await other.calling(made.id) == made
    await acted(installation, APPLICANT, PartnerVerb.SUSPEND, made)
    await sleep(1.2)
    with pytest.raises(Unauthenticated):
        await other.calling(made.id)
    await other.database.close()


async def test_an_end_is_for_good(installation: Installation) -> None:
    made = await acted(installation, APPLICANT, PartnerVerb.END, await approved(installation))
    with pytest.raises(Unauthenticated):
        await installation.partners.calling(made.id)
    for verb in (PartnerVerb.APPROVE, PartnerVerb.SUSPEND, PartnerVerb.LIFT_SUSPENSION, PartnerVerb.END):
        act = installation.partners.act(APPROVER, verb, request(made))
        assert await refused(installation, act) == [("WRONG_STATE", "partner.state")]


async def test_an_expired_one_is_refused(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await approved(installation)
    suspended = await acted(installation, APPLICANT, PartnerVerb.SUSPEND, await approved(installation))
    monkeypatch.setattr(clock, "today", lambda: made.expiry_date - timedelta(days=1))
    assert await installation.partners.calling(made.id) == made
    monkeypatch.setattr(clock, "today", lambda: made.expiry_date)
    with pytest.raises(Unauthenticated):
        await installation.partners.calling(made.id)
    act = installation.partners.act(APPROVER, PartnerVerb.LIFT_SUSPENSION, request(suspended))
    assert await refused(installation, act) == [("WRONG_STATE", "partner.expired")]


async def test_an_unknown_one_is_refused_alike(installation: Installation) -> None:
    with pytest.raises(Unauthenticated):
        await installation.partners.calling("p-0000")
    act = installation.partners.act(APPROVER, PartnerVerb.APPROVE, replace(request(), partner="p-0000"))
    assert await refused(installation, act) == [("NOT_FOUND", "partner.unknown")]


async def test_new_keys_wait_for_a_second_person_and_the_old_ones_hold(installation: Installation) -> None:
    old, new = new_key(), new_key()
    made = await approved(installation, old)
    keys = jwks(old, new)
    waiting = await acted(installation, APPROVER, PartnerVerb.PROPOSE_KEYS, made, jwks=keys)
    assert [each["kid"] for each in waiting.keys] == [old.kid]
    assert [each["kid"] for each in waiting.proposed_keys] == [old.kid, new.kid]
    act = installation.partners.act(APPROVER, PartnerVerb.APPROVE, request(waiting))
    assert await refused(installation, act) == [("NEEDS_SECOND_PERSON", "partner.second_person")]
    third = principal(Role.ADMINISTRATOR, account="third")
    now = await acted(installation, third, PartnerVerb.APPROVE, waiting)
    assert ([each["kid"] for each in now.keys], now.proposed_keys, now.state) == (
        [old.kid, new.kid], (), PartnerState.APPROVED,
    )  # fmt: skip
    act = installation.partners.act(third, PartnerVerb.APPROVE, request(now))
    assert await refused(installation, act) == [("WRONG_STATE", "partner.state")]


async def test_keys_of_one_that_waits_are_replaced_and_their_author_does_not_approve(
    installation: Installation,
) -> None:
    new = new_key()
    waiting = await acted(
        installation, APPROVER, PartnerVerb.PROPOSE_KEYS, await applied(installation), jwks=jwks(new)
    )
    assert ([each["kid"] for each in waiting.keys], waiting.proposed_keys) == ([new.kid], ())
    act = installation.partners.act(APPROVER, PartnerVerb.APPROVE, request(waiting))
    assert await refused(installation, act) == [("NEEDS_SECOND_PERSON", "partner.second_person")]


async def test_approving_keys_leaves_a_suspended_one_suspended(installation: Installation) -> None:
    suspended = await acted(installation, APPLICANT, PartnerVerb.SUSPEND, await approved(installation))
    waiting = await acted(installation, APPLICANT, PartnerVerb.PROPOSE_KEYS, suspended, jwks=jwks(new_key()))
    now = await acted(installation, APPROVER, PartnerVerb.APPROVE, waiting)
    assert (now.state, now.keys) == (PartnerState.SUSPENDED, waiting.proposed_keys)


async def test_a_version_that_moved_on_is_refused(installation: Installation) -> None:
    made = await applied(installation)
    await acted(installation, APPLICANT, PartnerVerb.PROPOSE_KEYS, made, jwks=jwks(new_key()))
    act = installation.partners.act(APPROVER, PartnerVerb.APPROVE, request(made))
    assert await refused(installation, act) == [("STALE_VERSION", "partner.stale_version")]


async def test_one_key_is_one_act(installation: Installation) -> None:
    asked, form = request(idempotency_key="one"), application()
    first = await installation.partners.apply(APPLICANT, form, asked)
    assert await installation.partners.apply(APPLICANT, form, asked) == first
    assert [len(each) for each in await rows(installation)] == [1, 1]
    act = installation.partners.apply(APPLICANT, replace(form, name="別の病院"), asked)
    assert await refused(installation, act) == [("IDEMPOTENCY_KEY_REUSED", "act.key_reused")]
    other = principal(Role.OFFICER, account="other")
    again = await installation.partners.apply(other, form, asked)
    assert (again is not None, again != first) == (True, True)


async def test_validating_stores_nothing(installation: Installation) -> None:
    assert await installation.partners.apply(APPLICANT, application(), request(validate_only=True)) is None
    assert await rows(installation) == ([], [])
    made = await applied(installation)
    before = await rows(installation)
    asked = request(made, validate_only=True)
    assert await installation.partners.act(APPROVER, PartnerVerb.APPROVE, asked) is None
    assert await rows(installation) == before


@pytest.mark.parametrize("verb", PartnerVerb)
async def test_every_verb_demands_its_permission(installation: Installation, verb: PartnerVerb) -> None:
    made = await applied(installation)
    before = await rows(installation)
    clerk = principal(Role.CLERK, account="clerk")
    act = (
        installation.partners.apply(clerk, application(), request())
        if verb is PartnerVerb.APPLY
        else installation.partners.act(clerk, verb, request(made))
    )
    with pytest.raises(Forbidden):
        await act
    assert await rows(installation) == before
    assert await refusals(installation) == [("clerk", f"partner.{verb}", "FORBIDDEN")]


async def test_reading_demands_its_permission(installation: Installation) -> None:
    made = await applied(installation)
    assert await installation.partners.partners(APPROVER) == [made]
    assert await installation.partners.partner(APPROVER, made.id) == made
    assert await installation.partners.partner(APPROVER, "p-0000") is None
    blind = principal(Role.ADMINISTRATOR, without=frozenset({Permission.PARTNER_READ}))
    for act in (
        installation.partners.partners(blind),
        installation.partners.partner(blind, made.id),
        installation.partners.actions(blind, made.id),
    ):
        with pytest.raises(Forbidden):
            await act


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no name": ({"name": " "}, [("REQUIRED", "partner.name")]),
    "two lines": ({"name": "a\nb"}, [("INVALID_VALUE", "partner.name")]),
    "long contact": ({"contact": "x" * 201}, [("INVALID_VALUE", "partner.contact")]),
    "an individual number's length": (
        {"corporate_number": "123456789018"}, [("INVALID_VALUE", "number.corporate_number")],
    ),
    "a wrong check digit": ({"corporate_number": "8000012050002"}, [("INVALID_VALUE", "number.check_digit")]),
    "full-width digits": (
        {"corporate_number": "７000012050002"}, [("INVALID_VALUE", "number.corporate_number")],
    ),
    "no claims": ({"claims": ()}, [("REQUIRED", "partner.claims")]),
    "an unknown claim": ({"claims": ("address",)}, [("INVALID_VALUE", "partner.claims")]),
    "a claim of no profession here": ({"claims": ("nurse.full_name",)}, [("INVALID_VALUE", "partner.claims")]),
    "a claim twice": ({"claims": ("full_name",) * 2}, [("INVALID_VALUE", "partner.claims")]),
    "http": ({"addresses": ("http://hospital.example/",)}, [("INVALID_VALUE", "partner.addresses")]),
    "a fragment": ({"addresses": ("https://hospital.example/#a",)}, [("INVALID_VALUE", "partner.addresses")]),
    "credentials": ({"addresses": ("https://me@hospital.example/",)}, [("INVALID_VALUE", "partner.addresses")]),
    "a blank": ({"addresses": ("https://hospital.example/a b",)}, [("INVALID_VALUE", "partner.addresses")]),
    "no host": ({"addresses": ("https:///a",)}, [("INVALID_VALUE", "partner.addresses")]),
    "six addresses": (
        {"addresses": ("https://hospital.example/",) * 6}, [("INVALID_VALUE", "partner.addresses")],
    ),
    "mtls without a certificate": (
        {"binding": Binding.MTLS}, [("INVALID_VALUE", "partner.certificate_thumbprint")],
    ),
    "dpop with one": (
        {"certificate_thumbprint": THUMBPRINT}, [("INVALID_VALUE", "partner.certificate_thumbprint")],
    ),
    "a thumbprint in hexadecimal": (
        {"binding": Binding.MTLS, "certificate_thumbprint": "ab" * 32},
        [("INVALID_VALUE", "partner.certificate_thumbprint")],
    ),
    "today": ({"expiry_date": clock.today()}, [("INVALID_VALUE", "partner.expiry_date")]),
    "four years": (
        {"expiry_date": clock.today() + timedelta(days=1400)}, [("INVALID_VALUE", "partner.expiry_date")],
    ),
    "no keys": ({"jwks": {"keys": []}}, [("INVALID_VALUE", "partner.keys.count")]),
    "two faults": (
        {"claims": (), "jwks": {}}, [("REQUIRED", "partner.claims"), ("INVALID_VALUE", "partner.keys.count")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_a_bad_application_is_refused_with_every_reason(installation: Installation, case: str) -> None:
    changes, findings = CASES[case]
    act = installation.partners.apply(APPLICANT, application(**changes), request())
    assert await refused(installation, act) == findings


async def test_a_reason_is_asked_for(installation: Installation) -> None:
    act = installation.partners.apply(APPLICANT, application(), request(reason=" "))
    assert await refused(installation, act) == [("REQUIRED", "partner.reason")]
    made = await applied(installation)
    act = installation.partners.act(APPROVER, PartnerVerb.APPROVE, request(made, reason="x" * 201))
    assert await refused(installation, act) == [("INVALID_VALUE", "partner.reason")]


async def test_every_act_is_a_leaf_in_the_order_of_commits(installation: Installation) -> None:
    made = await approved(installation)
    source = PartnerChanges(installation.register)
    changes = await source.changes(None, 10)
    assert [(b'"verb":"apply"' in each.body, made.id.encode() in each.body) for each in changes] == [
        (True, True), (False, True),
    ]  # fmt: skip
    assert await source.changes(changes[0].cursor, 10) == [changes[1]]
    assert await source.changes(changes[1].cursor, 10) == []
    assert source.name in [each.name for each in installation.sources]


async def test_a_lost_store_keeps_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meibo.partners import rows as statements

    async def fail(*_: object, **__: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(statements, "add_action", fail)
    with pytest.raises(ConnectionResetError):
        await applied(installation)
    assert await rows(installation) == ([], [])


# --- Keys --------------------------------------------------------------------------------------------------


def ec(**changes: Any) -> dict[str, Any]:
    return {**new_key().as_dict(private=False), **changes}


KEYS: dict[str, tuple[object, str]] = {
    "not a set": ([ec()], "partner.keys.count"),
    "a text": ("keys", "partner.keys.count"),
    "three": ({"keys": [ec(), ec(), ec()]}, "partner.keys.count"),
    "one twice": ({"keys": [ec(x="A" * 43)] * 2}, "partner.keys.kind"),
    "no object": ({"keys": [1]}, "partner.keys.kind"),
    "RSA": ({"keys": [RSAKey.generate_key(2048).as_dict(private=False)]}, "partner.keys.kind"),
    "P-384": ({"keys": [ECKey.generate_key("P-384").as_dict(private=False)]}, "partner.keys.kind"),
    "off the curve": ({"keys": [ec(y="A" * 43)]}, "partner.keys.kind"),
    "for encryption": ({"keys": [ec(use="enc")]}, "partner.keys.kind"),
    "another algorithm": ({"keys": [ec(alg="ES384")]}, "partner.keys.kind"),
    "a number for kid": ({"keys": [ec(kid=1)]}, "partner.keys.kind"),
    "a private key": ({"keys": [new_key().as_dict(private=True)]}, "partner.keys.private"),
    "a shared key": ({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, "partner.keys.private"),
    "an RSA prime": ({"keys": [ec(p="AQAB")]}, "partner.keys.private"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEYS)
def test_keys_that_are_refused(case: str) -> None:
    given, rule = KEYS[case]
    with pytest.raises(InvalidValue) as caught:
        read_keys(given)
    assert caught.value.rule == rule


def test_equal_keys_and_equal_kids_are_refused() -> None:
    one = ec()
    for pair in ([one, {**one, "kid": "other"}], [ec(kid="same"), ec(kid="same")]):
        with pytest.raises(InvalidValue) as caught:
            read_keys({"keys": pair})
        assert caught.value.rule == "partner.keys.same"


def test_a_key_without_a_kid_gets_its_thumbprint() -> None:
    key = new_key()
    told = {name: value for name, value in key.as_dict(private=False).items() if name != "kid"}
    [read] = read_keys({"keys": [{**told, "use": "sig", "alg": "ES256", "x5t": "left out"}]})
    assert read == {**told, "kid": thumbprint(told)}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(THUMBPRINT, True), (THUMBPRINT[:-1], False), (THUMBPRINT + "=", False), ("é" * 43, False)],
)
def test_thumbprints(text: str, is_one: bool) -> None:
    assert is_thumbprint(text) is is_one


def test_errors_repeat_no_value() -> None:
    with pytest.raises(MeiboError) as caught:
        read_keys({"keys": [ec(kid="secret-name", use="enc")]})
    assert "secret-name" not in caught.value.en + caught.value.ja
