"""What a job may carry: references. A payload is refused where it is declared if a text could stand in it.

A name, an address, a day of birth or a number has nowhere to go: fields are ids that we drew ourselves, members of
closed sets, and the small numbers of professions.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_type_hints
from uuid import UUID

import msgspec

from meibo.errors import InvalidValue, PluginError

RANDOM = 4
"""The version of the ids that we draw: none of another kind is a reference of ours."""
Scope = Annotated[int, msgspec.Meta(ge=0, le=32_767)]
"""The small number of a profession."""


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a job works on: fields of UUID, Scope or an enum of ours, nothing else."""


class Nothing(Payload, frozen=True):
    """The payload of a job that needs none, such as one of the clock."""


NOTHING = Nothing()
P = TypeVar("P", bound=Payload)


def check_payload(payload: type[Payload]) -> None:
    """Raise PluginError naming the first field of a payload that could hold more than a reference."""
    for name, hint in get_type_hints(payload, include_extras=True).items():
        if not _refers(hint):
            raise PluginError(
                f"The job payload {payload.__name__} has a field {name!r} that is no reference:"
                " use a UUID, a Scope or a StrEnum."
            )


def write_payload(payload: Payload) -> str:
    """A payload as it is stored; raises InvalidValue where an id was not drawn at random, or a field is mistyped."""
    text = msgspec.json.encode(payload)
    if read_payload(type(payload), text) != payload or not all(map(_drawn, msgspec.structs.astuple(payload))):
        raise _no_reference()
    return text.decode()


def read_payload(payload: type[P], text: str | bytes) -> P:
    """A payload as it was stored; raises InvalidValue for anything else."""
    try:
        return msgspec.json.decode(text, type=payload)
    except msgspec.DecodeError:  # Its sentence may repeat what stands there.
        raise _no_reference() from None


def _refers(hint: Any) -> bool:
    return hint in (UUID, Scope) or (isinstance(hint, type) and issubclass(hint, StrEnum))


def _drawn(value: object) -> bool:
    return not isinstance(value, UUID) or value.version == RANDOM


def _no_reference() -> InvalidValue:
    return InvalidValue(
        "job.payload",
        "ジョブには参照だけを入れてください。",
        "A job carries references alone: ids drawn at random, members of closed sets, scopes.",
    )
