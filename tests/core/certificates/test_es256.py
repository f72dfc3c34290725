"""ES256 against Project Wycheproof's vectors, and key ids against the RFC's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from meibo.certificates.keys import certificates, es256
from meibo.certificates.keys.signers import KeySigner, jwk, thumbprint

VECTORS = json.loads(
    (Path(__file__).parents[2] / "data" / "certificates" / "wycheproof_es256.json").read_text("utf-8")
)
TESTS = [(group["uncompressed"], test) for group in VECTORS["testGroups"] for test in group["tests"]]


@pytest.mark.parametrize(("point", "test"), TESTS, ids=lambda v: v["comment"] if isinstance(v, dict) else "")
def test_wycheproof(point: str, test: dict[str, str]) -> None:
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bytes.fromhex(point))
    verified = es256.verifies(key, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))

    assert verified is (test["result"] == "valid")


def test_a_signature_is_64_bytes_and_ours() -> None:
    key = certificates.new_key()
    signature = es256.sign(key, b"text")

    assert len(signature) == 64
    assert es256.verifies(key.public_key(), signature, b"text")
    assert not es256.verifies(key.public_key(), signature, b"texts")
    assert not es256.verifies(certificates.new_key().public_key(), signature, b"text")


def test_a_public_jwk_comes_back() -> None:
    key = certificates.new_key().public_key()

    assert es256.public_key(jwk(key)) == key
    assert len(thumbprint(key)) == 43


@pytest.mark.parametrize(
    "change",
    [{"kty": "RSA"}, {"crv": "P-384"}, {"d": "AA"}, {"x": ""}, {"x": "AA"}, {"y": "AQ" * 22}, {"x": "+/"}],
)
def test_any_other_jwk_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"key|coordinates|data|point"):
        es256.public_key(jwk(certificates.new_key().public_key()) | change)


def test_a_signer_never_prints_its_key() -> None:
    signer = KeySigner.of(certificates.new_key())

    assert repr(signer) == f"KeySigner({signer.kid})"
