"""What a plugin declares of an outside system: its name, and the messages that go there and come from there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.errors import PluginError
from meibo.items.shared.family_register import FamilyRegister

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Direction(StrEnum):
    """Which way messages go, seen from here."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message: fields of exact types, none of them a number's: those leave from the vault alone."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in, checked; `answers` is the id of our message that it answers, `raw` what was signed, for
    whoever files it as evidence."""

    id: UUID
    type: str
    message: Message
    answers: UUID | None
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is about to be sent for a licence, as it was kept."""

    id: UUID
    scope: int
    licence: UUID
    message: Message


Receive = Callable[[AsyncConnection, Received], Awaitable[None]]
Complete = Callable[[Outgoing], Awaitable[Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """An outside system: message types by name, and what a message that comes in does.

    `receive` writes in the transaction that notes the message's id, so it happens once; it raises to refuse.
    `complete` puts into a message what may not be kept with it, each time that it is sent.
    """

    name: str
    direction: Direction
    sends: Mapping[str, type[Message]] = field(default_factory=dict)
    receives: Mapping[str, type[Message]] = field(default_factory=dict)
    receive: Receive | None = None
    complete: Complete | None = None


def by_name(declared: Iterable[tuple[str, Connector]]) -> dict[str, Connector]:
    """(plugin, connector) -> connectors by name; raises PluginError for a bad name, two of one, or a wrong way."""
    found: dict[str, Connector] = {}
    for plugin, each in declared:
        if not NAME.fullmatch(each.name):
            raise PluginError(f"Plugin {plugin!r}: a connector's name is a lower-case word: rename it.")
        if each.name in found:
            raise PluginError(f"Two connectors are named {each.name!r}: rename that of plugin {plugin!r}.")
        if (each.sends and each.direction is Direction.IN) or (
            each.receives and (each.direction is Direction.OUT or each.receive is None)
        ):
            raise PluginError(
                f"Plugin {plugin!r}: the connector {each.name!r} has messages against its direction,"
                " or nothing to receive them: mend its declaration."
            )
        if any(map(_tells, each.sends.values())):
            raise PluginError(
                f"Plugin {plugin!r}: the connector {each.name!r} would send what the family register says:"
                " nobody may be given that. Take it out of its messages."
            )
        found[each.name] = each
    return found


@cache
def _tells(message: type[Message]) -> bool:
    """Whether a message has a place for what the family register says (番号法19条 lets it go to no other)."""
    _, parts = msgspec.json.schema_components([message])
    named = {name for part in parts.values() for name in part.get("properties", {})}
    return not named.isdisjoint({*FamilyRegister.items, "family_register"})
