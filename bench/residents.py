"""The resident-record network of a check that is measured: the sandbox's stand-in in a process of its own, which knows
the benchmarks' doctors and what a year did to some of them, by a seed that no worker knows.

Whose number it is stands in the number, so a million residents are kept nowhere. The process is told the
installation's public keys on its standard input, and tells its port and its own keys on its standard output.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import Any

import uvicorn

from bench.doctors import CODE, Doctors
from meibo.checking.facts import Held
from meibo.checking.holdings import FACTS
from meibo.checking.outcomes import Outcome
from meibo.host import load_host
from meibo_sandbox.residents import Resident, ResidentNetwork
from meibo_sandbox.world.numbers import following, index_of, resident_code

SEED = int(os.environ.get("BENCH_SEED", "20261126"))
THOUSANDTHS = (
    (Outcome.RENAMED, 8), (Outcome.NUMBER_CHANGED, 5), (Outcome.DEAD, 12), (Outcome.NO_MATCH, 3),
)  # fmt: skip
"""To how many of a thousand each happens in a year; a register without addresses does not see that somebody moved."""


def happened(index: int) -> Outcome:
    """What the year did to a doctor."""
    drawn = int.from_bytes(blake2b(b"%d/%d" % (SEED, index), digest_size=4).digest()) % 1000
    for outcome, thousandths in THOUSANDTHS:
        if drawn < thousandths:
            return outcome
        drawn -= thousandths
    return Outcome.UNCHANGED


@dataclass(frozen=True, slots=True)
class Residents:
    """Finds the resident of a number."""

    persons: Sequence[Resident]

    def find(self, asked: Mapping[str, str]) -> Sequence[Resident]:
        """The doctor to whom the number was given, unless the year took the record."""
        number = asked.get("subject_individual_number", "")
        index = index_of(number)
        outcome = Outcome.NO_MATCH if index is None else happened(index)
        if index is None or outcome is Outcome.NO_MATCH:
            return []
        person = self.persons[index % len(self.persons)]
        own = {"individual_number": number, "resident_code": resident_code(index)}
        return [replace(person, **own | _changed(person, number, outcome))]


def _changed(person: Resident, number: str, outcome: Outcome) -> dict[str, Any]:
    """What is not as it was; a number that changes does so in every run."""
    match outcome:
        case Outcome.RENAMED:
            name, kana = (text.partition("　")[2] for text in (person.name, person.kana))
            return {"name": f"改姓　{name}", "kana": f"カイセイ　{kana}"}
        case Outcome.NUMBER_CHANGED:
            return {"individual_number": following(number), "former_numbers": (number,)}
        case Outcome.DEAD:
            return {"dead_since": "2026-05-01"}
        case _:
            return {}


@cache
def _persons() -> list[Resident]:
    """The persons of whom the doctors are made, as residents."""
    doctors = Doctors(load_host(only={CODE}), narrow=True)
    return [_resident(entry["register"]) for entry in doctors.entries]


def _resident(entered: Mapping[str, Any]) -> Resident:
    held = Held(**{fact: entered.get(fact) or "" for fact in FACTS[:4]})
    return Resident(
        name=held.name, kana=held.kana, birth_date=entered["birth_date"].value, sex=entered["sex_code"],
        address="見本県見本市一丁目2番3号", individual_number="", resident_code="",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serving:
    """A stand-in that listens: its address, the keys that whoever asks has to know, and its process."""

    address: str
    jwks: Mapping[str, Any]
    pid: int


@contextmanager
def serving(keys: Mapping[str, Any]) -> Iterator[Serving]:
    """The stand-in for an installation with these public keys, until the block ends."""
    command = [sys.executable, "-m", "bench.residents"]
    told = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **told) as process:  # noqa: S603 - Our own.
        try:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(keys).encode())
            process.stdin.close()
            told = json.loads(process.stdout.readline())
            yield Serving(f"http://127.0.0.1:{told['port']}/files", told["jwks"], process.pid)
        finally:
            process.terminate()


def main() -> None:
    """Serve the network until the process is ended."""
    network = ResidentNetwork(Residents(_persons()), json.load(sys.stdin))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        print(json.dumps({"port": listening.getsockname()[1], "jwks": network.jwks()}), flush=True)
        server = uvicorn.Server(uvicorn.Config(network.app(), log_config=None, lifespan="off"))
        server.run(sockets=[listening])


if __name__ == "__main__":
    main()
