"""The sandbox of a demo: its holders live in a world of their own, from the day on which it is served, and the outside
systems that a demo can ask know the people of that world."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette

from meibo.linkage.residents.exchange import CONNECTOR as RESIDENT_RECORDS
from meibo.professions.persons import SyntheticPerson
from meibo_sandbox.control import Sandbox, System
from meibo_sandbox.residents import WorldRegister, resident_network
from meibo_sandbox.world import PersonList, World
from meibo_sandbox.world.holders import resident


class DemoSandbox:
    """The keys of its systems are made at once, since a demo must know them before it opens; its people come later."""

    def __init__(self) -> None:
        self._residents = resident_network(World(PersonList(())), {})
        self.systems = {RESIDENT_RECORDS: f"{RESIDENT_RECORDS}/files"}
        self.keys = {RESIDENT_RECORDS: self._residents.jwks()}

    def app(
        self, people: Iterable[SyntheticPerson], mail: socket.socket, ours: Mapping[str, Mapping[str, Any]]
    ) -> Starlette:
        """The application of a sandbox with these people, for an installation with these public keys."""
        world = World(PersonList(map(resident, people)))
        residents = replace(self._residents, register=WorldRegister(world), client=ours[RESIDENT_RECORDS])
        systems = [System(RESIDENT_RECORDS, ("住基ネット", "Resident records"), residents.app())]
        return Sandbox(world, systems, mail).app()
