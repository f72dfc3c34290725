"""A presentation in, an outcome out: the good ones, and one refusal for every defect of `cases`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from meibo import clock
from meibo.certificates.claims import Claims
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import Purpose, jwk
from meibo.certificates.outcomes import Reason, State
from meibo.certificates.sdjwt.issuing import Issuer
from meibo.certificates.sdjwt.presenting import present
from meibo.certificates.status.references import StatusReference
from meibo.certificates.trust import chains
from meibo.errors import InvalidValue
from tests.core.certificates.cases.presentations import REFUSED, bound, seconds
from tests.core.certificates.world import EXPECTED, GOOD, ISS, LIST, TYPE, VALUES, World


async def test_a_good_presentation_is_valid_with_all_that_was_shown(world: World) -> None:
    outcome = await world.verifier().presentation(world.bound(world.issued()), EXPECTED)

    assert (outcome.state, outcome.reason) == (State.VALID, None)
    assert outcome.claims == VALUES
    assert (outcome.issuer, outcome.type) == (ISS, TYPE)
    assert outcome.status_as_of == world.at.replace(microsecond=0)
    assert outcome.expires_at == clock.start_of_day(clock.japan_day(world.at) + timedelta(days=90))


async def test_the_holder_withholds_what_is_disclosable(world: World) -> None:
    shown = present(world.issued(), {"registration_number", "name", "family_name"})
    outcome = await world.verifier().presentation(world.bound(shown), EXPECTED)

    assert outcome.claims == {
        "profession": "doctor",
        "name": {"family_name": "厚労"},
        "registration_number": "123456",
    }


async def test_a_nested_disclosure_without_its_parent_is_named_nowhere(world: World) -> None:
    shown = present(world.issued(), {"family_name"})
    outcome = await world.verifier().presentation(world.bound(shown), EXPECTED)

    assert outcome.reason is Reason.DISCLOSURE_UNREFERENCED


async def test_a_filed_certificate_is_verified_without_its_key_binding(world: World) -> None:
    outcome = await world.verifier().presentation(world.issued(), None)

    assert outcome.is_valid


@pytest.mark.parametrize("defect", REFUSED)
async def test_every_defect_has_its_reason(world: World, defect: str) -> None:
    reason, case = REFUSED[defect]
    outcome = await world.verifier().presentation(case(world), EXPECTED)

    assert outcome.reason is reason
    assert outcome.state is not State.VALID


async def test_a_presentation_serves_once(world: World) -> None:
    verifier, shown = world.verifier(), world.bound(world.issued())

    assert (await verifier.presentation(shown, EXPECTED)).is_valid
    assert (await verifier.presentation(shown, EXPECTED)).reason is Reason.REPLAYED


@pytest.mark.parametrize(
    ("change", "is_valid"),
    [
        ({"exp": -59}, True),
        ({"exp": -60}, False),
        ({"iat": 59, "exp": 3600}, True),
        ({"iat": 62, "exp": 3600}, False),
        ({"nbf": 59}, True),
        ({"nbf": 62}, False),
    ],
)
async def test_clocks_may_differ_by_sixty_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, int], is_valid: bool
) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.at.replace(microsecond=0))
    shown = bound(world, world.payload(**{name: seconds(world, seconds=by) for name, by in change.items()}))
    outcome = await world.verifier().presentation(shown, EXPECTED)

    assert outcome.is_valid is is_valid


async def test_a_revoked_signing_certificate_is_refused_and_so_is_an_old_list(world: World) -> None:
    serial = x509.load_der_x509_certificate(world.signers[Purpose.CERTIFICATE].chain[0]).serial_number
    for serials, at, reason in (
        ([], world.at, None),
        ([serial], world.at, Reason.CHAIN_REVOKED),
        ([], world.at - timedelta(days=91), Reason.CRL_OLD),
    ):
        crl = certificates.revocation_list(world.root, world.root_key, serials, at)
        verifier = world.verifier(replace(world.issuer, crls=(crl,)))
        world.published.tokens[LIST] = world.status_token()

        assert (await verifier.presentation(world.issued(), None)).reason is reason


async def test_a_list_of_another_authority_revokes_nothing(world: World) -> None:
    serial = x509.load_der_x509_certificate(world.signers[Purpose.CERTIFICATE].chain[0]).serial_number
    key = certificates.new_key()
    rogue = certificates.root(key, "Test root", world.at)
    crl = certificates.revocation_list(rogue, key, [serial], world.at)
    verifier = world.verifier(replace(world.issuer, crls=(crl,)))

    assert (await verifier.presentation(world.issued(), None)).is_valid


async def test_nobody_is_trusted_by_default(world: World) -> None:
    nobody = replace(world.issuer, anchors=())

    assert (await world.verifier(nobody).presentation(world.issued(), None)).reason is Reason.CHAIN_UNTRUSTED


async def test_a_chain_is_checked_once_in_five_minutes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, check = world.verifier(), chains.check_days
    checked: list[datetime] = []

    def counted(path: list[x509.Certificate], at: datetime) -> None:
        if path[0] == leaf:
            checked.append(at)
        check(path, at)

    leaf = x509.load_der_x509_certificate(world.signers[Purpose.CERTIFICATE].chain[0])
    monkeypatch.setattr(chains, "check_days", counted)
    for minutes in (0, 4, 6):
        monkeypatch.setattr(clock, "now", lambda m=minutes: world.at + timedelta(minutes=m))
        assert (await verifier.presentation(world.issued(), None)).is_valid

    assert checked == [world.at, world.at + timedelta(minutes=6)]


@pytest.mark.parametrize("values", [{"exp": 1}, {"status": {}}, {"cnf": {}}, {"_sd_alg": "sha-1"}])
def test_no_claim_is_named_like_those_by_which_it_is_judged(world: World, values: dict[str, object]) -> None:
    issuer = Issuer(ISS, world.signers[Purpose.CERTIFICATE])
    with pytest.raises(InvalidValue) as refusal:
        issuer.issue(
            Claims(TYPE, values),
            jwk(world.holder.public_key()),
            StatusReference(LIST, GOOD),
            clock.japan_day(world.at),
        )
    assert refusal.value.rule == "certificate.reserved_claim"


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(data=st.data())
async def test_nothing_raises(world: World, data: st.DataObject) -> None:
    """Whatever is done to a presentation, the answer is an outcome."""
    shown = world.bound(world.issued())
    at = data.draw(st.integers(0, len(shown)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(st.text(max_size=40) | st.text("~.e30AZ-_", max_size=40))
    altered = shown[:at] + put + shown[at + cut :]
    outcome = await world.verifier().presentation(altered, EXPECTED)

    assert outcome.is_valid is (altered == shown) or outcome.state is State.INVALID
