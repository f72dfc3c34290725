"""The client certificate that a TLS proxy passes on, as RFC 9440 writes it or as nginx's `$ssl_client_escaped_cert`."""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

LONGEST = 16_384


def certificate_thumbprint(header: str) -> str | None:
    """The certificate's SHA-256 in Base64URL (`x5t#S256`); None where the header holds no certificate."""
    if not header or len(header) > LONGEST:
        return None
    try:
        if header.startswith(":") and header.endswith(":"):
            certificate = x509.load_der_x509_certificate(base64.b64decode(header[1:-1], validate=True))
        else:
            certificate = x509.load_pem_x509_certificate(unquote(header).encode("ascii"))
    except (ValueError, binascii.Error):
        return None
    hashed = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
