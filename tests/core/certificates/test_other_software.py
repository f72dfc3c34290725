"""PyPI's `sd-jwt` as a stranger: it reads ours, and we read what it makes. (`make conformance` asks Node's.)"""

from __future__ import annotations

from datetime import timedelta

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from meibo.certificates import jws
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason
from tests.core.certificates.world import AUDIENCE, EXPECTED, NONCE, VALUES, World


def key_of(private: object) -> JWK:
    return JWK.from_pyca(private)


def test_it_accepts_ours(world: World) -> None:
    key = key_of(world.signers[Purpose.CERTIFICATE].private.public_key())
    shown = world.bound(world.issued())
    claims = SDJWTVerifier(shown, lambda *_: key, AUDIENCE, NONCE).get_verified_payload()

    assert {name: claims[name] for name in VALUES} == VALUES


async def test_we_accept_what_its_holder_presents(world: World) -> None:
    holder = SDJWTHolder(world.issued())
    holder.create_presentation(
        {"birth_date": True, "name": {"given_name": True}},
        nonce=NONCE,
        aud=AUDIENCE,
        holder_key=key_of(world.holder),
        sign_alg="ES256",
    )
    outcome = await world.verifier().presentation(holder.sd_jwt_presentation, EXPECTED)

    assert outcome.reason is None
    assert outcome.claims == {
        "profession": "doctor", "birth_date": "1985-04-01", "name": {"given_name": "花子"},
    }  # fmt: skip


def issued_by_it(world: World, **changes: object) -> str:
    """A certificate of its issuer under our key, with a disclosed element of an array."""
    signer = world.signers[Purpose.CERTIFICATE]
    claims = world.payload(**changes) | {SDObj("specialties"): [SDObj("surgery"), "pediatrics"]}
    issuer = SDJWTIssuer(
        claims,
        key_of(signer.private),
        holder_key=key_of(world.holder.public_key()),
        add_decoy_claims=True,
        extra_header_parameters={"typ": "dc+sd-jwt", "x5c": jws.x5c(signer)},
    )
    return str(issuer.sd_jwt_issuance)


async def test_we_accept_what_its_issuer_issues(world: World) -> None:
    outcome = await world.verifier().presentation(world.bound(issued_by_it(world)), EXPECTED)

    assert outcome.reason is None
    assert outcome.claims == {"profession": "doctor", "specialties": ["surgery", "pediatrics"]}


async def test_we_refuse_what_it_lets_pass(world: World) -> None:
    """It looks neither at a certificate's days nor at the age of a key binding: the reason why the verifier is ours."""
    old = int((world.at - timedelta(days=9)).timestamp())
    key = key_of(world.signers[Purpose.CERTIFICATE].private.public_key())
    expired = world.bound(issued_by_it(world, exp=old))
    stale = world.bound(world.issued(), at=world.at - timedelta(days=1))
    for shown, reason in ((expired, Reason.EXPIRED), (stale, Reason.KEY_BINDING_OLD)):
        assert SDJWTVerifier(shown, lambda *_: key, AUDIENCE, NONCE).get_verified_payload()
        assert (await world.verifier().presentation(shown, EXPECTED)).reason is reason
