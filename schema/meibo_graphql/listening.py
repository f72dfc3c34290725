"""Sockets that listen, and their addresses."""

from __future__ import annotations

import socket

from meibo.errors import OperatorError

BACKLOG = 2048
LARGEST_PORT = 65_535


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises OperatorError where the port is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # Else an answer waits 40 ms for its own end.
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)  # From here on callers wait in line; the address is told next.
    except OSError as error:
        listening.close()
        raise OperatorError(f"Port {port} is taken: stop the other server or choose --port.") from error
    return listening


def url_of(listening: socket.socket) -> str:
    """Where a socket listens, as a URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def bind_address(text: str, setting: str) -> socket.socket:
    """A socket that listens at `host:port`, as a setting has it; raises OperatorError where it says nothing such."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > LARGEST_PORT:
        raise OperatorError(f"{setting} is host:port, such as 127.0.0.1:9470.")
    return bind(host.strip("[]"), int(port))
