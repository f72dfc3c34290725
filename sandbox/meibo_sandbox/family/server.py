"""The stand-in as an ASGI application. It knows its people by number, and the register by its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Protocol

import httpx
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meibo_sandbox.family.faults import SPOILT, Fault
from meibo_sandbox.family.wire import NAME, Answer, Wire

JOSE = "application/jose"
OLD = timedelta(days=1)
"""How long ago a stale message was signed."""


class FamilyPeople(Protocol):
    """Who has which number, and what the family register says of them."""

    def family_register(self, number: str) -> Mapping[str, str] | None:
        """Values by item of the 16; None for a number that nobody has."""


@dataclass(slots=True)
class Held:
    """A result that is kept until its time is over."""

    values: Mapping[str, str]
    kept_until: datetime
    deleted_at: datetime | None = None


@dataclass(slots=True)
class IntermediateServerStandIn:
    """Answers each message once: the same key again gets the same answer. `fault` spoils answers until it is lifted."""

    people: FamilyPeople
    wire: Wire
    address: str = ""
    kept: timedelta = timedelta(hours=1)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    fault: Fault | None = None
    symbols: dict[str, str] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    answered: dict[str, Answer] = field(default_factory=dict)
    waiting: list[Answer] = field(default_factory=list)
    """Messages that are to be pushed to the register."""
    came: list[tuple[str, str]] = field(default_factory=list)
    """(type, id) of every message, each time that it came."""

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/messages", self.messages, methods=["POST"]),
            Route("/jwks", self.jwks, methods=["GET"]),
            Route("/sandbox/state", self.state, methods=["GET"]),
            Route("/sandbox/fault", self.spoil, methods=["POST"]),
            Route("/sandbox/push", self.pushed, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def messages(self, request: Request) -> Response:
        """A message of the register: its answer at once, or 202 where that comes later."""
        if self.fault is Fault.DOWN:
            return Response(status_code=503)
        try:
            asked = self.wire.read(await request.body())
        except (JoseError, ValueError, KeyError):
            return Response(status_code=400)
        if request.headers.get("idempotency-key") != asked["id"]:
            return Response(status_code=400)
        self.came.append((asked["type"], asked["id"]))
        if asked["id"] not in self.answered:
            self.answered[asked["id"]] = self._answer(asked)
        return self._on_its_way(self.answered[asked["id"]])

    async def jwks(self, _request: Request) -> Response:
        """The public keys."""
        return JSONResponse(self.wire.jwks())

    async def state(self, _request: Request) -> Response:
        """What stands here: counts, and which results are kept. No number and no value of anybody's."""
        self.forget()
        kept = {id: each.kept_until.isoformat() for id, each in self.held.items() if each.deleted_at is None}
        told = {"symbols": len(self.symbols), "messages": len(self.came), "kept": kept}
        return JSONResponse({**told, "waiting": len(self.waiting)})

    async def spoil(self, request: Request) -> Response:
        """Spoil answers from now on, or no longer: `{"fault": "late"}`, `{"fault": null}`."""
        try:
            wanted = (await request.json())["fault"]
            self.fault = None if wanted is None else Fault(wanted)
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"faults": [each.value for each in Fault]}, 400)
        return Response(status_code=204)

    async def pushed(self, request: Request) -> Response:
        """Push what waits to the register: `{"register": "https://…"}`."""
        address = (await request.json())["register"]
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            return JSONResponse({"answered": await self.push(client)})

    async def push(self, client: httpx.AsyncClient) -> list[int]:
        """Push what waits, oldest first; gives the register's statuses. What it does not take waits on."""
        statuses, left = [], []
        for each in self.waiting:
            message, headers = self._signed(each), {"content-type": JOSE}
            answer = await client.post(f"/link/{NAME}", content=message, headers=headers)
            statuses.append(answer.status_code)
            left += [] if answer.status_code == 204 else [each]
        self.waiting = left
        return statuses

    def forget(self) -> None:
        """Delete results whose time is over, as the network's rules have it."""
        for each in self.held.values():
            is_over = each.deleted_at is None and each.kept_until <= self.now()
            if is_over and self.fault is not Fault.FORGETFUL:
                each.values, each.deleted_at = {}, self.now()

    def _answer(self, asked: Mapping[str, Any]) -> Answer:
        if self.fault is Fault.REFUSING:
            return self._rejected(asked, "NOT_PERMITTED")
        made = {"obtain_symbol": self._symbol, "inquire": self._result, "ask_deletion": self._deleted}
        return made[asked["type"]](asked)

    def _symbol(self, asked: Mapping[str, Any]) -> Answer:
        number = self.wire.decrypted(asked["body"]["number"])
        if self.people.family_register(number) is None:
            return self._rejected(asked, "NO_MATCH")
        known = {held: symbol for symbol, held in self.symbols.items()}
        symbol = known.get(number) or token_urlsafe(24)
        self.symbols[symbol] = number
        return Answer("symbol", {"symbol": symbol}, asked["id"])

    def _result(self, asked: Mapping[str, Any]) -> Answer:
        number = self.symbols.get(self.wire.decrypted(asked["body"]["symbol"]))
        found = self.people.family_register(number) if number else None
        if found is None:
            return self._rejected(asked, "NO_MATCH")
        wanted = set(found) if self.fault is Fault.TOO_MUCH else set(asked["body"]["items"])
        held = Held({item: found[item] for item in found if item in wanted}, self.now() + self.kept)
        self.held[asked["id"]] = held
        told = {"items": dict(held.values), "kept_until": held.kept_until.isoformat()}
        return Answer("result", told, asked["id"])

    def _deleted(self, asked: Mapping[str, Any]) -> Answer:
        self.forget()
        held = self.held.get(asked["body"]["inquiry"])
        if held is None or held.deleted_at is None:
            return self._rejected(asked, "STILL_KEPT" if held else "NO_MATCH")
        told = {"inquiry": asked["body"]["inquiry"], "at": held.deleted_at.isoformat()}
        return Answer("deleted", told, asked["id"])

    def _rejected(self, asked: Mapping[str, Any], code: str) -> Answer:
        return Answer("rejected", {"code": code}, asked["id"])

    def _signed(self, answer: Answer) -> bytes:
        return self.wire.write(answer, self.now() - OLD if self.fault is Fault.STALE else self.now())

    def _on_its_way(self, answer: Answer) -> Response:
        """The answer as it arrives, and what comes after it."""
        if self.fault in (Fault.LATE, Fault.TWICE):
            self.waiting.append(answer)
        if self.fault is Fault.LATE:
            return Response(status_code=202)
        return Response(SPOILT.get(self.fault, bytes)(self._signed(answer)), media_type=JOSE)
