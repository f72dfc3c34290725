"""The API: read the world as JSON, and make things happen. What is asked comes as JSON, or as a form of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import orjson

from meibo.clock import JAPAN
from meibo.errors import OperatorError
from meibo_sandbox.control.systems import System
from meibo_sandbox.world import Event, Fault, Kind, Person, World
from meibo_sandbox.world.names import Name
from meibo_sandbox.world.places import Place

Asked = Mapping[str, Any]

MOST_SHOWN, MOST_LOOKED_AT = 50, 5_000
MOST_TIMES, LONGEST_SECONDS = 1_000, 100 * 366 * 24 * 3600


class NotPossible(OperatorError):
    """What was asked for cannot be done, or not be understood."""


def parsed(body: bytes, *, form: bool) -> Asked:
    """What was asked; raises NotPossible for what is neither an object nor a form."""
    try:
        found = dict(parse_qsl(body.decode())) if form else orjson.loads(body or b"{}")
    except (orjson.JSONDecodeError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict):
        raise NotPossible("Send a JSON object.")
    return found


def state(world: World, systems: Mapping[str, System]) -> dict[str, Any]:
    """The clock, the systems and what was told."""
    return {
        "now": world.now().isoformat(),
        "since": world.since.isoformat(),
        "people": len(world),
        "systems": [_system(world, system) for system in systems.values()],
        "told": [_event(event) for event in world.told],
    }


def _system(world: World, system: System) -> dict[str, Any]:
    return {
        "name": system.name,
        "label": dict(zip(("ja", "en"), system.label, strict=True)),
        "faults": list(system.faults),
        "down": world.faults.is_down(system.name, world.now()),
        "waiting": list(world.faults.waiting(system.name)),
    }


def _event(event: Event) -> dict[str, Any]:
    return {"index": event.index, "kind": event.kind, "day": event.day.isoformat()}


def found(world: World, text: str) -> list[Person]:
    """People by index, number or code, or by a part of the name or kana among the first few thousand; all for ""."""
    exact = world.by_number(text) or world.by_resident_code(text)
    if exact:
        return [exact]
    if text.isdecimal() and len(text) < 9:
        one = world.person(int(text))
        return [one] if one else []
    people = islice(world, MOST_LOOKED_AT)
    return list(islice((each for each in people if text in each.name or text in each.kana), MOST_SHOWN))


def shown(person: Person) -> dict[str, Any]:
    """A person as JSON has one."""
    values = {field.name: getattr(person, field.name) for field in fields(person)}
    told = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
    return {**told, "gaiji": [str(each) for each in person.gaiji], "refuses": person.refuses}


def happen(world: World, index: int, asked: Asked) -> Event:
    """Let something happen to a person: `happening`, and where one moves or what one is called then, if it is said."""
    match asked.get("happening"):
        case Kind.DIED:
            return world.die(index)
        case Kind.LEFT:
            return world.leave(index)
        case Kind.MOVED:
            address, code = _text(asked, "address"), _text(asked, "municipality_code")
            return world.move(index, Place(code, address) if address and code else None)
        case Kind.RENAMED:
            family, kana = _text(asked, "family_name"), _text(asked, "family_name_kana")
            return world.rename(index, Name(family, kana) if family and kana else None)
        case Kind.NUMBER_CHANGED:
            return world.change_number(index)
        case _:
            raise NotPossible(f"happening is one of {', '.join(Kind)}.")


def set_clock(world: World, asked: Asked) -> None:
    """Let it be `now` (ISO, Japan's time where it names no zone), or let `advance_seconds` pass."""
    if "advance_seconds" in asked:
        world.advance(timedelta(seconds=_number(asked, "advance_seconds", LONGEST_SECONDS)))
        return
    try:
        instant = datetime.fromisoformat(_text(asked, "now"))
        world.set_clock(instant if instant.tzinfo else instant.replace(tzinfo=JAPAN))
    except (ValueError, OverflowError):
        raise NotPossible("now is an instant such as 2026-04-01T09:00:00+09:00.") from None


def spoil(world: World, system: System, asked: Asked) -> None:
    """Let a system's next answers go wrong (`fault`, `times`), let it be down (`down_seconds`), or mend it (`mend`)."""
    if asked.get("mend"):
        world.faults.reset(system.name)
    elif "down_seconds" in asked:
        seconds = _number(asked, "down_seconds", LONGEST_SECONDS)
        world.faults.down_until(system.name, world.now() + timedelta(seconds=seconds))
    elif asked.get("fault") in system.faults:
        times = _number({"times": 1, **asked}, "times", MOST_TIMES)
        world.faults.arm(system.name, Fault(asked["fault"]), times)
    else:
        raise NotPossible(f"fault is one of {', '.join(system.faults)}; or send down_seconds, or mend.")


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str) or len(value) > 200:
        raise NotPossible(f"{name} is a text of up to 200 characters.")
    return value


def _number(asked: Asked, name: str, most: int) -> int:
    try:
        value = int(asked[name])
    except (TypeError, ValueError):
        value = -1
    if not 0 <= value <= most:
        raise NotPossible(f"{name} is a whole number from 0 to {most}.")
    return value
