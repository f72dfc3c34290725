"""Stand-ins of the existing systems, listening on ports of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from meibo_sandbox.existing import StandIn


@contextmanager
def serving(stand_in: StandIn) -> Iterator[str]:
    """The address of a stand-in, which answers until the block ends."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    config = uvicorn.Config(stand_in.app(), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/messages"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
