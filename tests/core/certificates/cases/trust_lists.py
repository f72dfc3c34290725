"""Trust lists by which a good QR certificate must be refused, each named after its defect."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.certificates import jws
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import KeySigner, Purpose
from meibo.certificates.outcomes import Reason
from meibo.certificates.qr.issuing import link
from tests.core.certificates.world import ISS, OTHER_ISS, OTHER_TYPE, PAGE, TYPE, World

Case = Callable[[World], tuple[bytes, str]]
"""The trust list, and a certificate."""
REFUSED: dict[str, tuple[Reason, Case]] = {}


def refused(reason: Reason) -> Callable[[Case], Case]:
    """The reason by which a case is refused."""

    def register(case: Case) -> Case:
        REFUSED[case.__name__] = reason, case
        return case

    return register


def trust_list(
    world: World, *signers: KeySigner, crls: Sequence[x509.CertificateRevocationList] = ()
) -> bytes:
    """The world's trust list with its QR key, or with others."""
    told: dict[str, Any] = {
        "version": 1,
        "id": "https://meibo.example",
        "issuers": [{"iss": ISS, "types": [TYPE]}, {"iss": OTHER_ISS, "types": [OTHER_TYPE]}],
        "status": ["https://meibo.example/status/"],
        "anchors": [_text(world.root.public_bytes(Encoding.DER))],
        "keys": [{"x5c": jws.x5c(each)} for each in signers or (world.signers[Purpose.QR],)],
        "crls": [_text(each.public_bytes(Encoding.DER)) for each in crls],
    }
    return orjson.dumps(told)


def _signed_by(world: World, signer: KeySigner) -> tuple[bytes, str]:
    """A trust list with another key, and a certificate of that key."""
    return trust_list(world, signer), link(PAGE, world.qr_message(signer=signer))


def _revoking(world: World, signer: KeySigner, days: int, age: int = 0) -> tuple[bytes, str]:
    """A good certificate, and a trust list with a revocation list that names a key."""
    serial = x509.load_der_x509_certificate(signer.chain[0]).serial_number
    at = world.at - timedelta(days=age)
    crl = certificates.revocation_list(world.root, world.root_key, [serial], at, days)
    return trust_list(world, crls=[crl]), link(PAGE, world.qr_message())


@refused(Reason.CHAIN_UNTRUSTED)
def rogue_root_of_the_same_name(world: World) -> tuple[bytes, str]:
    key = certificates.new_key()
    rogue = certificates.root(key, "Test root", world.at)
    return _signed_by(world, world.signer(Purpose.QR, by=(rogue, key)))


@refused(Reason.CHAIN_EXPIRED)
def signing_certificate_that_is_over(world: World) -> tuple[bytes, str]:
    return _signed_by(world, world.signer(Purpose.QR, since=world.at - timedelta(days=20), days=10))


@refused(Reason.CHAIN_PURPOSE)
def key_of_status_lists(world: World) -> tuple[bytes, str]:
    return _signed_by(world, world.signer(Purpose.STATUS))


@refused(Reason.ISSUER)
def key_of_a_name_that_issues_nothing(world: World) -> tuple[bytes, str]:
    return _signed_by(world, world.signer(Purpose.QR, uri="https://meibo.example/issuers/none"))


@refused(Reason.TYPE_FOREIGN)
def key_of_another_administrator(world: World) -> tuple[bytes, str]:
    return _signed_by(world, world.signer(Purpose.QR, uri=OTHER_ISS))


@refused(Reason.CHAIN_REVOKED)
def revoked_key(world: World) -> tuple[bytes, str]:
    return _revoking(world, world.signers[Purpose.QR], days=90)


@refused(Reason.CRL_OLD)
def revocation_list_that_is_over(world: World) -> tuple[bytes, str]:
    return _revoking(world, world.signers[Purpose.RECEIPT], days=90, age=91)


def _text(der: bytes) -> str:
    return b64encode(der).decode()
