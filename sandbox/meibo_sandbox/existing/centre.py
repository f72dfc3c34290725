"""The body that holds an examination and keeps the register for its authority (社会福祉振興・試験センター).

Beside what an existing system does, it has numbers on paper to hand over once, and lists of those who passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwe
from joserfc.jwk import ECKey
from starlette.applications import Starlette

from meibo_sandbox.existing.handing import handing_routes
from meibo_sandbox.existing.registration import RegistrationStandIn
from meibo_sandbox.openid.keys import new_key

Row = Mapping[str, Any]


class Spoilt(StrEnum):
    """How a file of the centre's goes wrong."""

    TRUNCATED = "truncated"
    """What is encrypted in it breaks off."""
    FEWER = "fewer"
    """It holds a row less than it says."""
    GARBLED = "garbled"
    """A part of what is encrypted was altered."""
    WRONG_ENCODING = "wrong_encoding"
    """Its text is in Shift_JIS."""
    OVERSIZED = "oversized"
    """It is larger than any message."""
    WRONG_KEY = "wrong_key"
    """It is encrypted to somebody else."""
    WRONG_SIGNER = "wrong_signer"
    """It is signed by somebody else."""
    NONSENSE = "nonsense"
    """Its rows are of another form."""


@dataclass
class CentreStandIn(RegistrationStandIn):
    """`vault` and `register` are the public keys to which numbers and pass lists are encrypted.

    `papers` holds what it has of each batch until that is destroyed; `known` and `refused` say what came back for each
    reference.
    """

    vault: Mapping[str, str] = field(default_factory=dict)
    register: Mapping[str, str] = field(default_factory=dict)
    papers: dict[str, list[Row]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The system as an application, which hands out files beside."""
        app = super().app()
        app.routes.extend(handing_routes(self))
        return app

    def holds(self) -> dict[str, Any]:
        """What it still has of each batch, in lines, and what came back for each reference, beside all else."""
        left = {batch: len(rows) for batch, rows in self.papers.items()}
        return {**super().holds(), "papers": left, "known": self.known, "refused": self.refused}

    def answer(self, id: str, type: str, body: Any) -> tuple[str, Any]:
        """Pseudonyms take the place of the numbers; all else is as in every existing system."""
        if type != "pseudonyms":
            return super().answer(id, type, body)
        for line in body["lines"]:
            if line["licence"] is None:
                self.refused[line["reference"]] = line["outcome"]
            else:
                self.known[line["reference"]] = line["licence"]
        return "accepted", {}

    def take_answer(self, file: bytes) -> None:
        """Read the medium on which pseudonyms came back."""
        self.read_medium(file)

    def numbers(
        self,
        profession: str,
        lines: Iterable[Row],
        *,
        batch: UUID | None = None,
        on_paper: bool = False,
        spoilt: Spoilt | str | None = None,
    ) -> bytes:
        """A batch of numbers as a message, each under a reference of its own; kept until it is destroyed."""
        rows: list[Row] = [{"reference": str(uuid4()), "verified_by": "paper_copy", **line} for line in lines]
        id = str(batch or uuid4())
        self.papers[id], self.sizes[id] = rows, len(rows)
        body = {"profession": profession, "batch": id, "on_paper": on_paper}
        return self._file("numbers", body, rows, self.vault, spoilt)

    def destroy(self, batch: UUID) -> None:
        """Erase the data of a batch, and what paper there is; raises KeyError for none of its own."""
        self.papers[str(batch)].clear()

    def certificate(self, profession: str, batch: UUID, day: str, /, **changed: Any) -> bytes:
        """The signed word that a batch was destroyed on a day (ISO); raises ValueError while it was not."""
        if self.papers[str(batch)]:
            raise ValueError("nobody certifies what was not done")
        body = {
            "profession": profession, "batch": str(batch), "proof": "erasure", "count": self.sizes[str(batch)],
            "destroyed_date": day, "method": "overwritten",
        }  # fmt: skip
        return self._unasked("certificate", body | changed, self.key)

    def pass_list(
        self,
        profession: str,
        year: int,
        rows: Iterable[Row],
        *,
        list: UUID | None = None,
        replaces: str | None = None,
        spoilt: Spoilt | str | None = None,
    ) -> bytes:
        """Those who passed in a year as a message; `replaces` is the id of a list that was wrong."""
        body = {"profession": profession, "list": str(list or uuid4()), "year": year, "replaces": replaces}
        return self._file("pass_list", body, [*rows], self.register, spoilt)

    def _file(
        self, type: str, body: Row, rows: list[Row], to: Mapping[str, str], fault: Spoilt | str | None
    ) -> bytes:
        spoilt = Spoilt(fault) if fault else None
        said = len(rows) + (spoilt is Spoilt.FEWER)
        key = new_key() if spoilt is Spoilt.WRONG_KEY else ECKey.import_key(dict(to))
        encrypted = _encrypted(_text(rows, spoilt), key)
        if spoilt is Spoilt.GARBLED:
            encrypted = encrypted[:-30] + ("A" if encrypted[-30] != "A" else "B") + encrypted[-29:]
        if spoilt is Spoilt.OVERSIZED:
            encrypted += "A" * 2_000_000
        signer = new_key() if spoilt is Spoilt.WRONG_SIGNER else self.key
        return self._unasked(type, {**body, "count": said, "encrypted": encrypted}, signer)

    def _unasked(self, type: str, body: Any, key: ECKey) -> bytes:
        return self._sealed(type, body, None, key)


def _text(rows: list[Row], spoilt: Spoilt | None) -> bytes:
    if spoilt is Spoilt.NONSENSE:
        return b'[{"name": 1}]'
    text = json.dumps(rows, ensure_ascii=False)
    if spoilt is Spoilt.WRONG_ENCODING:
        return text.encode("cp932")
    return text.encode()[:-9] if spoilt is Spoilt.TRUNCATED else text.encode()


def _encrypted(plain: bytes, key: ECKey) -> str:
    header = {"alg": "ECDH-ES", "enc": "A256GCM"}
    return jwe.encrypt_compact(header, plain, key, algorithms=["ECDH-ES", "A256GCM"])
