"""Signing keys: sealed in their folder, certified by the root, published before they sign, revoked by a list."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from meibo import clock
from meibo.certificates.keys import certificates, es256
from meibo.certificates.keys.folder import HeldKey, KeyFolder
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.trust import documents
from meibo.crypto.keys import FileKeys
from meibo.errors import InvalidValue, OperatorError, SealBroken

ISS = "https://meibo.example/issuers/medical"
DAY = timedelta(days=1)
AT = clock.now()
ROOT_KEY = certificates.new_key()
ROOT = certificates.root(ROOT_KEY, "Test root", AT - 400 * DAY)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "signing", FileKeys(tmp_path / "register"))


def certified(
    keys: KeyFolder, since: datetime = AT, days: int = 730, purpose: Purpose = Purpose.CERTIFICATE
) -> HeldKey:
    """A key of the folder whose certificate was made on a day."""
    asked = keys.request("Test", ISS, purpose)
    leaf = certificates.issue(asked, ROOT, ROOT_KEY, since, days)
    return keys.install(leaf.public_bytes(Encoding.PEM) + ROOT.public_bytes(Encoding.PEM))


def test_a_key_signs_once_its_certificate_is_there(keys: KeyFolder) -> None:
    held = certified(keys)
    signer = keys.signer(Purpose.CERTIFICATE, ISS, AT)
    leaf = x509.load_der_x509_certificate(signer.chain[0])
    key = leaf.public_key()

    assert (signer.kid, leaf) == (held.kid, held.certificate)
    assert isinstance(key, EllipticCurvePublicKey)
    assert es256.verifies(key, signer.sign(b"text"), b"text")


def test_private_keys_lie_sealed_and_for_their_owner_alone(keys: KeyFolder, tmp_path: Path) -> None:
    held = certified(keys)
    file = keys.folder / f"{held.kid}.key"

    assert b"PRIVATE" not in file.read_bytes()
    assert (keys.folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    with pytest.raises(SealBroken):
        KeyFolder(keys.folder, FileKeys(tmp_path / "others")).signer(Purpose.CERTIFICATE, ISS, AT)


def test_the_next_key_is_published_for_seven_days_before_it_signs(keys: KeyFolder) -> None:
    old, new = certified(keys, AT - 300 * DAY), certified(keys, AT)
    told = []
    for days in (0, 6, 7, 8):
        at = AT + days * DAY
        told.append((keys.signer(Purpose.CERTIFICATE, ISS, at).kid, len(keys.published(at))))

    assert told == [(old.kid, 2), (old.kid, 2), (new.kid, 2), (new.kid, 2)]


def test_old_keys_stay_published_until_their_certificates_end(keys: KeyFolder) -> None:
    old, new = certified(keys, AT - 300 * DAY, days=330), certified(keys, AT - 20 * DAY)

    assert [k.kid for k in keys.published(AT)] == [new.kid, old.kid]
    assert [k.kid for k in keys.published(AT + 31 * DAY)] == [new.kid]


def test_the_first_key_signs_at_once(keys: KeyFolder) -> None:
    held = certified(keys)
    assert keys.signer(Purpose.CERTIFICATE, ISS, AT).kid == held.kid


def test_no_key_signs_what_outlives_it(keys: KeyFolder) -> None:
    certified(keys, days=60)

    assert keys.signer(Purpose.CERTIFICATE, ISS, AT, AT + 59 * DAY).chain
    with pytest.raises(OperatorError, match="meibo keys request"):
        keys.signer(Purpose.CERTIFICATE, ISS, AT, AT + 90 * DAY)


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.CERTIFICATE}))
def test_keys_are_apart_by_purpose(keys: KeyFolder, purpose: Purpose) -> None:
    certified(keys)

    with pytest.raises(OperatorError):
        keys.signer(purpose, ISS, AT)


def test_a_certificate_of_another_folder_is_refused(keys: KeyFolder, tmp_path: Path) -> None:
    other = KeyFolder(tmp_path / "other", FileKeys(tmp_path / "register"))
    leaf = certificates.issue(other.request("Test", ISS, Purpose.QR), ROOT, ROOT_KEY, AT)

    with pytest.raises(OperatorError, match="asked for elsewhere"):
        keys.install(leaf.public_bytes(Encoding.PEM) + ROOT.public_bytes(Encoding.PEM))
    assert keys.held() == ()


def test_a_certificate_of_another_root_is_refused(keys: KeyFolder) -> None:
    rogue = certificates.new_key()
    leaf = certificates.issue(
        keys.request("Test", ISS, Purpose.QR), certificates.root(rogue, "Test root", AT), rogue, AT
    )

    with pytest.raises(OperatorError, match="meibo keys sign"):
        keys.install(leaf.public_bytes(Encoding.PEM) + ROOT.public_bytes(Encoding.PEM))
    assert (keys.held(), keys.roots()) == ((), [])


@pytest.mark.parametrize("pem", [b"", b"no PEM", ROOT.public_bytes(Encoding.PEM)])
def test_other_files_are_refused(keys: KeyFolder, pem: bytes) -> None:
    with pytest.raises(OperatorError, match="meibo keys sign"):
        keys.install(pem)


def test_the_root_signs_no_more_than_it_should(keys: KeyFolder) -> None:
    asked = keys.request("Test", ISS, Purpose.QR)
    leaf = certificates.issue(asked, ROOT, ROOT_KEY, AT)
    constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert (constraints.ca, list(usages)) == (False, [Purpose.QR.usage])
    with pytest.raises(OperatorError, match="outlive the root"):
        certificates.issue(asked, ROOT, ROOT_KEY, AT, days=30 * 365)


def test_a_request_without_purpose_is_refused() -> None:
    asked = x509.CertificateSigningRequestBuilder().subject_name(ROOT.subject)
    with pytest.raises(OperatorError, match="meibo keys request"):
        certificates.issue(asked.sign(ROOT_KEY, SHA256()), ROOT, ROOT_KEY, AT)


def test_the_trust_list_comes_back_as_it_was_told(keys: KeyFolder) -> None:
    qr, certificate = certified(keys, purpose=Purpose.QR), certified(keys)
    crl = certificates.revocation_list(ROOT, ROOT_KEY, [5], AT)
    (keys.folder / "first.crl").write_bytes(crl.public_bytes(Encoding.DER))
    types = {ISS: frozenset({"urn:meibo:doctor:1"})}
    told = documents.trust_list(keys, "https://meibo.example", types, "https://meibo.example/status/", AT)
    issuer = documents.read(orjson.dumps(told))

    assert (issuer.id, issuer.types) == ("https://meibo.example", types)
    assert (issuer.anchors, issuer.crls) == ((ROOT,), (crl,))
    assert set(issuer.keys) == {qr.kid, certificate.kid}
    assert {key["kid"]: key["purpose"] for key in told["keys"]} == {
        qr.kid: "qr", certificate.kid: "certificate",
    }  # fmt: skip
    assert all("d" not in key for key in documents.jwks(keys, AT)["keys"])
    assert not re.search("PRIVATE", str(told))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "status": ["https://x"], "keys": [], "issuers": [], "anchors": [], "id": "x"}',
        b'{"version": 1, "status": [], "keys": [{"x5c": ["AA"]}], "issuers": [], "anchors": [], "id": "x"}',
        b'{"version": 1, "status": [], "keys": [], "issuers": [], "anchors": ["AA"], "id": "x"}',
        b'{"version": 1, "status": [], "keys": [], "issuers": [[]], "anchors": [], "id": "x"}',
    ],
)
def test_what_is_no_trust_list_is_refused(document: bytes) -> None:
    with pytest.raises(InvalidValue) as refused:
        documents.read(document)
    assert refused.value.rule == "trust.malformed"
