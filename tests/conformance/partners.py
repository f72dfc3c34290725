"""The examples for partners, run: each checks good presentations, and every one that must be refused.

python -m tests.conformance.partners    # prints a line for each check, as the other suites do
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.certificates.outcomes import Reason
from meibo.certificates.sdjwt.presenting import present
from tests.core.certificates.cases.presentations import REFUSED
from tests.core.certificates.world import (
    AUDIENCE,
    ISS,
    LIST,
    NONCE,
    OTHER_ISS,
    OTHER_TYPE,
    REVOKED,
    SUSPENDED,
    TYPE,
    VALUES,
    World,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "tutorial" / "verify"
WORK = ROOT / "var" / "conformance" / "partners"
SECONDS = 60
ADDRESS = re.compile(r"GraphQL +(http://\S+)/registry/graphql")
NOT_OURS = frozenset({Reason.REPLAYED, Reason.CHAIN_REVOKED, Reason.CRL_OLD})
"""What an example leaves to its reader: remembering what it has seen, and revocation lists."""
BOUNDS = frozenset({"claims_within_claims_without_end", "digest_that_is_a_number", "expiry_beyond_all_years"})
"""Cases of our own verifier's bounds; what they say harms nobody who reads it."""
TIMED = frozenset({"issued_beyond_the_skew", "key_binding_beyond_the_skew"})
"""A second beyond the skew when they are made, and within it when a program has started."""
Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A presentation and what an example must make of it: VALID with these claims, or another outcome."""

    name: str
    presentation: str
    outcome: str
    claims: Mapping[str, object] | None = None


def cases(world: World) -> Iterator[Case]:
    """The good ones, those whose licence does not stand, and all that is spoilt."""
    yield Case("a whole presentation", world.bound(world.issued()), "VALID", VALUES)
    part = {"birth_date": VALUES["birth_date"], "profession": VALUES["profession"]}
    yield Case("a part", world.bound(present(world.issued(), {"birth_date"})), "VALID", part)
    yield Case("a suspended one", world.bound(world.issued(SUSPENDED)), "SUSPENDED")
    yield Case("a revoked one", world.bound(world.issued(REVOKED)), "REVOKED")
    for name, (reason, make) in REFUSED.items():
        if reason not in NOT_OURS and name not in BOUNDS | TIMED:
            yield Case(name, make(world), "refused")


def prepare(world: World) -> None:
    """The trust list and the published list, as files."""
    (WORK / "status").mkdir(parents=True, exist_ok=True)
    (WORK / "status" / LIST.rpartition("/")[2]).write_bytes(world.status_token())
    trust = {
        "version": 1,
        "id": "test",
        "issuers": [{"iss": ISS, "types": [TYPE]}, {"iss": OTHER_ISS, "types": [OTHER_TYPE]}],
        "status": ["https://meibo.example/status/"],
        "anchors": [b64encode(world.root.public_bytes(Encoding.DER)).decode()],
        "keys": [],
        "crls": [],
    }
    (WORK / "trust.json").write_bytes(orjson.dumps(trust))


def commands() -> Iterator[tuple[str, list[str], list[str]]]:
    """How each example that checks, and each that redeems, is started, once it is compiled."""
    python, shell = EXAMPLES / "python", EXAMPLES / "shell"
    yield "python", [sys.executable, str(python / "check.py")], [sys.executable, str(python / "partner.py")]
    yield "shell", ["bash", str(shell / "check.sh")], ["bash", str(shell / "redeem.sh")]
    if compiled("java", ["javac", "--release", "17", "-Xlint:all", "-Werror", "-d", str(WORK / "java"),
                         *map(str, (EXAMPLES / "java").glob("*.java"))]):  # fmt: skip
        java = ["java", "-cp", str(WORK / "java")]
        yield "java", [*java, "Check"], [*java, "Redeem"]
    npm = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    typescript = WORK / "typescript"
    shutil.copytree(EXAMPLES / "typescript", typescript, dirs_exist_ok=True)
    if compiled("typescript", npm, typescript) and compiled("typescript", ["npx", "tsc"], typescript):
        out = typescript / "out"
        yield "typescript", ["node", str(out / "check.js")], ["node", str(out / "redeem.js")]


def compiled(name: str, command: list[str], folder: Path = ROOT) -> bool:
    """Whether a program ran; a line says so."""
    program = shutil.which(command[0])
    done = program and subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True)
    said = "" if not done else done.stdout + done.stderr
    good = bool(done) and done.returncode == 0  # type: ignore[union-attr]
    report(good, f"{name}: {command[0]} {command[1]}", said if program else "it is not installed")
    return good


def asked(command: list[str], presentation: str) -> Answer:
    """What an example says of a presentation."""
    words = [*command, str(WORK / "trust.json"), str(WORK / "status"), AUDIENCE, NONCE]
    done = subprocess.run(words, input=presentation, capture_output=True, text=True, timeout=SECONDS)
    try:
        told: Answer = orjson.loads(done.stdout)
    except orjson.JSONDecodeError:
        return {"outcome": "none", "reason": done.stderr[-500:]}
    agrees = (told["outcome"] == "VALID") == (done.returncode == 0)
    return told if agrees else {"outcome": "none", "reason": f"exit code {done.returncode}"}


def is_right(case: Case, told: Answer) -> bool:
    """Whether an answer is what the case says."""
    if case.outcome == "refused":
        return told["outcome"] not in ("VALID", "none")
    return told["outcome"] == case.outcome and (case.claims is None or told.get("claims") == case.claims)


@dataclass(frozen=True, slots=True)
class Place:
    """A demo with employees and a partner: its address, the employees' folder, the partner's id."""

    address: str
    employees: Path
    client: str


@contextmanager
def demo() -> Iterator[Place]:
    """A demo of the employees' professions, as the tutorial has it, stopped at the end."""
    meibo = str(Path(sys.executable).parent / "meibo")
    with tempfile.TemporaryDirectory(prefix="meibo-partners-") as folder:
        environment = os.environ | {"MEIBO_DATA": folder, "MEIBO_PROFESSIONS": "doctor,careworker"}
        words = [meibo, "demo", "--holders", "2", "--port", "0"]
        server = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            address = next(found[1] for line in server.stdout or () if (found := ADDRESS.match(line)))
            employees = Path(folder) / "employees"

            def sandbox(*told: str) -> str:
                asked = [meibo, "sandbox", *told]
                return subprocess.run(
                    asked, env=environment, check=True, capture_output=True, text=True
                ).stdout

            sandbox("employees", "--to", str(employees))
            yield Place(
                address, employees, sandbox("partner", str(employees / "partner" / "jwks.json")).strip()
            )
        finally:
            server.terminate()
            server.communicate(timeout=SECONDS)


def check_redeeming(name: str, command: list[str], place: Place) -> None:
    """Each employee's share comes to what the manifest says."""
    python = ["share"] if name == "python" else []
    key = str(place.employees / "partner" / "private.jwk.json")
    for employee in orjson.loads((place.employees / "employees.json").read_bytes()):
        link = (place.employees / employee["condition"] / "share.txt").read_text().strip()
        words = [*command, place.address, place.client, key, *python, link]
        done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS)
        told = re.search(r'"outcome": ?"(\w+)"', done.stdout)
        good = told is not None and told[1] == employee["share"]
        report(good, f"{name}: redeems the share of {employee['condition']}", done.stdout + done.stderr)


def report(good: bool, what: str, said: object = "") -> None:
    """A line, as the other suites print them."""
    print(f"ok {what}" if good else f"FAIL {what}: {said}", flush=True)


def main() -> int:
    """Run everything; the caller counts the lines."""
    world = World()
    listed = list(cases(world))
    prepare(world)
    ready = list(commands())
    with demo() as place:
        for name, _, command in ready:
            check_redeeming(name, command, place)
    for name, command, _ in ready:
        prepare(world)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = list(pool.map(lambda case: asked(command, case.presentation), listed))  # noqa: B023
        for case, told in zip(listed, answers, strict=True):
            report(is_right(case, told), f"{name}: {case.name}", told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
