"""An outside system behind TLS that asks for a client's certificate, and a proxy on the way: real ones, on loopback."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """A certificate authority of a test, which vouches for nothing else."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def name(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def anchor(self) -> bytes:
        """Its own certificate, in PEM."""
        made = _builder(self.name, self.name, self.key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        return self._signed(made)

    def issue(self, name: str) -> bytes:
        """A certificate for this machine's loopback address, with its key, in PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = _builder(subject, self.name, key).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))]), critical=False
        )
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return self._signed(made) + private

    def _signed(self, made: x509.CertificateBuilder) -> bytes:
        identified = made.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
        )
        return identified.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    at = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), at - timedelta(minutes=5),
        at + timedelta(days=1),
    )  # fmt: skip


@contextmanager
def guarded(folder: Path, theirs: Authority, ours: Authority) -> Iterator[tuple[str, list[str]]]:
    """(address, names of the clients that were let in) of a server with a certificate of `theirs` that lets in clients
    with one of `ours`."""
    (folder / "server.pem").write_bytes(theirs.issue("server"))
    (folder / "clients.pem").write_bytes(ours.anchor())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "clients.pem"))
    context.load_cert_chain(folder / "server.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    names: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            assert isinstance(self.connection, ssl.SSLSocket)
            subject = (self.connection.getpeercert() or {})["subject"]
            names.append(subject[0][0][1])
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A handshake that fails is what some tests want."""

        def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
            plain, address = self.socket.accept()
            plain.settimeout(5)
            try:
                return context.wrap_socket(plain, server_side=True), address
            except OSError:
                plain.close()
                raise

    with _running(Server((LOOPBACK, 0), Handler)) as port:
        yield f"https://{LOOPBACK}:{port}/messages", names


@contextmanager
def proxying() -> Iterator[tuple[str, list[str]]]:
    """(address, what it was asked to connect to) of a proxy that tunnels."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            host, port = self.path.rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=5) as beyond:
                self.send_response(200)
                self.end_headers()
                _pump(self.connection, beyond)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with _running(ThreadingHTTPServer((LOOPBACK, 0), Handler)) as port:
        yield f"http://{LOOPBACK}:{port}", asked


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Pass on what comes from either, until one closes."""
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        for each in ready:
            passed = each.recv(65_536)
            if not passed:
                return
            (other if each is one else one).sendall(passed)
        if not ready:
            return


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
