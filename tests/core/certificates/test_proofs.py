"""The proof of a wallet's key: a good one gives the key, every spoilt one is refused by name and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo import clock
from meibo.certificates import refusals
from meibo.certificates.encoding import encode
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.keys.signers import jwk
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.sdjwt.proof import LARGEST, check
from tests.wallets import AUDIENCE, proof

KEY, OTHER = new_key(), new_key()
PUBLIC = jwk(KEY.public_key())
SECOND = 1


def seconds_ago(seconds: int) -> int:
    """An `iat` of then."""
    return int(clock.now().timestamp()) - seconds


def unsigned() -> str:
    """A proof with alg none and no signature."""
    return proof(KEY, "n", header={"alg": "none"}).rpartition(".")[0] + "."


REFUSED: Mapping[str, tuple[Reason, Callable[[], str]]] = {
    "algorithm-none": (Reason.ALGORITHM, unsigned),
    "algorithm-hs256": (Reason.ALGORITHM, lambda: proof(KEY, "n", header={"alg": "HS256"})),
    "algorithm-es384": (Reason.ALGORITHM, lambda: proof(KEY, "n", header={"alg": "ES384"})),
    "audience-another": (Reason.AUDIENCE, lambda: proof(KEY, "n", aud="https://other.example")),
    "audience-missing": (Reason.AUDIENCE, lambda: proof(KEY, "n", aud=None)),
    "audience-of-several": (Reason.AUDIENCE, lambda: proof(KEY, "n", aud=[AUDIENCE, "https://other.example"])),
    "binary": (Reason.MALFORMED, lambda: "証明"),
    "critical-header": (Reason.MALFORMED, lambda: proof(KEY, "n", header={"crit": ["exp"]})),
    "empty": (Reason.MALFORMED, lambda: ""),
    "iat-a-text": (Reason.MALFORMED, lambda: proof(KEY, "n", iat="now")),
    "iat-missing": (Reason.MALFORMED, lambda: proof(KEY, "n", iat=None)),
    "iat-of-the-future": (Reason.NOT_YET_VALID, lambda: proof(KEY, "n", iat=seconds_ago(-65))),
    "iat-old": (Reason.EXPIRED, lambda: proof(KEY, "n", iat=seconds_ago(365))),
    "key-another-curve": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"jwk": {**PUBLIC, "crv": "P-384"}})),
    "key-by-kid-alone": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"jwk": None, "kid": "did:example:1"})),
    "key-by-kid-too": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"kid": "did:example:1"})),
    "key-by-x5c": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"x5c": ["MII="]})),
    "key-is-no-object": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"jwk": "key"})),
    "key-not-on-the-curve": (
        Reason.KEY_UNKNOWN,
        lambda: proof(KEY, "n", header={"jwk": {**PUBLIC, "x": encode(bytes(31) + b"\5").decode()}}),
    ),
    "key-private": (Reason.KEY_UNKNOWN, lambda: proof(KEY, "n", header={"jwk": {**PUBLIC, "d": "AA"}})),
    "nonce-a-number": (Reason.NONCE, lambda: proof(KEY, 5)),
    "nonce-missing": (Reason.NONCE, lambda: proof(KEY, None)),
    "signature-of-another-key": (Reason.SIGNATURE, lambda: proof(KEY, "n", signed_by=OTHER)),
    "too-large": (Reason.TOO_LARGE, lambda: "a" * (LARGEST + 1)),
    "two-parts": (Reason.MALFORMED, lambda: proof(KEY, "n").rpartition(".")[0]),
    "type-another": (Reason.TYPE, lambda: proof(KEY, "n", header={"typ": "JWT"})),
    "type-missing": (Reason.TYPE, lambda: proof(KEY, "n", header={"typ": None})),
}  # fmt: skip


def test_a_good_proof_gives_the_key_and_the_nonce() -> None:
    proven = check(proof(KEY, "n-1", iss="wallet"), AUDIENCE, clock.now())
    assert (proven.holder, proven.nonce) == (PUBLIC, "n-1")


def test_clocks_may_differ_by_a_minute() -> None:
    for seconds in (-55, 355):
        assert check(proof(KEY, "n", iat=seconds_ago(seconds)), AUDIENCE, clock.now()).nonce == "n"


def test_what_else_a_key_says_is_left_out() -> None:
    named = proof(KEY, "n", header={"jwk": {**PUBLIC, "kid": "phone", "use": "sig"}})
    assert check(named, AUDIENCE, clock.now()).holder == PUBLIC


@pytest.mark.parametrize("name", REFUSED)
def test_a_spoilt_proof_is_refused_by_reason(name: str) -> None:
    reason, spoil = REFUSED[name]
    with pytest.raises(Refusal) as refused:
        check(spoil(), AUDIENCE, clock.now())
    assert refused.value.reason is reason


def test_every_reason_has_a_sentence_for_the_holder() -> None:
    """REPLAYED is of the nonce, and found in the register alone."""
    assert {reason for reason, _ in REFUSED.values()} | {Reason.REPLAYED} == set(refusals.PROOF)
    for reason in refusals.PROOF:
        finding = refusals.proof(reason)
        assert (finding.path, finding.rule) == (("proof",), f"certificate.proof.{reason}")


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_no_text_gets_further_than_a_refusal(text: str) -> None:
    with pytest.raises(Refusal):
        check(text, AUDIENCE, clock.now())


@given(st.integers(min_value=0), st.integers(0, 255))
def test_no_changed_character_is_let_through(place: int, character: int) -> None:
    good = proof(KEY, "n", iat=seconds_ago(SECOND))
    place %= len(good)
    spoilt = good[:place] + chr(character) + good[place + 1 :]
    if spoilt != good:
        with pytest.raises(Refusal):
            check(spoilt, AUDIENCE, clock.now())
