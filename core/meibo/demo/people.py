"""Who may sign in at a demo's portal: synthetic holders, and the stand-in that lets one be any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One synthetic person: the portal pseudonym, the name, and what a page says of the person in both languages."""

    pseudonym: str
    name: str
    about: tuple[str, str]


class IdentityProviderMaker(Protocol):
    """Makes the ASGI application of an identity provider: its issuer, the audience of its tokens, who may be signed in,
    and the origins and paths to which it may send people back."""

    def __call__(self, issuer: str, audience: str, people: Sequence[DemoPerson]) -> Any:
        """The application."""


def identity_provider() -> Callable[..., Any] | None:
    """The installed stand-in's maker; None without the distribution `meibo-sandbox`."""
    found = list(entry_points(group="meibo.stand_ins", name="identity_provider"))
    return found[0].load() if found else None
