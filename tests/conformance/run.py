"""Public checks: certificates by software of others, and a server: GraphQL over HTTP, Relay, clients, explorer.

    .venv/bin/python tests/conformance/run.py                # starts the demo, checks it, stops it
    .venv/bin/python tests/conformance/run.py -- COMMAND …   # the same with another start command

Needs Node 20, a JDK 17, jq and openssl and, for the explorer, Chromium. Prints one line for each check and
`N passed, N failed`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
START = (str(Path(sys.executable).parent / "meibo"), "demo", "--ephemeral", "--port", "0")
"""Starts a server on a free port; prints an address `http://127.0.0.1:PORT` when it is ready."""

SURFACE = "/registry"
SAMPLES = ROOT / "var" / "conformance" / "certificates.json"
CHECK = ROOT / "var" / "conformance" / "check"
CASES = CHECK / "cases.json"
SCREENSHOT = ROOT / "var" / "conformance" / "explorer.png"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 120
STOP_SECONDS = 10
SUITE_SECONDS = 600
AT_ONCE = 2
"""Parts that run side by side; each mostly waits for one program."""

ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):(\d+)")


class Unprepared(Exception):
    """Something that the checks need is missing; the text says what to do."""


@dataclass
class Tally:
    """How many checks passed and failed."""

    passed: int = 0
    failed: int = 0
    told: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, script: str, output: str) -> None:
        """Print what a script said, in one piece, and count its checks."""
        lines = output.splitlines()
        passed, failed = (sum(line.startswith(word) for line in lines) for word in ("ok ", "FAIL "))
        with self.told:
            print(*lines, f"{script}: {passed} passed, {failed} failed", sep="\n", flush=True)
            self.passed += passed
            self.failed += failed


def main(arguments: list[str]) -> int:
    """Run everything; 0 if all passed."""
    command = tuple(arguments[1:]) if arguments[:1] == ["--"] else START
    tally = Tally()
    if attempt(tally, prepare):
        parts = (check_partners, check_certificates, check_page, partial(check_server, command))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda part: attempt(tally, part, tally), parts))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


def attempt(tally: Tally, work: Callable[..., None], *given: Tally) -> bool:
    """Whether a piece of work had all that it needs; what it lacks is a failed check."""
    try:
        work(*given)
    except Unprepared as problem:
        tally.tell("unprepared", f"FAIL {problem}")
        return False
    return True


def prepare() -> None:
    """Everything that is installed where it is missing, before parts run side by side."""
    install_packages()
    provide("javac", "openjdk-17-jdk-headless")
    provide("jq", "jq")
    find_chromium()


def check_certificates(tally: Tally) -> None:
    """Certificates made afresh, read by software of others."""
    SAMPLES.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "tests.conformance.samples", str(SAMPLES)], cwd=ROOT, check=True)
    for script in ("certificates.mjs", "cose.mjs"):
        run_script(tally, script, str(SAMPLES))


def check_page(tally: Tally) -> None:
    """The check page, on a server whose office acts while it is looked at."""
    CHECK.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "tests.conformance.qr_cases", str(CASES)], cwd=ROOT, check=True)
    with server((sys.executable, "-m", "tests.conformance.check_site", str(CHECK))) as origin:
        run_script(tally, "check.mjs", origin, find_chromium(), str(CHECK), str(CASES))


def check_partners(tally: Tally) -> None:
    """The examples for partners, in four languages."""
    run_program(tally, "partners", [sys.executable, "-m", "tests.conformance.partners"], ROOT)


def check_server(command: tuple[str, ...], tally: Tally) -> None:
    """The suites, one after the other, on a server that a command starts."""
    with server(command) as origin:
        token, endpoint = sign_in(origin), f"{origin}{SURFACE}/graphql"
        for script in ("audits.mjs", "relay.mjs", "clients.mjs"):
            run_script(tally, script, endpoint, token)
        SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
        run_script(tally, "explorer.mjs", origin, find_chromium(), str(SCREENSHOT))


def install_packages() -> None:
    """The Node packages, in the exact versions of package.json."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        raise Unprepared("Node is missing: install Node 20 with npm.")
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=FOLDER, stdout=subprocess.DEVNULL).returncode:
        raise Unprepared("npm install failed; its words stand above.")


def find_chromium() -> str:
    """The browser's path; on Debian as root it is installed where it is missing."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found:
        return found
    return provide("chromium", "chromium")


def provide(program: str, package: str) -> str:
    """A program's path; on Debian as root its package is installed where it is missing."""
    if not shutil.which(program) and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (["update"], ["install", "-y", package]):
            subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if installed := shutil.which(program):
        return installed
    raise Unprepared(f"{program} is missing: install it (Debian: apt-get install {package}).")


HASTE = {"MEIBO_DOCUMENTS_PER_SECOND": "1000"}
"""The checks send each of many documents once, as fast as they are answered."""


@contextmanager
def server(command: tuple[str, ...]) -> Iterator[str]:
    """A running server; gives its origin, and stops what it started."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | HASTE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        yield wait_until_ready(process, lines)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        reader.join(STOP_SECONDS)


def wait_until_ready(process: subprocess.Popen[str], lines: list[str]) -> str:
    """The origin that the server printed, once the explorer's page answers there."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        port = next((match[1] for line in list(lines) if (match := ADDRESS.search(line))), None)
        if port and answers(origin := f"http://127.0.0.1:{port}"):
            return origin
        time.sleep(0.1)
    print("".join(lines[-20:]))
    raise Unprepared(f"The server did not start (limit {START_SECONDS} s); its last words stand above.")


def answers(origin: str) -> bool:
    """Whether the explorer's page is there."""
    try:
        return httpx.get(f"{origin}{SURFACE}/explorer").is_success
    except httpx.TransportError:
        return False


def sign_in(origin: str) -> str:
    """A bearer token of the first demo account."""
    accounts = httpx.get(f"{origin}{SURFACE}/demo/accounts").raise_for_status().json()
    body = {"account": accounts[0]["account"]}
    return str(httpx.post(f"{origin}{SURFACE}/demo/sign-in", json=body).raise_for_status().json()["token"])


def run_script(tally: Tally, script: str, *arguments: str) -> None:
    """Run one script of Node and count its lines."""
    run_program(tally, script, ["node", script, *arguments], FOLDER)


def run_program(tally: Tally, script: str, command: list[str], folder: Path) -> None:
    """Run a program and count its lines; a crash is a failed check."""
    try:
        done = subprocess.run(command, cwd=folder, text=True, timeout=SUITE_SECONDS, stdout=subprocess.PIPE)
        output, crashed = done.stdout, done.returncode != 0
    except subprocess.TimeoutExpired:
        output, crashed = "", True
    tally.tell(script, output + f"FAIL {script} did not run to its end\n" * crashed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
