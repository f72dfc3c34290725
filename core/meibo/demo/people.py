"""Who may sign in at a demo's portal: synthetic holders, and the stand-in that lets one be any of them."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from meibo.professions.persons import SyntheticPerson


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


class DemoSandbox(Protocol):
    """The sandbox in which things happen to synthetic people, with the outside systems that it stands for."""

    @property
    def systems(self) -> Mapping[str, str]:
        """The path of each system, by its connector."""

    @property
    def keys(self) -> Mapping[str, Mapping[str, Any]]:
        """The public keys by which each is known, as a JWKS."""

    def app(
        self,
        people: Iterable[SyntheticPerson],
        mail: socket.socket,
        ours: Mapping[str, Mapping[str, Any]],
        encryption: Mapping[str, Mapping[str, Any]],
    ) -> Any:
        """The ASGI application; mail is taken on a socket. `ours` are the keys by which each system knows us,
        `encryption` those to which `numbers` from paper and a `pass_list` are encrypted."""


def identity_provider() -> IdentityProviderMaker | None:
    """The installed stand-in's maker; None without the distribution `meibo-sandbox`."""
    made: IdentityProviderMaker | None = _stand_in("identity_provider")
    return made


def sandbox(us: str) -> DemoSandbox | None:
    """The installed sandbox, for a demo that signs as this address, new at each call; None as above."""
    make = _stand_in("sandbox")
    made: DemoSandbox | None = make(us) if make else None
    return made


def _stand_in(name: str) -> Any:
    found = list(entry_points(group="meibo.stand_ins", name=name))
    return found[0].load() if found else None
