"""Presentations that must be refused, each named after its defect; `REFUSED` says by which reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws as joserfc
from joserfc.jwk import OctKey

from meibo.certificates import jws
from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import KeySigner, Purpose
from meibo.certificates.outcomes import Reason
from meibo.certificates.sdjwt.disclosures import digest, disclosure
from meibo.certificates.sdjwt.issuing import TYP
from tests.core.certificates.world import LIST, OTHER_ISS, OTHER_TYPE, World

Case = Callable[[World], str]
REFUSED: dict[str, tuple[Reason, Case]] = {}


def refused(reason: Reason) -> Callable[[Case], Case]:
    """The reason by which a case is refused."""

    def register(case: Case) -> Case:
        REFUSED[case.__name__] = reason, case
        return case

    return register


def seconds(world: World, **delta: float) -> int:
    """An instant so far from now."""
    return int((world.at + timedelta(**delta)).timestamp())


def bound(world: World, payload: dict[str, Any], *disclosures: bytes, **how: Any) -> str:
    """A payload signed and bound by the holder."""
    shown = b"~".join((world.signed(payload, **how).encode(), *disclosures, b"")).decode()
    return world.bound(shown)


# Signature and header


@refused(Reason.ALGORITHM)
def alg_none(world: World) -> str:
    head = encode(orjson.dumps({"alg": "none", "typ": TYP}))
    return world.bound((head + b"." + encode(orjson.dumps(world.payload())) + b".").decode() + "~")


@refused(Reason.ALGORITHM)
def hs256_with_the_public_key(world: World) -> str:
    signer = world.signers[Purpose.CERTIFICATE]
    pem = signer.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = {"alg": "HS256", "typ": TYP, "x5c": jws.x5c(signer)}
    token = joserfc.serialize_compact(head, orjson.dumps(world.payload()), OctKey.import_key(pem.hex()))
    return world.bound(token + "~")


@refused(Reason.TYPE)
def typ_of_a_plain_jwt(world: World) -> str:
    return bound(world, world.payload(), typ="JWT")


@refused(Reason.MALFORMED)
def critical_header_that_nobody_knows(world: World) -> str:
    return bound(world, world.payload(), crit=["exp"])


@refused(Reason.SIGNATURE)
def payload_changed_after_signing(world: World) -> str:
    head, _payload, signature = world.signed(world.payload()).split(".")
    forged = encode(orjson.dumps(world.payload(profession="dentist"))).decode()
    return world.bound(f"{head}.{forged}.{signature}~")


@refused(Reason.SIGNATURE)
def signature_in_der(world: World) -> str:
    head, payload, _signature = world.signed(world.payload()).split(".")
    signer = world.signers[Purpose.CERTIFICATE]
    der = signer.private.sign(f"{head}.{payload}".encode(), ECDSA(SHA256()))
    return world.bound(f"{head}.{payload}.{encode(der).decode()}~")


# Chain


@refused(Reason.CHAIN_UNTRUSTED)
def no_chain(world: World) -> str:
    return bound(world, world.payload(), x5c=None)


@refused(Reason.CHAIN_UNTRUSTED)
def rogue_chain(world: World) -> str:
    key = certificates.new_key()
    rogue = certificates.root(key, "Test root", world.at)
    return bound(world, world.payload(), signer=world.signer(Purpose.CERTIFICATE, by=(rogue, key)))


@refused(Reason.CHAIN_UNTRUSTED)
def leaf_that_signs_a_leaf(world: World) -> str:
    signer = world.signers[Purpose.CERTIFICATE]
    leaf = x509.load_der_x509_certificate(signer.chain[0])
    forged = world.signer(Purpose.CERTIFICATE, by=(leaf, signer.private), days=50)
    chained = KeySigner(forged.private, forged.kid, (*forged.chain, *signer.chain))
    return bound(world, world.payload(), signer=chained)


@refused(Reason.CHAIN_EXPIRED)
def expired_chain(world: World) -> str:
    old = world.signer(Purpose.CERTIFICATE, since=world.at - timedelta(days=20), days=10)
    return bound(world, world.payload(), signer=old)


@refused(Reason.CHAIN_PURPOSE)
def signed_with_the_status_key(world: World) -> str:
    return bound(world, world.payload(), signer=world.signers[Purpose.STATUS])


@refused(Reason.ISSUER)
def issuer_that_the_certificate_does_not_name(world: World) -> str:
    return bound(world, world.payload(iss="https://meibo.example/issuers/other"))


@refused(Reason.ISSUER)
def signed_with_the_key_of_another_administrator(world: World) -> str:
    return bound(world, world.payload(), signer=world.signer(Purpose.CERTIFICATE, uri=OTHER_ISS))


@refused(Reason.ISSUER)
def issuer_that_is_not_trusted_under_that_name(world: World) -> str:
    uri = "https://elsewhere.example"
    return bound(world, world.payload(iss=uri), signer=world.signer(Purpose.CERTIFICATE, uri=uri))


@refused(Reason.ISSUER)
def no_issuer(world: World) -> str:
    return bound(world, world.payload(iss=None))


# Claims


@refused(Reason.TYPE_FOREIGN)
def foreign_vct_url(world: World) -> str:
    return bound(world, world.payload(vct="https://evil.example/credentials/doctor"))


@refused(Reason.TYPE_FOREIGN)
def type_of_another_administrator(world: World) -> str:
    return bound(world, world.payload(vct=OTHER_TYPE))


@refused(Reason.CLAIM_MISSING)
def no_vct(world: World) -> str:
    return bound(world, world.payload(vct=None))


@refused(Reason.EXPIRED)
def expired(world: World) -> str:
    return bound(world, world.payload(exp=seconds(world, seconds=-61)))


@refused(Reason.NOT_YET_VALID)
def not_yet_valid(world: World) -> str:
    return bound(world, world.payload(nbf=seconds(world, hours=1)))


@refused(Reason.NOT_YET_VALID)
def issued_beyond_the_skew(world: World) -> str:
    return bound(world, world.payload(iat=seconds(world, seconds=90), exp=seconds(world, days=1)))


@refused(Reason.CLAIM_MISSING)
def no_expiry(world: World) -> str:
    return bound(world, world.payload(exp=None))


@refused(Reason.CLAIM_MISSING)
def expiry_as_text(world: World) -> str:
    return bound(world, world.payload(exp="2099-01-01"))


@refused(Reason.CLAIM_MISSING)
def expiry_beyond_all_years(world: World) -> str:
    return bound(world, world.payload(exp=1e30))


@refused(Reason.CLAIM_MISSING)
def no_status(world: World) -> str:
    return bound(world, world.payload(status=None))


@refused(Reason.STATUS_MALFORMED)
def status_without_a_list(world: World) -> str:
    return bound(world, world.payload(status={"other": 1}))


@refused(Reason.STATUS_INDEX)
def negative_index(world: World) -> str:
    return bound(world, world.payload(status={"status_list": {"idx": -1, "uri": LIST}}))


@refused(Reason.STATUS_INDEX)
def index_beyond_the_list(world: World) -> str:
    return bound(world, world.payload(status={"status_list": {"idx": 4096, "uri": LIST}}))


@refused(Reason.STATUS_FORBIDDEN)
def status_at_a_foreign_address(world: World) -> str:
    status = {"status_list": {"idx": 1, "uri": "https://evil.example/status/1"}}
    return bound(world, world.payload(status=status))


@refused(Reason.STATUS_UNREACHABLE)
def status_list_that_is_not_there(world: World) -> str:
    return bound(world, world.payload(status={"status_list": {"idx": 1, "uri": LIST + "x"}}))


# Disclosures


@refused(Reason.DISCLOSURE_UNREFERENCED)
def unreferenced_disclosure(world: World) -> str:
    return world.bound(world.issued() + disclosure("specialty", "surgery").decode() + "~")


@refused(Reason.DISCLOSURE_DUPLICATE)
def duplicate_disclosure(world: World) -> str:
    signed, first, *rest = world.issued().split("~")
    return world.bound("~".join((signed, first, first, *rest)))


@refused(Reason.DISCLOSURE_DUPLICATE)
def digest_that_stands_twice(world: World) -> str:
    made = disclosure("birth_date", "1985-04-01")
    twice = {"_sd": [digest(made)], "name": {"_sd": [digest(made)]}}
    return bound(world, world.payload(**twice), made)


@refused(Reason.DISCLOSURE_DUPLICATE)
def disclosure_of_a_claim_that_is_there(world: World) -> str:
    made = disclosure("profession", "dentist")
    return bound(world, world.payload(_sd=[digest(made)]), made)


@refused(Reason.DISCLOSABLE_CLAIM)
def disclosable_status(world: World) -> str:
    made = disclosure("status", {"status_list": {"idx": 1, "uri": LIST}})
    return bound(world, world.payload(status=None, _sd=[digest(made)]), made)


@refused(Reason.DISCLOSABLE_CLAIM)
def disclosable_expiry(world: World) -> str:
    made = disclosure("exp", seconds(world, days=1))
    return bound(world, world.payload(exp=None, _sd=[digest(made)]), made)


@refused(Reason.DISCLOSURE_MALFORMED)
def disclosure_that_is_no_json(world: World) -> str:
    made = encode(b"[not json")
    return bound(world, world.payload(_sd=[digest(made)]), made)


@refused(Reason.DISCLOSURE_MALFORMED)
def disclosure_named_like_a_list_of_digests(world: World) -> str:
    made = disclosure("_sd", ["x"])
    return bound(world, world.payload(_sd=[digest(made)]), made)


@refused(Reason.DISCLOSURE_MALFORMED)
def disclosure_of_an_element_in_an_object(world: World) -> str:
    made = encode(orjson.dumps(["salt", "value"]))
    return bound(world, world.payload(_sd=[digest(made)]), made)


@refused(Reason.HASH_ALGORITHM)
def digests_under_md5(world: World) -> str:
    return bound(world, world.payload(_sd_alg="md5"))


@refused(Reason.TOO_LARGE)
def thousands_of_disclosures(world: World) -> str:
    return world.bound(world.issued() + "eA~" * 300)


@refused(Reason.MALFORMED)
def claims_within_claims_without_end(world: World) -> str:
    nested: Any = "x"
    for _ in range(100):
        nested = {"a": nested}
    return bound(world, world.payload(a=nested))


@refused(Reason.MALFORMED)
def digests_that_are_no_list(world: World) -> str:
    return bound(world, world.payload(_sd={"a": 1}))


@refused(Reason.MALFORMED)
def digest_that_is_a_number(world: World) -> str:
    return bound(world, world.payload(_sd=[1]))


# Key binding


@refused(Reason.KEY_BINDING_MISSING)
def missing_key_binding(world: World) -> str:
    return world.issued()


@refused(Reason.KEY_BINDING_SIGNATURE)
def key_binding_of_another_key(world: World) -> str:
    return world.bound(world.issued(), key=certificates.new_key())


@refused(Reason.KEY_BINDING_SIGNATURE)
def holder_key_off_the_curve(world: World) -> str:
    cnf = world.payload()["cnf"]["jwk"] | {"y": encode(b"\x01" * 32).decode()}
    return bound(world, world.payload(cnf={"jwk": cnf}))


@refused(Reason.KEY_BINDING_SIGNATURE)
def no_holder_key(world: World) -> str:
    return bound(world, world.payload(cnf=None))


@refused(Reason.KEY_BINDING_TYPE)
def key_binding_of_another_type(world: World) -> str:
    return world.bound(world.issued(), typ="JWT")


@refused(Reason.KEY_BINDING_ALGORITHM)
def key_binding_with_alg_none(world: World) -> str:
    shown = world.issued()
    payload = jws.read(world.bound(shown).rpartition("~")[2].encode()).payload
    head = encode(orjson.dumps({"alg": "none", "typ": "kb+jwt"}))
    return shown + (head + b"." + encode(orjson.dumps(payload)) + b".").decode()


@refused(Reason.KEY_BINDING_OLD)
def day_old_key_binding(world: World) -> str:
    return world.bound(world.issued(), at=world.at - timedelta(days=1))


@refused(Reason.KEY_BINDING_FUTURE)
def key_binding_beyond_the_skew(world: World) -> str:
    return world.bound(world.issued(), at=world.at + timedelta(seconds=90))


@refused(Reason.AUDIENCE)
def wrong_audience(world: World) -> str:
    return world.bound(world.issued(), audience="https://other-hospital.example")


@refused(Reason.NONCE)
def wrong_nonce(world: World) -> str:
    return world.bound(world.issued(), nonce="another")


@refused(Reason.KEY_BINDING_HASH)
def disclosure_taken_away_after_binding(world: World) -> str:
    parts = world.bound(world.issued()).split("~")
    return "~".join((*parts[:-2], parts[-1]))


# Form


@refused(Reason.MALFORMED)
def empty(world: World) -> str:
    return ""


@refused(Reason.MALFORMED)
def no_tilde(world: World) -> str:
    return world.signed(world.payload())


@refused(Reason.MALFORMED)
def not_ascii(world: World) -> str:
    return world.issued() + "免許"


@refused(Reason.MALFORMED)
def base64_with_padding(world: World) -> str:
    head, rest = world.issued().split(".", 1)
    return world.bound(f"{head}==.{rest}")


@refused(Reason.MALFORMED)
def header_that_is_a_list(world: World) -> str:
    return world.bound(f"{encode(b'[1]').decode()}.e30.AA~")


@refused(Reason.TOO_LARGE)
def a_megabyte(world: World) -> str:
    return "a" * 2**20


@refused(Reason.REVOKED)
def revoked(world: World) -> str:
    return bound(world, world.payload(status={"status_list": {"idx": 11, "uri": LIST}}))


@refused(Reason.SUSPENDED)
def suspended(world: World) -> str:
    return bound(world, world.payload(status={"status_list": {"idx": 12, "uri": LIST}}))
