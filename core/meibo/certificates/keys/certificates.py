"""X.509 as this project makes it: an offline root, signing requests, signing certificates, revocation lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from meibo.certificates.keys.es256 import is_p256
from meibo.certificates.keys.signers import Purpose
from meibo.errors import OperatorError

ROOT_YEARS = 20
SIGNING_DAYS = 730
BACKDATED = timedelta(hours=1)
"""A certificate stands from a little before it is made: clocks differ."""
_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def new_key() -> EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return generate_private_key(SECP256R1())


def root(key: EllipticCurvePrivateKey, name: str, at: datetime) -> x509.Certificate:
    """The anchor: signs signing certificates and revocation lists, and nothing else."""
    subject = _named(name)
    builder = _dated(subject, subject, at, timedelta(days=round(ROOT_YEARS * 365.25)))
    builder = builder.public_key(key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
    return _signed(builder, key.public_key(), key)


def request(
    key: EllipticCurvePrivateKey, name: str, uri: str, purpose: Purpose
) -> x509.CertificateSigningRequest:
    """A request for a signing certificate: whose (`uri`, what `iss` says) and what for."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_named(name))
    builder = builder.add_extension(_uris(uri), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose.usage]), critical=False)
    return builder.sign(key, SHA256())


def issue(
    asked: x509.CertificateSigningRequest,
    anchor: x509.Certificate,
    key: EllipticCurvePrivateKey,
    at: datetime,
    days: int = SIGNING_DAYS,
) -> x509.Certificate:
    """The signing certificate that was asked for.

    Raises OperatorError for a request that its own key did not sign, that asks for more than one purpose, or that
    wants to outlive the root.
    """
    uri, purpose = asked_for(asked)
    lifetime = timedelta(days=days)
    if at + lifetime > anchor.not_valid_after_utc:
        raise OperatorError(
            "The signing certificate would outlive the root: choose fewer days, or a new root."
        )
    public = asked.public_key()
    assert isinstance(public, EllipticCurvePublicKey)
    builder = _dated(asked.subject, anchor.subject, at, lifetime).public_key(public)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage("digital_signature"), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose.usage]), critical=True)
    builder = builder.add_extension(_uris(uri), critical=False)
    issuer = anchor.public_key()
    assert isinstance(issuer, EllipticCurvePublicKey)
    return _signed(builder, issuer, key)


def asked_for(asked: x509.CertificateSigningRequest) -> tuple[str, Purpose]:
    """(URI, purpose) of a request; raises OperatorError where it is not one of ours."""
    try:
        usages = list(asked.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        valid = asked.is_signature_valid and is_p256(asked.public_key())
    except (ValueError, x509.ExtensionNotFound, InvalidSignature):
        valid, usages, uris = False, [], []
    purposes = [each for each in Purpose if each.usage in usages]
    if not valid or len(usages) != 1 or len(purposes) != 1 or len(uris) != 1:
        raise OperatorError("This is no request of `meibo keys request`: ask for one anew.")
    return uris[0], purposes[0]


def revocation_list(
    anchor: x509.Certificate,
    key: EllipticCurvePrivateKey,
    serials: Iterable[int],
    at: datetime,
    days: int = 90,
) -> x509.CertificateRevocationList:
    """The root's list of signing certificates that are believed no more."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(anchor.subject)
    builder = builder.last_update(at).next_update(at + timedelta(days=days))
    for serial in sorted(set(serials)):
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(key, SHA256())


def _dated(
    subject: x509.Name, issuer: x509.Name, at: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(at - BACKDATED).not_valid_after(at + lifetime)


def _signed(
    builder: x509.CertificateBuilder, issuer: EllipticCurvePublicKey, key: EllipticCurvePrivateKey
) -> x509.Certificate:
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False
    )
    return builder.sign(key, SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _uris(uri: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)])


def _key_usage(*usages: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{each: each in usages for each in _USAGES})
