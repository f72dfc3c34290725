"""The sandbox of a demo: its holders live in a world of their own, from the day on which it is served."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from starlette.applications import Starlette

from meibo.professions.persons import SyntheticPerson
from meibo_sandbox.control import Sandbox
from meibo_sandbox.world import PersonList, World
from meibo_sandbox.world.holders import resident


def sandbox(people: Iterable[SyntheticPerson], mail: socket.socket) -> Starlette:
    """The application of a sandbox with these people."""
    return Sandbox(World(PersonList(map(resident, people))), mail_socket=mail).app()
