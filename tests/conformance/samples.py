"""python -m tests.conformance.samples FILE: certificates, status list tokens and keys as JSON, for other software."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.certificates.encoding import encode
from meibo.certificates.keys.signers import KeySigner, Purpose, jwk
from meibo.certificates.sdjwt.presenting import present
from meibo.certificates.status import tokens
from meibo.certificates.status.lists import Status, build
from tests.core.certificates.test_status import OFFICIAL
from tests.core.certificates.world import AUDIENCE, ISS, LIST, NONCE, REVOKED, SUSPENDED, VALUES, World


def samples() -> dict[str, object]:
    """What the script is given."""
    world = World()
    entries = [(REVOKED, Status.INVALID), (SUSPENDED, Status.SUSPENDED)]
    # The other software takes a token only once its second is over.
    at = world.at - timedelta(seconds=2)
    status = tokens.write(world.signers[Purpose.STATUS], LIST, build(entries), at)
    return {
        "iss": ISS,
        "audience": AUDIENCE,
        "nonce": NONCE,
        "list": LIST,
        "claims": VALUES,
        "presentation": world.bound(world.issued(), at=at),
        "part": world.bound(present(world.issued(), {"birth_date"}), at=at),
        "suspended": world.bound(world.issued(SUSPENDED), at=at),
        "revoked": world.bound(world.issued(REVOKED), at=at),
        "qr": encode(world.qr_message()).decode(),
        "statusJwt": status.jwt.decode(),
        "statusCwt": encode(status.cwt).decode(),
        "official": OFFICIAL["vectors"],
        "keys": {str(purpose): _key(world.signers[purpose]) for purpose in Purpose},
    }


def _key(signer: KeySigner) -> dict[str, object]:
    leaf = x509.load_der_x509_certificate(signer.chain[0])
    public = jwk(signer.private.public_key())
    return {"kid": signer.kid, "jwk": public, "pem": leaf.public_bytes(Encoding.PEM).decode()}


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(orjson.dumps(samples()))
