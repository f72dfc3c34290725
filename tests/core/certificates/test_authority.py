"""An installation issues, publishes and verifies: from the office's act to the outcome that a partner is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.certificates.authority import Authority
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import jwk
from meibo.certificates.outcomes import Reason, State
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.presenting import bind
from meibo.certificates.status.indices import Medium
from meibo.demo.keys import make_keys
from meibo.errors import InvalidValue, OperatorError, Refused
from meibo.installation import Installation
from meibo.register.fold import Verb
from tests.core.register.doctors import Doctors

TYPE = "urn:meibo:doctor:1"
CLAIMS = Claims.of(
    TYPE, {"full_name": "見本　花子", "registration_number": "500001"}, ["registration_number"]
)
EXPECTED = Expected("https://hospital.example", "nonce")
ISS = "https://meibo.example/issuers/medical"


@pytest.fixture
def doctors(installation: Installation) -> Doctors:
    return Doctors(installation)


@pytest.fixture
def authority(installation: Installation) -> Authority:
    """The authority with keys under a root of its own."""
    make_keys(installation.authority)
    return installation.authority


async def issued(doctors: Doctors, licence: UUID, holder: EllipticCurvePrivateKey) -> str:
    """One certificate of a doctor."""
    opened = doctors.installation
    [made] = await opened.authority.issue(
        opened.scopes.of("doctor"), opened.host["doctor"], licence, CLAIMS, [jwk(holder.public_key())]
    )
    return made


async def qr_of(doctors: Doctors, licence: UUID) -> str:
    """One QR certificate of a doctor."""
    opened = doctors.installation
    scope, profession = opened.scopes.of("doctor"), opened.host["doctor"]
    return encode(await opened.authority.issue_qr(scope, profession, licence, CLAIMS)).decode()


async def outcomes(doctors: Doctors, presentation: str, qr: str) -> list[tuple[State, Reason | None]]:
    """What both are told to be now, lists read anew."""
    authority = doctors.installation.authority
    authority._verifier = None
    verifier = authority.verifier()
    found = [await verifier.presentation(presentation, None), await verifier.qr(qr)]
    return [(each.state, each.reason) for each in found]


@pytest.mark.parametrize(
    ("verb", "state", "reason"),
    [
        (Verb.SUSPEND, State.SUSPENDED, Reason.SUSPENDED),
        (Verb.REVOKE, State.REVOKED, Reason.REVOKED),
        (Verb.STRIKE_OFF, State.REVOKED, Reason.REVOKED),
    ],
)
async def test_what_the_office_does_is_what_verifiers_are_told(
    doctors: Doctors, authority: Authority, verb: Verb, state: State, reason: Reason
) -> None:
    licence, holder = await doctors.enter(), certificates.new_key()
    shown, qr = await issued(doctors, licence, holder), await qr_of(doctors, licence)
    assert await outcomes(doctors, shown, qr) == [(State.STATUS_UNAVAILABLE, Reason.STATUS_UNREACHABLE)] * 2

    await authority.publisher.publish_due()
    assert await outcomes(doctors, shown, qr) == [(State.VALID, None)] * 2
    bound = bind(shown, holder, audience=EXPECTED.audience, nonce=EXPECTED.nonce, at=clock.now())
    outcome = await authority.verifier().presentation(bound, EXPECTED)
    assert (outcome.issuer, outcome.type, outcome.claims) == (ISS, TYPE, CLAIMS.values)

    await doctors.act(licence, verb)
    await authority.publisher.publish_due()
    assert await outcomes(doctors, shown, qr) == [(state, reason)] * 2


async def test_a_term_that_ends_by_the_date_is_told_too(
    doctors: Doctors, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence, holder = await doctors.enter(), certificates.new_key()
    shown, qr = await issued(doctors, licence, holder), await qr_of(doctors, licence)
    tomorrow = clock.today() + timedelta(days=1)
    await doctors.act(licence, Verb.SUSPEND, start_date=tomorrow, end_date=tomorrow)
    told = []
    for days in range(3):
        noon = clock.start_of_day(tomorrow + timedelta(days=days - 1)) + timedelta(hours=23)
        monkeypatch.setattr(clock, "now", lambda at=noon: at)
        await authority.publisher.midnight(clock.today())
        await authority.publisher.publish_due()
        told.append([state for state, _ in await outcomes(doctors, shown, qr)])

    assert told == [[State.VALID] * 2, [State.SUSPENDED] * 2, [State.VALID] * 2]


async def test_a_licence_that_does_not_stand_gets_nothing(doctors: Doctors, authority: Authority) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.STRIKE_OFF)

    for issuing in (issued(doctors, licence, certificates.new_key()), qr_of(doctors, licence)):
        with pytest.raises(Refused):
            await issuing


async def test_a_key_that_is_none_is_refused_before_anything_is_entered(
    doctors: Doctors, authority: Authority
) -> None:
    licence, opened = await doctors.enter(), doctors.installation
    with pytest.raises(InvalidValue) as refused:
        await authority.issue(
            opened.scopes.of("doctor"), opened.host["doctor"], licence, CLAIMS, [{"kty": "RSA"}]
        )
    assert refused.value.rule == "certificate.holder_key"
    assert await authority.publisher.ages() == []


async def test_without_keys_nothing_is_issued_or_published(doctors: Doctors) -> None:
    licence, authority = await doctors.enter(), doctors.installation.authority

    with pytest.raises(OperatorError, match="meibo keys request"):
        await issued(doctors, licence, certificates.new_key())
    assert (await authority.publisher.ages(), await authority.publisher.publish_documents()) == ([], [])


async def test_paper_lives_in_lists_of_its_own(doctors: Doctors, authority: Authority) -> None:
    licence, holder = await doctors.enter(), certificates.new_key()
    opened = doctors.installation
    await issued(doctors, licence, holder)
    await qr_of(doctors, licence)
    await authority.issue_qr(
        opened.scopes.of("doctor"), opened.host["doctor"], licence, CLAIMS, medium=Medium.DIGITAL
    )

    assert len(await authority.publisher.ages()) == 2


async def test_documents_are_published_when_they_change(
    installation: Installation, authority: Authority
) -> None:
    folder = Path(installation.settings.data) / "status"

    assert await authority.publisher.publish_documents() == ["jwks.json", "trust.json", "lists.json"]
    assert await authority.publisher.publish_documents() == []
    told = orjson.loads((folder / "trust.json").read_bytes())
    assert told["issuers"] == [{"iss": ISS, "types": [TYPE]}]
    assert {(key["purpose"], key["iss"]) for key in told["keys"]} == {
        ("certificate", ISS), ("qr", ISS), ("status", "https://meibo.example"), ("receipt", "https://meibo.example"),
    }  # fmt: skip
