"""The sandbox of a demo: its holders live in a world of their own, from the day on which it is served, and the outside
systems that a demo speaks to know the people of that world."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.applications import Starlette

from meibo.professions.persons import SyntheticPerson
from meibo_sandbox.control import Sandbox, System
from meibo_sandbox.existing import (
    CentreStandIn,
    Clerks,
    PublicSearchStandIn,
    RegistrationStandIn,
    StandIn,
)
from meibo_sandbox.family import IntermediateServerStandIn, Wire, WorldPeople
from meibo_sandbox.residents import WorldRegister, resident_network
from meibo_sandbox.world import PersonList, World
from meibo_sandbox.world.holders import resident

RESIDENTS, FAMILY = "resident_records", "intermediate_server"
CENTRE = "care_worker_registration"
LABELS = {
    RESIDENTS: ("住基ネット", "Resident records"),
    FAMILY: ("中間サーバー（戸籍）", "Intermediate server"),
    "licence_registration": ("免許登録管理システム", "Licence registration"),
    CENTRE: ("登録情報連携システム", "Care worker registration"),
    "public_search": ("資格確認検索", "Public search"),
}
"""Connectors as meibo names them, in the order of the page."""


class DemoSandbox:
    """The keys of its systems are made at once, since a demo must know them before it opens; its people come later.

    `us` is the address by which the demo signs.
    """

    def __init__(self, us: str) -> None:
        nobody = World(PersonList(()))
        self.residents = resident_network(nobody, {})
        self.family = IntermediateServerStandIn(WorldPeople(nobody), Wire(us))
        self.centre = CentreStandIn(CENTRE, us)
        registers = (RegistrationStandIn("licence_registration", us), self.centre)
        self.registers = {each.name: each for each in registers}
        public = PublicSearchStandIn("public_search", us)
        self.existing: Mapping[str, StandIn] = {**self.registers, public.name: public}
        self.systems: Mapping[str, str] = {
            name: f"{name}/{'files' if name == RESIDENTS else 'messages'}" for name in LABELS
        }
        self.keys: Mapping[str, Mapping[str, Any]] = {
            RESIDENTS: self.residents.jwks(),
            FAMILY: self.family.wire.jwks(),
            **{name: json.loads(each.jwks()) for name, each in self.existing.items()},
        }

    def app(
        self,
        people: Iterable[SyntheticPerson],
        mail: socket.socket,
        ours: Mapping[str, Mapping[str, Any]],
        encryption: Mapping[str, Mapping[str, Any]],
    ) -> Starlette:
        """The application of a sandbox with these people, for an installation with these public keys: those by which
        each system knows it, and those to which numbers and pass lists are encrypted."""
        world = World(PersonList(map(resident, people)))
        self.residents.register, self.residents.client = WorldRegister(world), ours[RESIDENTS]
        self.family.people, self.family.wire.register_key = WorldPeople(world), ours[FAMILY]
        for name, each in self.existing.items():
            each.ours = ours[name]
        for register in self.registers.values():
            register.clerks = Clerks(world)
        self.centre.vault, self.centre.register = encryption["numbers"], encryption["pass_list"]
        apps = {
            RESIDENTS: self.residents.app(),
            FAMILY: self.family.app(),
            **{name: each.app() for name, each in self.existing.items()},
        }
        systems = [
            System(name, label, apps[name], tells_state=name in self.existing)
            for name, label in LABELS.items()
        ]
        return Sandbox(world, systems, mail).app()
