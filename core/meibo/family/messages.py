"""What is said to the intermediate server, and what it says: all of it.

Numbers and symbols are left empty where a message waits; the vault puts them in, encrypted, when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from meibo.connectors import Message

CONNECTOR = "intermediate_server"
OBTAIN_SYMBOL, INQUIRE, ASK_DELETION = "obtain_symbol", "inquire", "ask_deletion"
SYMBOL, RESULT, DELETED = "symbol", "result", "deleted"
Item = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,64}$")]
Code = Annotated[str, msgspec.Meta(pattern="^[!-~]{1,128}$")]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class ObtainSymbol(Message, frozen=True):
    """The symbol of the person with this individual number (JWE)."""

    number: str = ""


class Inquire(Message, frozen=True):
    """What the family register says, item by item, of the person with this symbol (JWE)."""

    legal_basis: str
    items: list[Item]
    symbol: str = ""


class AskDeletion(Message, frozen=True):
    """Whether the result of an inquiry is deleted there."""

    inquiry: UUID


class Symbol(Message, frozen=True):
    """The symbol that was asked for: it identifies the person to this register's office alone."""

    symbol: Code


class Result(Message, frozen=True):
    """Values by item, and until when the intermediate server keeps them."""

    items: Mapping[Item, Annotated[str, msgspec.Meta(max_length=1_000)]]
    kept_until: Aware


class Deleted(Message, frozen=True):
    """The result of an inquiry was deleted there."""

    inquiry: UUID
    at: Aware


SENDS: Mapping[str, type[Message]] = {
    OBTAIN_SYMBOL: ObtainSymbol,
    INQUIRE: Inquire,
    ASK_DELETION: AskDeletion,
}
RECEIVES: Mapping[str, type[Message]] = {SYMBOL: Symbol, RESULT: Result, DELETED: Deleted}
