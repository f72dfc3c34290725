"""Files as they travel: only who is meant opens them, and only who is known wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from joserfc import jwe
from joserfc.jwk import ECKey

from meibo.certificates.encoding import encode
from meibo.certificates.keys.signers import KeySigner
from meibo.errors import MessageRefused
from meibo.linkage.residents.codec import FileReason
from meibo.linkage.residents.envelopes import MOST_WRAPPED, Envelopes, Peer
from meibo.linkage.residents.layout import Part

PLAIN = "見本　太郎,123456789018".encode()
KEYS = [generate_private_key(SECP256R1()) for _ in range(4)]
SIGNERS = [KeySigner.of(key) for key in KEYS[:2]]
OURS = Envelopes(SIGNERS[0], KEYS[2], Peer({SIGNERS[1].kid: KEYS[1].public_key()}, KEYS[3].public_key()))
THEIRS = Envelopes(SIGNERS[1], KEYS[3], Peer({SIGNERS[0].kid: KEYS[0].public_key()}, KEYS[2].public_key()))
STRANGER = KeySigner.of(generate_private_key(SECP256R1()))


def encrypted(header: dict[str, str], signed: bytes) -> bytes:
    """What anybody may encrypt to us."""
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM", "A128GCM", "DEF"])
    return jwe.encrypt_compact(
        {"alg": "ECDH-ES", "enc": "A256GCM"} | header, signed, ECKey.import_key(KEYS[2].public_key()), registry=registry
    ).encode()  # fmt: skip


def signed(signer: KeySigner = SIGNERS[1], **header: str) -> bytes:
    head = {"alg": "ES256", "typ": "meibo-residents-reply", "kid": SIGNERS[1].kid} | header
    part = encode(json.dumps(head).encode()) + b"." + encode(PLAIN)
    return part + b"." + encode(signer.sign(part))


def test_a_file_travels_both_ways() -> None:
    assert THEIRS.open(Part.INQUIRY, OURS.wrap(Part.INQUIRY, PLAIN)) == PLAIN
    assert OURS.open(Part.REPLY, THEIRS.wrap(Part.REPLY, PLAIN)) == PLAIN


def test_a_large_file_travels() -> None:
    large = PLAIN * 40_000
    assert OURS.open(Part.REPLY, THEIRS.wrap(Part.REPLY, large)) == large


def test_what_the_tests_make_by_hand_is_believed_too() -> None:
    assert OURS.open(Part.REPLY, encrypted({}, signed())) == PLAIN


SPOILT: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "noise": lambda: b"\x00\xff" * 40,
    "garbled": lambda: THEIRS.wrap(Part.REPLY, PLAIN)[:-3] + b"AAA",
    "truncated": lambda: THEIRS.wrap(Part.REPLY, PLAIN)[:-40],
    "our own, sent back": lambda: OURS.wrap(Part.INQUIRY, PLAIN),
    "an inquiry of theirs": lambda: THEIRS.wrap(Part.INQUIRY, PLAIN),
    "to somebody else": lambda: replace(THEIRS, peer=Peer({}, KEYS[1].public_key())).wrap(Part.REPLY, PLAIN),
    "by a stranger": lambda: replace(THEIRS, signer=STRANGER).wrap(Part.REPLY, PLAIN),
    "by a stranger in their name": lambda: encrypted({}, signed(STRANGER)),
    "unsigned": lambda: encrypted({}, PLAIN),
    "alg none": lambda: encrypted({}, signed(alg="none")),
    "one more header": lambda: encrypted({}, signed(crit="x")),
    "compressed": lambda: encrypted({"zip": "DEF"}, signed()),
    "a weaker cipher": lambda: encrypted({"enc": "A128GCM"}, signed()),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_what_is_not_theirs_for_us_is_unreadable(spoilt: Callable[[], bytes]) -> None:
    with pytest.raises(MessageRefused) as refusal:
        OURS.open(Part.REPLY, spoilt())
    assert refusal.value.reason == FileReason.UNREADABLE


def test_a_file_of_any_size_is_not_opened() -> None:
    with pytest.raises(MessageRefused) as refusal:
        OURS.open(Part.REPLY, b"A" * (MOST_WRAPPED + 1))
    assert refusal.value.reason == FileReason.OVERSIZED


def test_what_travels_shows_nothing() -> None:
    raw = OURS.wrap(Part.INQUIRY, PLAIN)
    assert PLAIN not in raw
    assert encode(PLAIN) not in raw
