"""In whose name things are done that no person asks for: an answer is filed, a deletion is asked about."""

from __future__ import annotations

from collections.abc import Iterable

from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.family.messages import CONNECTOR

MAY = frozenset({Permission.LINK_SEND, Permission.NUMBER_ENROL, Permission.NUMBER_SEND})


def machine(professions: Iterable[str]) -> Principal:
    """The link itself: it sends and files, and reads nothing."""
    account = f"link:{CONNECTOR}"
    return Principal(account, CONNECTOR, "link", Surface.COMMAND, MAY, frozenset(professions))
