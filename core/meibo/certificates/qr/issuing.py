"""Issues QR certificates: the message, the link that carries it, the picture of that link."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import segno

from meibo import clock
from meibo.certificates import cose
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Signer
from meibo.certificates.qr import claims as qr
from meibo.certificates.status.indices import ID_BYTES as LIST_ID_BYTES
from meibo.certificates.status.lists import SIZE
from meibo.certificates.status.references import StatusReference

ID_BYTES = 8
VERSION = 15
"""The largest code that a desk camera reads from paper at once: 77 modules."""
LONGEST = 412
"""Characters of a link that such a code holds with error correction M."""


def issue(
    signer: Signer, claims: Claims, status: StatusReference, issued_at: datetime, expires_at: datetime
) -> bytes:
    """The certificate as a COSE_Sign1 message; claims stand open, for paper has no holder to ask."""
    payload = {
        qr.IAT: int(issued_at.timestamp()),
        qr.EXP: int(expires_at.timestamp()),
        qr.CTI: secrets.token_bytes(ID_BYTES),
        qr.STATUS: {"status_list": {"idx": status.index, "uri": status.uri}},
        qr.LICENCE: {qr.TYPE: claims.type, **claims.values},
    }
    return cose.write(signer, {cose.KID: decode(signer.kid.encode())}, payload)


def fits(claims: Claims, page: str, lists: str) -> bool:
    """Whether a certificate of these claims has room in a code, wherever below `lists` its status will stand."""
    somewhere = StatusReference(lists + encode(bytes(LIST_ID_BYTES)).decode(), SIZE - 1)
    at = clock.now()
    return len(link(page, issue(_Blank(), claims, somewhere, at, at))) <= LONGEST


class _Blank:
    """A signer whose signatures are as long as any other's, and worth nothing."""

    kid = encode(bytes(sha256().digest_size)).decode()
    chain: tuple[bytes, ...] = ()

    def sign(self, message: bytes) -> bytes:
        return bytes(2 * es256.PART)


def link(page: str, message: bytes) -> str:
    """The certificate in the fragment of the check page's address, which no server is sent."""
    return f"{page}#{encode(message).decode()}"


def picture(link: str) -> str:
    """The link as an SVG of a QR code, error correction M; raises segno.DataOverflowError past version 15."""
    code = segno.make(link, version=VERSION, error="m", boost_error=False, micro=False)
    drawn = BytesIO()
    code.save(drawn, kind="svg", scale=4, xmldecl=False)
    return drawn.getvalue().decode()
