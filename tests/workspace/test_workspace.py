"""The workspace itself: what may be tracked, and what its tools must know about every member."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

ADDRESS = re.compile(r"\b(?:https?|file|git\+\w+)://|^--?[a-z]", re.MULTILINE)
REQUIREMENT = re.compile(
    r"^[a-z0-9.-]+==.* \\\n(?:    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}\n",
    re.MULTILINE,
)
# The brackets keep this file from finding itself.
MACHINE_PATH = re.compile(r"(?<![\w.~>-])/(?:[w]ork|[r]oot|[h]ome|[U]sers|tmp/[b]ash_jobs)\b")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
SECRETS = ("*.pem", "*.key", "*.p12", "*.pfx", ".env", ".env.*", ".npmrc", "pip.conf")
DATABASES = ("*.sqlite*", "*.db", "*.db-*")
LOCKS = ("uv.lock", "pylock*.toml", "package-lock.json", "yarn.lock", "pnpm-lock.yaml")


def tracked() -> Iterator[Path]:
    """Every file that git tracks or would track."""
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    return (ROOT / name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())


def found_in_tracked(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern occurs, as `path:line`."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def members() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/pyproject.toml")) + sorted(
        path.parent for path in ROOT.glob("plugins/*/pyproject.toml")
    )


def settings(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", ["main", "dev", "postgres-15"])
def test_requirements_are_hashed_and_name_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.findall(
        r"^[a-z0-9.-]+==.*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\\n|\n))+", text, re.MULTILINE
    )

    assert ADDRESS.findall(text) == []
    assert "".join(entries) == text


def test_development_requirements_hold_the_runtime_ones() -> None:
    main, dev = (
        set((ROOT / "requirements" / name).read_text().splitlines()) for name in ("main.txt", "dev.txt")
    )

    assert {line for line in main if "==" in line} <= dev


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert found_in_tracked(MACHINE_PATH) == []


def test_no_tracked_file_is_a_secret_a_database_or_a_lock_with_addresses() -> None:
    assert found_in_tracked(PRIVATE_KEY) == []
    assert [
        str(path.relative_to(ROOT))
        for path in tracked()
        if any(fnmatch(path.name, pattern) for pattern in SECRETS + DATABASES + LOCKS)
    ] == []


def test_every_phony_target_appears_in_make_help() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)

    assert re.findall(r"make ([\w-]+) ", shown) == " ".join(phony).split()


@pytest.mark.parametrize("member", members(), ids=lambda member: member.name)
def test_tools_know_every_member(member: Path) -> None:
    """A new plugin is named in mypy's path and in the import contracts, or this says so."""
    package = settings(member)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"][0]
    tools = settings(ROOT)["tool"]
    contracts = {contract["id"]: contract for contract in tools["importlinter"]["contracts"]}

    assert (member / package / "py.typed").exists()
    assert f"$MYPY_CONFIG_FILE_DIR/{member.relative_to(ROOT)}" in tools["mypy"]["mypy_path"].split(":")
    assert package in tools["importlinter"]["root_packages"]
    assert package in re.findall(r"\w+", " ".join(contracts["core"]["layers"]))
    if member.parent.name == "plugins":
        assert package in contracts["plugins"]["source_modules"]


@pytest.mark.parametrize("member", members(), ids=lambda member: member.name)
def test_members_agree_on_python_and_licence(member: Path) -> None:
    project = settings(member)["project"]

    assert (project["requires-python"], project["license"]) == (">=3.11,<3.14", "Apache-2.0")
