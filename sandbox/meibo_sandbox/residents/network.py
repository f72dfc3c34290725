"""The stand-in network as an ASGI application: one address, to which files are posted under their ids.

A file that is posted again is the same file. An empty post asks for its answers: 202 as long as they are not ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import KeySigner, jwk
from meibo.errors import MessageRefused
from meibo.linkage.residents import codec
from meibo.linkage.residents.codec import Record
from meibo.linkage.residents.envelopes import MOST_WRAPPED, Envelopes, Peer
from meibo.linkage.residents.layout import Layout, Part, own_layout
from meibo_sandbox.residents.faults import PLAIN, TRAVELLING, Fault
from meibo_sandbox.residents.replies import replies
from meibo_sandbox.residents.residents import Register

JOSE = "application/jose"
KEPT = 100
"""Files that are remembered: a network that is asked about a million is a small process still."""


@dataclass(slots=True)
class ResidentNetwork:
    """Answers the files of one installation, whose public keys are `client`.

    Files of one inquiry are answered at once, as a search at a terminal is. `late` says how often others are asked for
    before they are ready; each answer takes the next of `faults`, if there is one.
    """

    register: Register
    client: Mapping[str, Any]
    layout: Layout = field(default_factory=own_layout)
    late: int = 0
    faults: list[Fault] = field(default_factory=list)
    signer: KeySigner = field(default_factory=lambda: KeySigner.of(generate_private_key(SECP256R1())))
    private: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    came: list[tuple[str, bytes]] = field(default_factory=list)
    """What was posted of late, by id."""
    _inquiries: dict[UUID, Sequence[Record]] = field(default_factory=dict)
    _asked: dict[UUID, int] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The application."""
        return Starlette(routes=[Route("/files", self.posted, methods=["POST"])])

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The keys that whoever asks has to know: by one the network signs, to the other one encrypts."""
        signing = {**jwk(self.signer.private.public_key()), "kid": self.signer.kid, "use": "sig"}
        encryption = KeySigner.of(self.private)
        return {"keys": [signing, {**jwk(self.private.public_key()), "kid": encryption.kid, "use": "enc"}]}

    async def posted(self, request: Request) -> Response:
        """Take a file, or tell what became of it."""
        raw, id = await request.body(), request.headers.get("idempotency-key", "")
        self.came = [*self.came[1 - KEPT :], (id, raw)]
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.DOWN:
            return Response(status_code=503)
        try:
            return self._answer(UUID(id), raw, fault)
        except (MessageRefused, ValueError):
            return Response(status_code=400)

    def _answer(self, file: UUID, raw: bytes, fault: Fault | None) -> Response:
        if len(raw) > MOST_WRAPPED or (not raw and file not in self._inquiries):
            return Response(status_code=404)
        if raw:
            plain = self._envelopes().open(Part.INQUIRY, raw)
            self._inquiries[file] = codec.read(self.layout, Part.INQUIRY, file, plain)
            self._forget()
        asked = self._asked[file] = self._asked.get(file, -1) + 1
        if asked < self.late and len(self._inquiries[file]) > 1:
            return Response(status_code=202)
        return Response(self._reply(file, fault), media_type=JOSE)

    def _forget(self) -> None:
        """Whoever asks about a file that is not remembered any more sends it again."""
        for file in [*self._inquiries][:-KEPT]:
            del self._inquiries[file]
            self._asked.pop(file, None)

    def _reply(self, file: UUID, fault: Fault | None) -> bytes:
        found = replies(self.register, self._inquiries[file])
        plain = codec.write(self.layout, Part.REPLY, file, found)
        if fault and fault in PLAIN:
            plain = PLAIN[fault](plain)
        wrapped = self._envelopes().wrap(Part.REPLY, plain)
        return TRAVELLING[fault](wrapped) if fault and fault in TRAVELLING else wrapped

    def _envelopes(self) -> Envelopes:
        keys = {each.get("use"): each for each in self.client["keys"]}
        signing, encryption = es256.public_key(keys["sig"]), es256.public_key(keys["enc"])
        return Envelopes(self.signer, self.private, Peer({keys["sig"]["kid"]: signing}, encryption))
