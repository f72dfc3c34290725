"""A third party's wheel beside meibo's, in a fresh environment: installed, migrated, imported, queried, retired.

Nothing of the repository is on the environment's path, and no file of meibo's wheels is another afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import files, version
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from packaging.requirements import Requirement

from tests.core.scaffolding.test_new import LIST, as_excel
from tests.databases import POSTGRES
from tests.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
OURS = (ROOT / "core", ROOT / "schema", ROOT / "plugins" / "doctor")
PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "meibo-veterinarian"
version = "1.0"
dependencies = ["meibo>=0.1"]

[project.entry-points."meibo.plugins"]
veterinarian = "meibo_veterinarian"

[tool.hatch.build.targets.wheel]
packages = ["meibo_veterinarian"]
"""
PEOPLE = """registration_number,registration_date,family_name,family_name_kana,birth_date,individual_number
800001,2012-07-08,見本,ミホン,1983-02-14,123456789018
800002,2013-08-09,鷹司,タカツカサ,1985-11,
"""
BAD = PEOPLE.replace("2012-07-08", "1982-07-08")
ABROAD = (
    """    abroad_flag: bool | None = item("外国での免許", en="Licensed abroad", clear="a statistic")\n"""
)
"""An item more, at the end of the last group."""
QUERY = """query($by: LicenceKey!) {
  licence(by: $by) {
    id state registrationNumber holder { fullName birthDate { value } } individualNumber { held }
    certificateClaims { name label(language: EN) value disclosable redacted }
    ... on VeterinarianLicence { register { familyName birthDate { text(language: EN) } } }
  }
  veterinarianLicences(first: 1) { totalCount nodes { registrationNumber } }
  professions { code certificate { type } }
}"""
OTHERS = "{ professions { code } doctorLicences { totalCount } }"
GONE = "{ veterinarianLicences { totalCount } }"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment that holds wheels, and the folder in which its installation lives."""

    venv: Path
    wheels: Path
    folder: Path

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin")

    @property
    def variables(self) -> dict[str, str]:
        """Nothing of this process's Python, and a data folder of its own."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_"))
        }
        return kept | {"MEIBO_DATA": str(self.folder / "data")}

    def meibo(self, *words: str, code: int = 0) -> str:
        """What the command prints; its sentence where it is to be refused."""
        return self._run([self.programs / "meibo", *words], code)

    def pip(self, *words: str) -> None:
        """Let this process's pip work on the environment, which has none of its own."""
        python = self.programs / "python"
        self._run([sys.executable, "-m", "pip", "--quiet", "--python", python, *words], 0)

    def install(self, *names: str) -> None:
        """Install the wheels of these distributions, and nothing from a registry."""
        found = [str(next(self.wheels.glob(f"{name}-*.whl"))) for name in names]
        self.pip("install", "--no-index", "--no-deps", *found)
        self.pip("check")

    def _run(self, words: Sequence[str | Path], code: int) -> str:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of the API while the server runs."""
        with subprocess.Popen(
            [self.programs / "meibo", "serve", "--port", "0"], cwd=self.folder, env=self.variables,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as server:  # fmt: skip
            assert server.stdout is not None
            try:
                told = re.match(r"GraphQL +(\S+)", server.stdout.readline())
                assert told
                yield told[1]
            finally:
                server.terminate()
                assert server.wait(30) == 0

    def changed(self) -> list[str]:
        """The files of meibo's own wheels that are not as they were built."""
        [site] = self.venv.rglob("site-packages")
        return [
            name
            for wheel in self.wheels.glob("*.whl")
            if "veterinarian" not in wheel.name
            for name in ZipFile(wheel).namelist()
            if not name.endswith("RECORD") and (site / name).read_bytes() != ZipFile(wheel).read(name)
        ]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels of core, server and doctors, and that of a stranger."""
    folder = tmp_path_factory.mktemp("wheels")
    stranger = tmp_path_factory.mktemp("stranger")
    package = stranger / "meibo_veterinarian"
    ours = shutil.ignore_patterns("__pycache__", "installed.py", "second.py")
    shutil.copytree(ROOT / "tests" / "veterinarian", package, ignore=ours)
    (stranger / "pyproject.toml").write_text(PROJECT, "utf-8")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    for source in (*OURS, stranger):
        subprocess.run(build, cwd=source, check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def venv(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with meibo and the doctors, from wheels, and the pinned requirements alone."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True, timeout=60)
    made = Environment(folder / "venv", wheels, folder)
    [site] = made.venv.rglob("site-packages")
    for name in pinned():
        copy_distribution(name, site)
    made.install("meibo", "meibo_graphql", "meibo_doctor")
    return made.venv


def pinned() -> Iterator[str]:
    """The requirements that this Python is given; each is here as it was pinned."""
    for line in (ROOT / "requirements" / "main.txt").read_text("utf-8").splitlines():
        if not line.startswith((" ", "#")):
            wanted = Requirement(line.removesuffix("\\"))
            if not wanted.marker or wanted.marker.evaluate():
                assert wanted.specifier.contains(version(wanted.name)), wanted
                yield wanted.name


def copy_distribution(name: str, site: Path) -> None:
    """Install a distribution as `make setup` has installed it here, from its hash: its files and no other's."""
    for file in files(name) or ():
        if not file.is_absolute() and ".." not in file.parts:  # A program's place; nobody runs any.
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file.locate(), target)


@pytest.fixture
def environment(venv: Path, wheels: Path, tmp_path: Path) -> Environment:
    """The fresh environment, with data of the test's own."""
    return Environment(venv, wheels, tmp_path)


def ask(address: str, token: str, query: str, **variables: object) -> dict[str, object]:
    """The body of an answer."""
    answer = httpx.post(
        address, json={"query": query, "variables": variables}, headers={"authorization": f"Bearer {token}"}
    )
    body: dict[str, object] = json.loads(answer.text)
    return body


@pytest.mark.slow
def test_a_stranger_s_wheel_comes_and_goes(environment: Environment) -> None:
    meibo = environment.meibo
    meibo("migrate")
    environment.install("meibo_veterinarian")
    assert "run `meibo migrate`" in meibo("status", code=2)
    assert meibo("migrate") == "The databases are up to date.\n"
    meibo("codes", "seed")
    for name, text in (("bad.csv", BAD), ("people.csv", PEOPLE)):
        (environment.folder / name).write_text(text, "utf-8")
    assert "The registration date precedes the date of birth." in meibo(
        "import", "veterinarian", "bad.csv", code=1
    )
    assert meibo("import", "veterinarian", "people.csv") == "Entered 2 licences.\n"
    account = (
        "--name",
        "見本",
        "--name-en",
        "Mihon",
        "--institution",
        "見本県",
        "--role",
        "clerk",
        "--profession",
        "*",
    )
    meibo("account", "add", "clerk", *account)
    token = meibo("token", "issue", "clerk", "--terminal", "t1").strip()

    by = {"registrationNumber": {"profession": "veterinarian", "number": "800001"}}
    with environment.serving() as address:
        body = ask(address, token, QUERY, by=by)
    assert "errors" not in body
    data = body["data"]
    assert isinstance(data, dict)
    licence = data["licence"]
    assert licence.pop("id")
    assert licence == {
        "state": "REGISTERED",
        "registrationNumber": "800001",
        "holder": {"fullName": "見本", "birthDate": {"value": "1983-02-14"}},
        "individualNumber": {"held": True},
        "certificateClaims": [
            {"name": "name", "label": "Family name", "value": "見本", "disclosable": False, "redacted": None},
            {
                "name": "birth_date", "label": "Date of birth", "value": "1983-02-14", "disclosable": True,
                "redacted": None,
            },
        ],
        "register": {"familyName": "見本", "birthDate": {"text": "14 February 1983"}},
    }  # fmt: skip
    assert data["veterinarianLicences"] == {"totalCount": 2, "nodes": [{"registrationNumber": "800001"}]}
    assert data["professions"] == [
        {"code": "doctor", "certificate": {"type": "urn:meibo:doctor:1"}},
        {"code": "veterinarian", "certificate": {"type": "urn:meibo:veterinarian:1"}},
    ]

    assert "--licences 2" in meibo("plugin", "retire", "veterinarian", code=2)
    assert meibo("plugin", "retire", "veterinarian", "--licences", "2").splitlines()[0] == (
        "Retired veterinarian. Tables dropped: 4; licences whose entries they held: 2; certificates ended: 0;"
        " persons whose numbers were destroyed: 1."
    )
    environment.pip("uninstall", "--yes", "meibo-veterinarian")
    assert "not installed: veterinarian\n" in meibo("status")
    assert meibo("migrate") == "The databases are up to date.\n"
    assert meibo("audit", "verify").startswith("Whole: ")
    with environment.serving() as address:
        body = ask(address, token, OTHERS)
        assert body == {"data": {"professions": [{"code": "doctor"}], "doctorLicences": {"totalCount": 0}}}
        assert "errors" in ask(address, token, GONE)
        assert ask(address, token, "query($by: LicenceKey!) { licence(by: $by) { id } }", by=by) == {
            "data": {"licence": None}
        }
    assert environment.changed() == []


@pytest.mark.slow
def test_uninstalled_without_retiring_the_start_says_what_to_do(environment: Environment) -> None:
    environment.install("meibo_veterinarian")
    environment.meibo("migrate")
    environment.pip("uninstall", "--yes", "meibo-veterinarian")
    for command in (("serve", "--port", "0"), ("migrate",)):
        assert environment.meibo(*command, code=2) == (
            "meibo: The database is at revision veterinarian_0002, which is not installed here. Install the"
            " distribution of 'veterinarian' (or its newer version) again, or retire it where it is installed:"
            " meibo plugin retire veterinarian\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("newest", POSTGRES[-1:])
def test_the_kit_works_from_the_wheels(
    environment: Environment, newest: str, server_of: Callable[[str], PostgresServer]
) -> None:
    """As the tutorial has it, with no repository in sight; an Excel file asks for its extra."""
    shutil.copy(LIST, environment.folder)
    as_excel(environment.folder / "items.xlsx", [["number", "group", "label", "kind"]])
    new = ("plugin", "new", "vet", "--name-ja", "獣医師", "--law", "獣医師法", "--article", "6条", "--items")
    assert environment.meibo(*new, "items.csv").splitlines()[0] == "Wrote 40 items below meibo-vet."
    assert environment.meibo(*new, "items.xlsx", "--into", "other", code=2) == (
        "meibo: items.xlsx is an Excel file: install the extra (pip install 'meibo[excel]'), or save it as CSV UTF-8.\n"
    )
    url = server_of(newest).admin_url.render_as_string(hide_password=False)
    assert environment.meibo("plugin", "check", "meibo-vet", "--postgres", url) == ""
    items = environment.folder / "meibo-vet" / "meibo_vet" / "items.py"
    items.write_text(items.read_text("utf-8") + ABROAD, "utf-8")
    shown = environment.meibo("plugin", "migrate", "meibo-vet", "-m", "Licensed abroad")
    added = "ADD COLUMN abroad_flag BOOLEAN"
    assert [line.partition(added)[1] for line in shown.splitlines() if line.startswith("ALTER TABLE")] == [
        added
    ] * 2
