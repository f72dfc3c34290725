"""`meibo keys` and `meibo certificates`: from the root on another machine to keys that sign, and back out of use."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from meibo.cli import cli
from meibo.errors import MeiboError
from tests import forking

PASSPHRASE = "correct horse battery"  # Of a root that lives as long as the test.
ISS = "https://meibo.example/issuers/medical"
ORIGIN = "https://meibo.example"
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Told:
    lines: list[str]
    error: str


Meibo = Callable[..., Told]


@pytest.fixture
def meibo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Meibo:
    """Runs the command on an installation of its own, in this process."""
    monkeypatch.setenv("MEIBO_DATA", "var")
    monkeypatch.setenv("MEIBO_PROFESSIONS", "doctor")
    monkeypatch.setenv("ROOT_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Told:
        done = CliRunner().invoke(cli, list(map(str, arguments)))
        error = done.exception
        told = error.en if isinstance(error, MeiboError) else str(error or "")
        return Told(done.output.splitlines(), told)

    return run


@pytest.fixture
def migrated(meibo: Meibo) -> Meibo:
    meibo("migrate")
    return meibo


NEEDED = [("certificate", ISS), ("qr", ISS), ("status", ORIGIN), ("receipt", ORIGIN)]
FILES = ["medical.certificate", "medical.qr", "meibo.example.status", "meibo.example.receipt"]


def installed(meibo: Meibo) -> None:
    """Root, requests, certificates, all of them installed."""
    meibo("keys", "root", "offline", "--name", "Test root")
    meibo("keys", "request", "asked")
    meibo("keys", "sign", *[f"asked/{name}.csr" for name in FILES], "--root", "offline")
    meibo("keys", "install", *[f"asked/{name}.pem" for name in FILES])


def test_from_root_to_keys_that_sign(migrated: Meibo, tmp_path: Path) -> None:
    made = migrated("keys", "root", "offline", "--name", "Test root")
    assert re.fullmatch("([0-9a-f]{2}:){31}[0-9a-f]{2}", made.lines[1])
    assert b"ENCRYPTED" in (tmp_path / "offline" / "root.key").read_bytes()
    assert [line.split("\t") for line in migrated("keys", "list").lines] == [[*n, "missing"] for n in NEEDED]

    assert migrated("keys", "request", "asked").lines == [f"{name}.csr" for name in FILES]
    signed = migrated("keys", "sign", *[f"asked/{name}.csr" for name in FILES], "--root", "offline")
    assert [tuple(line.split("\t")[:2]) for line in signed.lines] == NEEDED
    taken = migrated("keys", "install", *[f"asked/{name}.pem" for name in FILES])
    assert [tuple(line.split("\t")[:2]) for line in taken.lines] == NEEDED

    listed = [line.split("\t") for line in migrated("keys", "list").lines]
    assert [line[:3] for line in listed] == [line.split("\t") for line in taken.lines]
    assert migrated("keys", "request", "asked").lines == []
    assert migrated("certificates", "publish").lines == ["jwks.json", "trust.json", "lists.json"]
    assert migrated("certificates", "midnight").lines == ["0 entries changed."]
    assert migrated("certificates", "ages").lines == []


def test_publishing_goes_on_until_it_is_told_to_stop(migrated: Meibo, tmp_path: Path) -> None:
    installed(migrated)
    publish = ("certificates", "publish", "--every", "1")
    process = subprocess.Popen([forking.meibo(), *publish], cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not (tmp_path / "var" / "status" / "lists.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    assert {file.name for file in (tmp_path / "var" / "status").iterdir()} == {
        "jwks.json", "trust.json", "lists.json",
    }  # fmt: skip


def test_a_pause_that_a_minute_has_no_room_for_is_refused(meibo: Meibo) -> None:
    told = meibo("certificates", "publish", "--every", "21")
    assert "21.0 is not in the range 1<=x<=20.0" in told.lines[-1]


def test_a_revoked_key_is_on_the_list_and_stays_there(migrated: Meibo, tmp_path: Path) -> None:
    installed(migrated)

    assert migrated("keys", "revoke", "asked/medical.qr.pem", "--root", "offline").lines[0].startswith("1 ")
    again = migrated("keys", "revoke", "asked/medical.certificate.pem", "--root", "offline")
    assert again.lines[0].startswith("2 certificates are revoked; renew the list by ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("keys", "root", "offline", "--name", "x"), "There is a root in offline already."),
        (("keys", "root", "new", "--name", "x", "--passphrase", "short"), "12 signs or more"),
        (
            ("keys", "sign", "asked/medical.qr.pem", "--root", "offline"),
            "medical.qr.pem is no request in PEM.",
        ),
        (("keys", "sign", "asked/medical.qr.csr", "--root", "offline", "--passphrase", "x"), "does not open"),
        (
            ("keys", "sign", "asked/medical.qr.csr", "--root", "offline", "--days", "20000"),
            "outlive the root",
        ),
        (("keys", "install", "asked/medical.qr.csr"), "take the file that `meibo keys sign` wrote"),
    ],
)
def test_refusals(migrated: Meibo, arguments: tuple[str, ...], sentence: str) -> None:
    installed(migrated)

    assert sentence in migrated(*arguments).error
