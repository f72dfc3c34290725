"""Strawberry over SQLAlchemy's ORM: one worker with uvloop and httptools, parsed and validated documents cached."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from loaders import Loaders
from strawberry.asgi import GraphQL

from schema import schema

BACKLOG = 2048


class Application(GraphQL[dict[str, Loaders], None]):
    """The API, with loaders of its own for each request."""

    async def get_context(self, request: Any, response: Any) -> dict[str, Loaders]:
        """What resolvers find."""
        return {"loaders": Loaders()}


def main() -> None:
    """Listen on a free port, say which, and serve."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/graphql", flush=True)
    application = Application(schema, graphql_ide=None)
    config = uvicorn.Config(
        application, loop="uvloop", http="httptools", lifespan="off", access_log=False, log_level="warning"
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
