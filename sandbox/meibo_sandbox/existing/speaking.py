"""How the stand-ins speak: a message is posted as a signed JWS, and answered in the same response."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meibo_sandbox.existing.faults import Fault
from meibo_sandbox.openid.keys import new_key

TYP = "meibo-link+jws"
LONGEST_MESSAGE = 16_000_000
"""Bytes of a message."""
SHOWN = 100


@dataclass
class StandIn:
    """One system: `us` is the address by which the register signs, `ours` its public key.

    `faults` are used up in order, one for each message; `came` lists the messages that were read, (type, id).
    """

    name: str
    us: str
    ours: Mapping[str, str] = field(default_factory=dict)
    key: ECKey = field(default_factory=new_key)
    reading: ECKey = field(default_factory=new_key)
    faults: list[Fault] = field(default_factory=list)
    came: list[tuple[str, str]] = field(default_factory=list)
    now: Callable[[], float] = time.time
    """Its clock, in seconds."""

    def answer(self, id: str, type: str, body: Any) -> tuple[str, Any]:
        """(type, body) of the answer to a message, by its id; what it does is done before."""
        raise NotImplementedError

    def app(self) -> Starlette:
        """The system as an application."""
        routes = [
            Route("/messages", self.posted, methods=["POST"]),
            Route("/state", self.state, methods=["GET"]),
        ]
        return Starlette(routes=routes)

    def jwks(self) -> bytes:
        """The public keys by which its messages are known, and the one to which files for it are encrypted."""
        signing, reading = (each.as_dict(private=False) for each in (self.key, self.reading))
        return json.dumps({"keys": [{**signing, "use": "sig"}, {**reading, "use": "enc"}]}).encode()

    def read_medium(self, file: bytes) -> bytes:
        """Take what is on a medium; gives the receipt that goes back. Raises JoseError or ValueError for anything that
        is not for this system, or not the register's."""
        registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM"])
        registry.max_ciphertext_length = LONGEST_MESSAGE
        envelope = self._read(jwe.decrypt_compact(file, self.reading, registry=registry).plaintext or b"")
        self.came.append((envelope["type"], envelope["id"]))
        type, body = self.answer(envelope["id"], envelope["type"], envelope["body"])
        return self._signed(envelope["id"], type, body, None)

    def holds(self) -> dict[str, Any]:
        """What it holds, for whoever tests against it."""
        return {}

    async def state(self, _request: Request) -> Response:
        """What it holds, and the types of the messages that came, the newest last."""
        return JSONResponse({**self.holds(), "came": [type for type, _ in self.came[-SHOWN:]]})

    async def posted(self, request: Request) -> Response:
        """One message, read and answered."""
        raw = await request.body()
        if len(raw) > LONGEST_MESSAGE:
            return Response(status_code=413)
        return await run_in_threadpool(self.respond, raw)

    def respond(self, raw: bytes) -> Response:
        """The answer to a message, or what a fault makes of it."""
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.DOWN:
            return Response(status_code=503)
        try:
            envelope = self._read(raw)
        except (JoseError, ValueError, KeyError):
            return Response(status_code=400)
        self.came.append((envelope["type"], envelope["id"]))
        type, body = self.answer(envelope["id"], envelope["type"], envelope["body"])
        if fault is Fault.ANSWER_LOST:
            return Response(status_code=504)
        return Response(self._signed(envelope["id"], type, body, fault), media_type="application/jose")

    def _read(self, raw: bytes) -> dict[str, Any]:
        """The envelope of a message to this system; raises JoseError or ValueError where it is not the register's."""
        registry = jws.JWSRegistry(algorithms=["ES256"])
        registry.max_payload_length = LONGEST_MESSAGE
        read = jws.deserialize_compact(raw, ECKey.import_key(dict(self.ours)), registry=registry)
        envelope: dict[str, Any] = json.loads(read.payload or b"")
        if (read.headers().get("typ"), envelope["iss"], envelope["aud"]) != (TYP, self.us, self.name):
            raise ValueError("no message of the register to this system")
        return envelope

    def _signed(self, asked: str, type: str, body: Any, fault: Fault | None) -> bytes:
        if fault is Fault.GARBLED:
            return b"garbled"
        key = new_key() if fault is Fault.FOREIGN else self.key
        return self._sealed(type, body, str(uuid4()) if fault is Fault.MISTAKEN else asked, key)

    def _sealed(self, type: str, body: Any, asked: str | None, key: ECKey) -> bytes:
        """A message, signed with a key; `asked` is the id of the one that it answers."""
        envelope = {
            "id": str(uuid4()), "iss": self.name, "aud": self.us, "iat": int(self.now()), "type": type,
            "body": body, "re": asked,
        }  # fmt: skip
        header = {"alg": "ES256", "typ": TYP, "kid": self.key.kid}
        return jws.serialize_compact(header, json.dumps(envelope).encode(), key).encode()
