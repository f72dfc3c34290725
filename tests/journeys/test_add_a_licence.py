"""A licence administrator who has read the tutorial alone: from a list of forty items to the first query."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs/tutorial/add-a-licence.md"
LIST = ROOT / "docs/tutorial/add-a-licence/items.csv"
MEIBO = Path(sys.executable).parent / "meibo"
NEW = """    abroad_flag: bool | None = item("外国での免許", en="Licensed abroad", clear="a statistic", index=True)\n"""
EDITS = {
    "items.py": ("class VeterinarianPracticeReport(", f"{NEW}\n\nclass VeterinarianPracticeReport("),
    "rules.py": ("より前です", "より前の日付です"),
    "__init__.py": ('"Registration"', '"First registration"'),
}
"""What she edits by hand, in three files."""


def commands() -> list[list[str]]:
    """The tutorial's commands."""
    text = "".join(block.text for block in blocks(PAGE) if block.language == "console")
    return [shlex.split(line.removeprefix("$ ")) for line in text.splitlines()]


def meibo(words: list[str], folder: Path) -> str:
    """What a command prints; it must not fail."""
    assert words[0] == "meibo"
    done = subprocess.run(
        [MEIBO, *words[1:]], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_forty_items_to_the_first_query(tmp_path: Path) -> None:
    new, check, demo, migrate = commands()
    shutil.copy(LIST, tmp_path)
    began = time.process_time() + os.times().children_user
    assert meibo(new, tmp_path).splitlines()[0] == "Wrote 40 items below meibo-veterinarian."
    assert "TODO" not in (tmp_path / "meibo-veterinarian/meibo_veterinarian/items.py").read_text("utf-8")
    meibo(check, tmp_path)
    for name, (old, text) in EDITS.items():
        path = tmp_path / "meibo-veterinarian/meibo_veterinarian" / name
        before = path.read_text("utf-8")
        assert before.count(old) >= 1
        path.write_text(before.replace(old, text.lstrip("\n") if name != "items.py" else text, 1), "utf-8")
    shown = meibo(migrate, tmp_path)
    assert "-- SQLite\nALTER TABLE veterinarian_register ADD COLUMN abroad_flag BOOLEAN" in shown
    assert "-- PostgreSQL\nALTER TABLE veterinarian_register ADD COLUMN abroad_flag BOOLEAN" in shown
    assert ask(demo, tmp_path)["data"]["veterinarianLicences"]["totalCount"] == 20
    assert time.process_time() + os.times().children_user - began < 60


def ask(demo: list[str], folder: Path) -> dict[str, dict[str, dict[str, int]]]:
    """The answer to the tutorial's query from the tutorial's server, on a free port."""
    [query] = [block.text for block in blocks(PAGE) if block.language == "graphql"]
    log = folder / "demo.log"
    words = [str(MEIBO), *demo[1:], "--once", "--port", "0"]
    with log.open("w") as output, subprocess.Popen(words, cwd=folder, stdout=output, stderr=output) as server:
        try:
            origin = address(log, server)
            body = {"account": "demo-clerk"}
            token = (
                httpx.post(f"{origin}/registry/demo/sign-in", json=body).raise_for_status().json()["token"]
            )
            answer = httpx.post(
                f"{origin}/registry/graphql",
                json={"query": query.replace("nodes {", "totalCount nodes {", 1)},
                headers={"authorization": f"Bearer {token}"},
            )
            answered: dict[str, dict[str, dict[str, int]]] = json.loads(answer.text)
            return answered
        finally:
            server.terminate()


def address(log: Path, server: subprocess.Popen[bytes]) -> str:
    """Where the demo answers, once it says so."""
    for _ in range(600):
        if found := re.search(r"GraphQL +(http://[^/]+)/", log.read_text("utf-8")):
            return found[1]
        assert server.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
