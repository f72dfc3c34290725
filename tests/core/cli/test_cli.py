"""The `meibo` command: each subcommand's way, and one refusal each."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from meibo import __version__
from meibo.access.tokens import command_principal
from meibo.cli import COMMANDS
from meibo.host import load_host
from meibo.installation import open_installation, seed_codes
from meibo.settings import Settings
from tests import forking
from tests.core.register.doctors import SOUND

ROOT = Path(__file__).parents[3]
OFFICIAL = ROOT / "tests" / "data" / "catalog" / "doctor.tsv"


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


Meibo = Callable[..., Ended]

PRINT_LISTS = (
    "from meibo.host import load_host; from meibo.professions.catalogue import catalogue;"
    " print(*map(catalogue, load_host().professions.values()), sep='', end='')"
)


@pytest.fixture
def meibo(tmp_path: Path) -> Meibo:
    """Runs the command on an installation of its own."""

    def run(*arguments: object, **environ: str) -> Ended:
        given = {"PATH": "/usr/bin:/bin", "MEIBO_DATA": str(tmp_path / "var"), "LC_ALL": "C.UTF-8"}
        given |= {"MEIBO_PROFESSIONS": "doctor"} | environ
        done = subprocess.run(
            [forking.meibo(), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=given,
            cwd=tmp_path,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


def test_help_and_version(meibo: Meibo) -> None:
    helped = meibo("--help")
    assert helped.code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in helped.out] == []
    assert meibo("--version").out.strip().endswith(__version__)


def test_an_unknown_command(meibo: Meibo) -> None:
    assert (meibo("nothing").code, "No such command 'nothing'" in meibo("nothing").err) == (2, True)


def test_the_catalogue_is_the_official_list(meibo: Meibo) -> None:
    assert meibo("catalogue", "export", "doctor").out.encode() == OFFICIAL.read_bytes()
    lost = meibo("catalogue", "export", "dancer")
    assert (lost.code, lost.out) == (2, "")
    assert (
        lost.err
        == f"meibo: There is no profession 'dancer' here; there are: {', '.join(load_host().professions)}.\n"
    )


@pytest.mark.slow
def test_the_lists_come_out_of_the_wheels_alone(tmp_path: Path) -> None:
    members = [ROOT / "core", *(path.parent for path in sorted(ROOT.glob("plugins/*/pyproject.toml")))]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    building = [subprocess.Popen(build, cwd=folder, stderr=subprocess.DEVNULL) for folder in members]
    assert {process.wait(60) for process in building} == {0}
    installed = tmp_path / "installed"
    for wheel in tmp_path.glob("*.whl"):
        ZipFile(wheel).extractall(installed)
    # Without -S the workspace's own .pth files would lead back to the repository.
    start = f"import sys; sys.path[:0] = [{str(installed)!r}, {sysconfig.get_path('purelib')!r}]"
    found = f"import meibo; assert meibo.__file__.startswith({str(installed)!r})"
    code = f"{start}; {found}; {PRINT_LISTS}"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, cwd=tmp_path, check=False)
    lists = "".join((OFFICIAL.parent / f"{code}.tsv").read_text("utf-8") for code in load_host().professions)
    assert (done.stderr.decode(), done.stdout.decode()) == ("", lists)


@pytest.mark.slow
def test_settings_are_listed_and_a_wrong_one_is_named(meibo: Meibo) -> None:
    assert "MEIBO_PORT = '8470'\n    Port to listen on.\n" in meibo("settings").out
    wrong = meibo("status", MEIBO_PORT="x")
    assert (wrong.code, wrong.err) == (2, "meibo: The setting port wants int: see `meibo settings`.\n")


@pytest.mark.slow
def test_before_the_first_migration(meibo: Meibo) -> None:
    for arguments in (("status",), ("account", "list"), ("reconcile",), ("audit", "verify")):
        ended = meibo(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "`meibo migrate`" in ended.err
        assert "Traceback" not in ended.err


async def seeded(data: Path) -> None:
    """Fill the code tables, as a demo does."""
    async with open_installation(Settings(data=str(data), professions="doctor")) as installation:
        await seed_codes(installation, command_principal("seed", ["doctor"]))


@pytest.mark.slow
def test_an_operators_day(meibo: Meibo, tmp_path: Path) -> None:
    assert meibo("migrate").out == "The databases are up to date.\n"
    assert meibo("status").out.splitlines() == [
        "professions: doctor",
        *(f"{store}: SQLite, synchronous=2" for store in ("register", "links", "numbers", "keys", "audit")),
        "demo: no",
    ]
    refused = meibo("migrate", "--down", "core@base", "--lose-data")
    assert (refused.code, "take each plugin down by name first" in refused.err) == (2, True)
    office = ("--name", "見本花子", "--institution", "課", "--role", "clerk", "--profession", "doctor")
    assert meibo("account", "add", "hanako", *office).out == "Added hanako. Next: meibo token issue hanako\n"
    assert (meibo("account", "add", "hanako", *office).code) == 2
    assert meibo("account", "list").out == "hanako\tclerk\tdoctor\t課\n"
    assert meibo("token", "issue", "hanako").out.startswith("meibo_")
    assert (
        meibo("token", "issue", "nobody").err
        == "meibo: There is no account 'nobody': see `meibo account list`.\n"
    )
    assert meibo("token", "withdraw", "hanako").out == "Withdrawn: 1\n"
    file = tmp_path / "doctors.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([SOUND.keys(), SOUND.values()])
    asyncio.run(seeded(tmp_path / "var"))
    assert meibo("import", "doctor", file).out == "Entered 1 licences.\n"
    again = meibo("import", "doctor", file)
    assert again.code == 1
    assert "line 2\t医師4 register.registration_number\tThe register has this number already.\n" in again.err
    assert "500001" not in again.err
    assert (
        meibo("import", "dancer", file).err
        == "meibo: There is no profession 'dancer' here: see `meibo status`.\n"
    )
    assert meibo("reconcile").code == 0
    verified = meibo("audit", "verify")
    assert (verified.code, verified.err) == (0, "")
    proof = json.loads(meibo("audit", "inclusion", "0").out)
    assert proof
    lost = meibo("audit", "inclusion", "999999")
    assert (lost.code, lost.out, "Traceback" in lost.err) == (2, "", False)
    down = meibo("migrate", "--down", "doctor@base", "--lose-data")
    assert (down.code, down.out) == (0, "The register's database stands at doctor@base.\n")
