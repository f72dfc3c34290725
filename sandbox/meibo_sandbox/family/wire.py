"""The messages on the wire, by other software than meibo's: a compact JWS around an envelope, numbers in a JWE."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from joserfc import jwe, jws
from joserfc.jwk import ECKey

TYP = "meibo-link+jws"
ENCRYPTION = ["ECDH-ES", "A256GCM"]
NAME = "intermediate_server"


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", auto_kid=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a message, signed anew each time under the same id."""

    type: str
    body: Mapping[str, Any]
    to: str | None = None
    id: str = field(default_factory=lambda: str(uuid4()))


@dataclass(slots=True)
class Wire:
    """The server's own keys, and the register's, which its operator hands over; `register` is its address."""

    register: str
    register_key: Mapping[str, str] = field(default_factory=dict)
    signing: ECKey = field(default_factory=_new_key)
    encryption: ECKey = field(default_factory=_new_key)

    def jwks(self) -> dict[str, Any]:
        """The public keys, for the register's link folder."""
        signing = {**self.signing.as_dict(private=False), "use": "sig"}
        return {"keys": [signing, {**self.encryption.as_dict(private=False), "use": "enc"}]}

    def read(self, raw: bytes) -> dict[str, Any]:
        """The envelope that came; raises a JoseError or ValueError for one that the register has not signed."""
        found = jws.deserialize_compact(raw, ECKey.import_key(dict(self.register_key)))
        envelope: dict[str, Any] = json.loads(found.payload or b"")
        if (found.headers()["typ"], envelope["iss"], envelope["aud"]) != (TYP, self.register, NAME):
            raise ValueError("a message of somebody else, or to somebody else")
        return envelope

    def write(self, answer: Answer, at: datetime) -> bytes:
        """A signed message."""
        envelope = {
            "id": answer.id, "iss": NAME, "aud": self.register, "iat": int(at.timestamp()), "type": answer.type,
            "body": dict(answer.body),
        }  # fmt: skip
        if answer.to:
            envelope["re"] = answer.to
        header = {"alg": "ES256", "typ": TYP, "kid": self.signing.kid}
        return jws.serialize_compact(header, json.dumps(envelope).encode(), self.signing).encode()

    def decrypted(self, token: str) -> str:
        """What only this server may read."""
        found = jwe.decrypt_compact(token, self.encryption, algorithms=ENCRYPTION)
        return (found.plaintext or b"").decode()
