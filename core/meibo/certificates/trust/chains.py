"""Chains of certificates: path, validity, purpose, revocation (RFC 5280), each failing by its own reason."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from meibo.certificates.keys.es256 import is_p256
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason, Refusal

LONGEST = 4
"""Certificates below the anchor."""
LARGEST = 8_192
"""Characters of one certificate in Base64."""


def parse(x5c: object) -> list[x509.Certificate]:
    """The certificates of an `x5c` header; raises Refusal CHAIN_UNTRUSTED for anything else."""
    if not isinstance(x5c, list) or not 1 <= len(x5c) <= LONGEST:
        raise Refusal(Reason.CHAIN_UNTRUSTED)
    if not all(isinstance(each, str) and len(each) <= LARGEST for each in x5c):
        raise Refusal(Reason.CHAIN_UNTRUSTED)
    try:
        return [x509.load_der_x509_certificate(b64decode(each, validate=True)) for each in x5c]
    except ValueError as error:
        raise Refusal(Reason.CHAIN_UNTRUSTED) from error


def path(chain: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The chain up to and with its anchor; raises Refusal CHAIN_UNTRUSTED where there is no path.

    Judged as of the leaf's first day: whether all still stand is `check_days`'s question, with a reason of its own.
    """
    leaf, *others = chain
    builder = PolicyBuilder().store(Store(list(anchors))).time(leaf.not_valid_before_utc)
    builder = builder.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    try:
        return list(builder.build_client_verifier().verify(leaf, others).chain)
    except (VerificationError, ValueError) as error:
        raise Refusal(Reason.CHAIN_UNTRUSTED) from error


def check_days(path: Iterable[x509.Certificate], at: datetime) -> None:
    """Raise Refusal CHAIN_EXPIRED unless every certificate stands at an instant."""
    if not all(each.not_valid_before_utc <= at < each.not_valid_after_utc for each in path):
        raise Refusal(Reason.CHAIN_EXPIRED)


def key_for(leaf: x509.Certificate, purpose: Purpose) -> EllipticCurvePublicKey:
    """The leaf's key; raises Refusal CHAIN_PURPOSE unless it is one for this purpose, and for signatures alone."""
    try:
        extensions = leaf.extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        extended = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        key = leaf.public_key()
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Refusal(Reason.CHAIN_PURPOSE) from error
    if purpose.usage not in extended or not usage.digital_signature or usage.key_cert_sign:
        raise Refusal(Reason.CHAIN_PURPOSE)
    if not is_p256(key):
        raise Refusal(Reason.CHAIN_PURPOSE)
    assert isinstance(key, EllipticCurvePublicKey)
    return key


def names_of(leaf: x509.Certificate) -> frozenset[str]:
    """The URIs that a certificate is for: what `iss` may say."""
    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return frozenset()
    return frozenset(found.get_values_for_type(x509.UniformResourceIdentifier))


def check_revocation(
    path: Sequence[x509.Certificate], crls: Sequence[x509.CertificateRevocationList], at: datetime
) -> None:
    """Raise Refusal where a list of its own issuer revokes a certificate, or where that issuer's newest is over."""
    for each, issuer in pairwise(path):
        newest = _newest(crls, issuer)
        if newest is None:
            continue
        if newest.next_update_utc is None or newest.next_update_utc <= at:
            raise Refusal(Reason.CRL_OLD)
        if newest.get_revoked_certificate_by_serial_number(each.serial_number) is not None:
            raise Refusal(Reason.CHAIN_REVOKED)


def _newest(
    crls: Iterable[x509.CertificateRevocationList], issuer: x509.Certificate
) -> x509.CertificateRevocationList | None:
    """The newest list that an authority signed."""
    key = issuer.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    own = [each for each in crls if each.issuer == issuer.subject and each.is_signature_valid(key)]
    return max(own, key=lambda each: each.last_update_utc, default=None)
