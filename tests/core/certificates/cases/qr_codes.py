"""QR certificates that must be refused, each named after its defect; `REFUSED` says by which reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import cbor2

from meibo.certificates import cose
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason
from meibo.certificates.qr import claims as qr
from meibo.certificates.qr.issuing import link
from meibo.certificates.status.references import StatusReference
from tests.core.certificates.world import LIST, PAGE, REVOKED, SUSPENDED, World

Case = Callable[[World], str]
REFUSED: dict[str, tuple[Reason, Case]] = {}


def refused(reason: Reason) -> Callable[[Case], Case]:
    """The reason by which a case is refused."""

    def register(case: Case) -> Case:
        REFUSED[case.__name__] = reason, case
        return case

    return register


def taken_apart(world: World) -> list[Any]:
    """The four parts of a good message."""
    return list(cbor2.loads(world.qr_message()).value)


def put_together(parts: object, tag: int = cose.SIGN1) -> str:
    """A link to a message of such parts."""
    return link(PAGE, cbor2.dumps(cbor2.CBORTag(tag, parts)))


def signed(world: World, claims: dict[Any, Any]) -> str:
    """A link to a message that is signed as it stands."""
    signer = world.signers[Purpose.QR]
    return link(PAGE, cose.write(signer, {cose.KID: decode(signer.kid.encode())}, claims))


def claims_of(world: World) -> dict[Any, Any]:
    """The claims of a good message."""
    return dict(cbor2.loads(taken_apart(world)[2]))


@refused(Reason.SIGNATURE)
def tampered_claims(world: World) -> str:
    parts = taken_apart(world)
    claims = cbor2.loads(parts[2])
    parts[2] = cbor2.dumps({**claims, qr.LICENCE: {**claims[qr.LICENCE], "full_name": "医事 太郎"}})
    return put_together(parts)


@refused(Reason.SIGNATURE)
def tampered_signature(world: World) -> str:
    parts = taken_apart(world)
    parts[3] = parts[3][:-1] + bytes([parts[3][-1] ^ 1])
    return put_together(parts)


@refused(Reason.SIGNATURE)
def headers_added_after_signing(world: World) -> str:
    parts = taken_apart(world)
    parts[0] = cbor2.dumps({**cbor2.loads(parts[0]), 99: "x"})
    return put_together(parts)


@refused(Reason.ALGORITHM)
def hmac_instead_of_a_signature(world: World) -> str:
    parts = taken_apart(world)
    parts[0] = cbor2.dumps({**cbor2.loads(parts[0]), cose.ALG: 5})
    return put_together(parts)


@refused(Reason.ALGORITHM)
def algorithm_outside_the_signature(world: World) -> str:
    parts = taken_apart(world)
    parts[0], parts[1] = b"\xa0", cbor2.loads(parts[0])
    return put_together(parts)


@refused(Reason.MALFORMED)
def critical_header_that_nobody_knows(world: World) -> str:
    parts = taken_apart(world)
    parts[0] = cbor2.dumps({**cbor2.loads(parts[0]), cose.CRIT: [99], 99: 1})
    return put_together(parts)


@refused(Reason.MALFORMED)
def mac0_instead_of_sign1(world: World) -> str:
    return put_together(taken_apart(world), tag=17)


@refused(Reason.MALFORMED)
def three_parts(world: World) -> str:
    return put_together(taken_apart(world)[:3])


@refused(Reason.MALFORMED)
def bytes_after_the_message(world: World) -> str:
    return link(PAGE, world.qr_message() + b"\x00")


@refused(Reason.MALFORMED)
def cut_off(world: World) -> str:
    return link(PAGE, world.qr_message()[:-5])


@refused(Reason.MALFORMED)
def arrays_without_end(world: World) -> str:
    return link(PAGE, b"\x81" * 2000)


@refused(Reason.MALFORMED)
def string_that_claims_four_gigabytes(world: World) -> str:
    return link(PAGE, b"\xd2\x84\x5b\x00\x00\x00\x01\x00\x00\x00\x00")


@refused(Reason.MALFORMED)
def no_base64(world: World) -> str:
    return PAGE + "#これは証明書ではない"


@refused(Reason.MALFORMED)
def empty(world: World) -> str:
    return ""


@refused(Reason.TOO_LARGE)
def longer_than_any_code(world: World) -> str:
    return "a" * 5000


@refused(Reason.KEY_UNKNOWN)
def key_that_nobody_published(world: World) -> str:
    return link(PAGE, world.qr_message(signer=world.signer(Purpose.QR)))


@refused(Reason.KEY_UNKNOWN)
def no_key_id(world: World) -> str:
    parts = taken_apart(world)
    parts[0] = cbor2.dumps({cose.ALG: cose.ES256})
    return put_together(parts)


@refused(Reason.EXPIRED)
def expired(world: World) -> str:
    return link(PAGE, world.qr_message(expires_at=world.at - timedelta(seconds=61)))


@refused(Reason.NOT_YET_VALID)
def issued_tomorrow(world: World) -> str:
    return link(PAGE, world.qr_message(issued_at=world.at + timedelta(days=1)))


@refused(Reason.CLAIM_MISSING)
def no_expiry(world: World) -> str:
    claims = claims_of(world)
    del claims[qr.EXP]
    return signed(world, claims)


@refused(Reason.CLAIM_MISSING)
def nothing_about_a_licence(world: World) -> str:
    claims = claims_of(world)
    del claims[qr.LICENCE]
    return signed(world, claims)


@refused(Reason.CLAIM_MISSING)
def no_status(world: World) -> str:
    claims = claims_of(world)
    del claims[qr.STATUS]
    return signed(world, claims)


@refused(Reason.TYPE_FOREIGN)
def type_of_somebody_else(world: World) -> str:
    return link(PAGE, world.qr_message(claims=Claims("urn:other:pilot:1", {})))


@refused(Reason.STATUS_FORBIDDEN)
def status_at_a_foreign_address(world: World) -> str:
    return link(PAGE, world.qr_message(status=StatusReference("https://evil.example/status/1", 1)))


@refused(Reason.STATUS_INDEX)
def index_beyond_the_list(world: World) -> str:
    return link(PAGE, world.qr_message(status=StatusReference(LIST, 4096)))


@refused(Reason.REVOKED)
def revoked(world: World) -> str:
    return link(PAGE, world.qr_message(REVOKED))


@refused(Reason.SUSPENDED)
def suspended(world: World) -> str:
    return link(PAGE, world.qr_message(SUSPENDED))


@refused(Reason.MALFORMED)
def base64_with_padding(world: World) -> str:
    return f"{PAGE}#{encode(world.qr_message()).decode()}="
