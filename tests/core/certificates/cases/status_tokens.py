"""Status list tokens that must not be believed, each named after its defect; `REFUSED` says by which reason."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason
from tests.core.certificates.world import LIST, World

Case = Callable[[World], bytes]
REFUSED: dict[str, tuple[Reason, Case]] = {}


def refused(reason: Reason) -> Callable[[Case], Case]:
    """The reason by which a case is refused."""

    def register(case: Case) -> Case:
        REFUSED[case.__name__] = reason, case
        return case

    return register


def with_list(world: World, **told: Any) -> bytes:
    """A token whose list differs in something."""
    return world.status_token(change=lambda payload: payload["status_list"].update(told))


def with_claims(world: World, **told: Any) -> bytes:
    """A token whose claims differ in something."""
    return world.status_token(change=lambda payload: payload.update(told))


@refused(Reason.STATUS_SUBJECT)
def wrong_sub(world: World) -> bytes:
    return world.status_token(uri=LIST + "2")


@refused(Reason.STATUS_TYPE)
def wrong_typ(world: World) -> bytes:
    return world.status_token(typ="JWT")


@refused(Reason.STATUS_SIGNER)
def signed_with_the_certificate_key(world: World) -> bytes:
    return world.status_token(signer=world.signers[Purpose.CERTIFICATE])


@refused(Reason.STATUS_SIGNER)
def rogue_signer(world: World) -> bytes:
    key = certificates.new_key()
    rogue = certificates.root(key, "Test root", world.at)
    return world.status_token(signer=world.signer(Purpose.STATUS, by=(rogue, key)))


@refused(Reason.STATUS_SIGNER)
def expired_signer(world: World) -> bytes:
    old = world.signer(Purpose.STATUS, since=world.at - timedelta(days=20), days=10)
    return world.status_token(signer=old)


@refused(Reason.STATUS_SIGNER)
def tampered_list(world: World) -> bytes:
    head, _, signature = world.status_token().split(b".")
    payload = world.status_token(change=lambda p: p.update(ttl=29)).split(b".")[1]
    return b".".join((head, payload, signature))


@refused(Reason.STATUS_AGE)
def two_days_old(world: World) -> bytes:
    return world.status_token(at=world.at - timedelta(days=2))


@refused(Reason.STATUS_AGE)
def two_days_old_with_a_far_end(world: World) -> bytes:
    iat = int((world.at - timedelta(days=2)).timestamp())
    return with_claims(world, iat=iat, exp=iat + 86_400 * 365)


@refused(Reason.STATUS_AGE)
def from_the_future(world: World) -> bytes:
    return world.status_token(at=world.at + timedelta(minutes=5))


@refused(Reason.STATUS_SIZE)
def three_bits(world: World) -> bytes:
    return with_list(world, bits=3)


@refused(Reason.STATUS_SIZE)
def bits_as_text(world: World) -> bytes:
    return with_list(world, bits="2")


@refused(Reason.STATUS_SIZE)
def zip_bomb(world: World) -> bytes:
    return with_list(world, lst=encode(zlib.compress(bytes(64 * 2**20), 9)).decode())


@refused(Reason.STATUS_MALFORMED)
def list_that_is_no_zlib(world: World) -> bytes:
    return with_list(world, lst=encode(b"not compressed").decode())


@refused(Reason.STATUS_MALFORMED)
def list_cut_off(world: World) -> bytes:
    return with_list(world, lst=encode(zlib.compress(bytes(1024))[:-6]).decode())


@refused(Reason.STATUS_MALFORMED)
def list_with_bytes_after_it(world: World) -> bytes:
    return with_list(world, lst=encode(zlib.compress(bytes(1024)) + b"x").decode())


@refused(Reason.STATUS_MALFORMED)
def no_list(world: World) -> bytes:
    return with_claims(world, status_list=None)


@refused(Reason.STATUS_MALFORMED)
def ttl_of_nothing(world: World) -> bytes:
    return with_claims(world, ttl=0)


@refused(Reason.STATUS_MALFORMED)
def no_iat(world: World) -> bytes:
    return with_claims(world, iat=None)


@refused(Reason.STATUS_INDEX)
def shorter_than_the_index(world: World) -> bytes:
    return with_list(world, lst=encode(zlib.compress(b"\0\0")).decode())


@refused(Reason.STATUS_MALFORMED)
def a_page_of_html(world: World) -> bytes:
    return b"<html>Please sign in</html>"


@refused(Reason.STATUS_MALFORMED)
def empty(world: World) -> bytes:
    return b""
