"""A stand-in of an outside system over loopback: it reads what comes with other software than ours, and signs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey

US, NAME = "https://meibo.example", "inspector"


def new_key() -> ECKey:
    """A key of a test, which signs nothing else."""
    return ECKey.generate_key("P-256", auto_kid=True)


@dataclass
class StandIn:
    """What came, and what to answer: bytes, or a status; `answers` are used up in order, then 202."""

    key: ECKey = field(default_factory=new_key)
    address: str = ""
    came: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    ours: dict[str, str] = field(default_factory=dict)

    def jwks(self) -> bytes:
        public = {**self.key.as_dict(private=False), "kid": self.key.kid}
        return json.dumps({"keys": [public]}).encode()

    def message(self, type: str, body: Any, **more: Any) -> bytes:
        """A message of ours, signed; `more` overrides the envelope, `header` and `key` the rest."""
        header = {"alg": "ES256", "typ": "meibo-link+jws", "kid": self.key.kid} | more.pop("header", {})
        key = more.pop("key", self.key)
        envelope = {
            "id": str(uuid4()),
            "iss": NAME,
            "aud": US,
            "iat": int(time.time()),
            "type": type,
            "body": body,
        }
        return jws.serialize_compact(header, json.dumps(envelope | more).encode(), key).encode()

    def read(self, raw: bytes) -> dict[str, Any]:
        """The envelope that came, verified under the key that was handed over."""
        read = jws.deserialize_compact(raw, ECKey.import_key(self.ours))  # type: ignore[arg-type]
        assert read.headers()["typ"] == "meibo-link+jws"
        assert read.payload is not None
        told: dict[str, Any] = json.loads(read.payload)
        return told

    def answer(self, key: str, raw: bytes) -> tuple[int, bytes]:
        envelope = self.read(raw)
        self.came.append((key, envelope["id"]))
        told = self.answers.pop(0) if self.answers else 202
        if callable(told):
            return 200, told(envelope)
        return (told, b"") if isinstance(told, int) else (200, told)


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    """The stand-in, listening."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            status, body = stand_in.answer(self.headers["idempotency-key"], raw)
            self.send_response(status)
            if status == 307:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        stand_in.address = f"http://127.0.0.1:{server.server_port}/messages"
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
