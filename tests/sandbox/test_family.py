"""The stand-in of the intermediate server: it signs, decrypts, forgets, and goes wrong on demand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey

from meibo_sandbox.family import Fault, IntermediateServerStandIn, Wire, WorldPeople
from meibo_sandbox.family.wire import ENCRYPTION, NAME, TYP
from meibo_sandbox.world import World, population

REGISTER = "https://register.example"
HEADERS = {"alg": "ES256", "typ": TYP, "kid": "register"}


@dataclass
class Register:
    """Whoever asks: a key of a test, and what it says."""

    http: httpx.AsyncClient
    stand_in: IntermediateServerStandIn
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))

    async def send(self, type: str, body: Mapping[str, Any], **more: Any) -> httpx.Response:
        """A message, signed."""
        envelope = {"id": str(uuid4()), "iss": REGISTER, "aud": NAME, "type": type, "body": dict(body)} | more
        message = jws.serialize_compact(HEADERS, json.dumps(envelope).encode(), self.key)
        headers = {"idempotency-key": envelope["id"], "content-type": "application/jose"}
        return await self.http.post("/messages", content=message, headers=headers)

    async def ask(self, type: str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """The envelope of the answer."""
        answer = await self.send(type, body, **more)
        assert answer.status_code == 200
        found = jws.deserialize_compact(answer.content, self.stand_in.wire.signing)
        told: dict[str, Any] = json.loads(found.payload or b"")
        return told

    def encrypted(self, text: str) -> str:
        header = {"alg": ENCRYPTION[0], "enc": ENCRYPTION[1]}
        public = ECKey.import_key(self.stand_in.wire.encryption.as_dict(private=False))
        return jwe.encrypt_compact(header, text.encode(), public, algorithms=ENCRYPTION)


@pytest.fixture
def people() -> World:
    return World(population(7, 5))


@pytest.fixture
async def register(people: World) -> AsyncIterator[Register]:
    stand_in = IntermediateServerStandIn(WorldPeople(people), Wire(REGISTER), now=people.now)
    transport = httpx.ASGITransport(app=stand_in.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        made = Register(http, stand_in)
        stand_in.wire.register_key = made.key.as_dict(private=False)  # type: ignore[assignment]
        yield made


async def symbol_of(register: Register, number: str) -> str:
    told = await register.ask("obtain_symbol", {"number": register.encrypted(number)})
    return str(told["body"]["symbol"])


async def test_the_same_people_are_known_here_and_die_here_too(register: Register, people: World) -> None:
    person = people.person(0)
    assert person is not None
    symbol = await symbol_of(register, person.individual_number)
    assert symbol == await symbol_of(register, person.individual_number)
    body = {"symbol": register.encrypted(symbol), "legal_basis": "x", "items": ["death_date", "death_reason"]}
    assert (await register.ask("inquire", body))["body"]["items"] == {}
    people.die(0)
    told = await register.ask("inquire", body)
    assert told["body"]["items"] == {"death_date": people.today().isoformat(), "death_reason": "1"}
    assert date.fromisoformat(told["body"]["items"]["death_date"]) == people.today()


async def test_nobody_has_an_unknown_number_or_symbol(register: Register) -> None:
    for type, body in (
        ("obtain_symbol", {"number": register.encrypted("999999999990")}),
        ("inquire", {"symbol": register.encrypted("x"), "legal_basis": "x", "items": []}),
        ("ask_deletion", {"inquiry": str(uuid4())}),
    ):
        told = await register.ask(type, body)
        assert (told["type"], told["body"]) == ("rejected", {"code": "NO_MATCH"})


async def test_a_result_is_forgotten_when_its_time_is_over(register: Register, people: World) -> None:
    person = people.person(1)
    assert person is not None
    symbol, id = await symbol_of(register, person.individual_number), str(uuid4())
    items = ["registered_domicile_code"]
    body = {"symbol": register.encrypted(symbol), "legal_basis": "x", "items": items}
    told = await register.ask("inquire", body, id=id)
    assert told["body"]["items"] == {"registered_domicile_code": person.municipality_code}
    still = await register.ask("ask_deletion", {"inquiry": id})
    assert still["body"] == {"code": "STILL_KEPT"}
    assert list((await register.http.get("/sandbox/state")).json()["kept"]) == [id]
    people.advance(timedelta(hours=2))
    gone = await register.ask("ask_deletion", {"inquiry": id})
    assert (gone["type"], gone["body"]["inquiry"]) == ("deleted", id)
    assert datetime.fromisoformat(gone["body"]["at"]).astimezone(UTC) <= people.now()
    assert register.stand_in.held[id].values == {}
    assert (await register.http.get("/sandbox/state")).json()["kept"] == {}


async def test_strangers_and_other_keys_are_refused(register: Register) -> None:
    for changed in ({"iss": "https://stranger.example"}, {"aud": "somebody"}):
        assert (await register.send("ask_deletion", {"inquiry": ""}, **changed)).status_code == 400
    register.key = ECKey.generate_key("P-256")
    assert (await register.send("ask_deletion", {"inquiry": ""})).status_code == 400
    assert register.stand_in.came == []


async def test_faults_are_switched_on_and_off(register: Register) -> None:
    asked = {"number": register.encrypted("999999999990")}
    for fault, status in ((Fault.DOWN, 503), (Fault.LATE, 202), (Fault.GARBLED, 200)):
        switched = await register.http.post("/sandbox/fault", json={"fault": fault.value})
        assert (switched.status_code, (await register.send("obtain_symbol", asked)).status_code) == (
            204,
            status,
        )
    assert (await register.http.get("/sandbox/state")).json()["waiting"] == 1
    assert (await register.http.post("/sandbox/fault", json={"fault": None})).status_code == 204
    assert (await register.ask("obtain_symbol", asked))["type"] == "rejected"
    wrong = await register.http.post("/sandbox/fault", json={"fault": "tired"})
    assert (wrong.status_code, wrong.json()["faults"][0]) == (400, "down")


async def test_the_keys_that_it_hands_over_are_public(register: Register) -> None:
    keys = (await register.http.get("/jwks")).json()["keys"]
    assert [(each["use"], "d" in each) for each in keys] == [("sig", False), ("enc", False)]
