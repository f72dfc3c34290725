"""Pages of the documentation as tests read them: fenced blocks, links, and a shell that runs what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import forking

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8470"
PROVIDER = "http://127.0.0.1:8471"
SANDBOX = "http://127.0.0.1:8472"
END = "=== end of block ==="
SECONDS = 120

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVER = re.compile(r"^make (run|test|check|help)\b.*$", re.MULTILINE)
# What differs from run to run: ids, pseudonyms, instants, and how often the log was signed.
CHANGING = (
    (re.compile(r"L(-[0-9A-Z]{5}){5}"), "PSEUDONYM"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|\+00:00)"), "INSTANT"),
    (re.compile(r"\d+ leaves under \d+ signed"), "N leaves under N signed"),
)
OPAQUE = frozenset(
    {
        "aud",
        "cursor",
        "endCursor",
        "iat",
        "id",
        "presented",
        "receipt",
        "sdJwt",
        "startCursor",
        "subject",
        "url",
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """Commands, what they printed, and what the page says that they print (None: it does not say)."""

    commands: str
    printed: str
    expected: Block | None


def markdown() -> list[Path]:
    """Every page of ours."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in pages if "node_modules" not in page.parts)


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(language, text) for language, text in FENCE.findall(page.read_text("utf-8"))]


def run(
    page: Path, address: str, environment: dict[str, str], provider: str = PROVIDER, sandbox: str = SANDBOX
) -> list[Step]:
    """Run every `sh` block of a page in one shell, in order. A command that fails fails the test."""
    listed = blocks(page)
    scripts = [b.text for b in listed if b.language == "sh"]
    answers = [
        after if after and after.language in ("json", "text") else None
        for b, after in zip(listed, [*listed[1:], None], strict=True)
        if b.language == "sh"
    ]
    here = {ADDRESS: address, PROVIDER: provider, SANDBOX: sandbox, "var/": f"{environment['MEIBO_DATA']}/"}
    whole = "".join(f"{_runnable(text, here)}\nprintf '\\n%s\\n' '{END}'\n" for text in scripts)
    done = subprocess.run(
        ["sh", "-eu"], input=whole, cwd=ROOT, env=os.environ | environment, text=True, capture_output=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    printed = [part.strip() for part in done.stdout.split(f"\n{END}\n")[:-1]]
    return [Step(*step) for step in zip(scripts, printed, answers, strict=True)]


def _runnable(text: str, here: Mapping[str, str]) -> str:
    """The commands for this machine: its servers, its data, its environment, and no second server for `make run`."""
    text = SERVER.sub(lambda found: f"make --dry-run {found[1]} >/dev/null", text)
    for there, place in here.items():
        text = text.replace(there, place)
    text = text.replace(".venv/bin/meibo ", f"{forking.meibo()} ")
    return text.replace(".venv/bin/", f"{Path(sys.executable).parent}/")


def constant(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, name in CHANGING:
        text = pattern.sub(name, text)
    return text


def answer(text: str) -> Any:
    """A JSON answer without what differs from run to run."""
    return _constant_json(json.loads(constant(text)))


def _constant_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: k.upper() if k in OPAQUE and v else _constant_json(v) for k, v in value.items()}
    return [_constant_json(v) for v in value] if isinstance(value, list) else value


def links(page: Path) -> Iterator[tuple[str, str]]:
    """(path, anchor) of each link of a page that leads to another file of ours, or to a place within the page."""
    text = FENCE.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.replace("`", "")).strip().lower().replace(" ", "-") for title in titles
    }


def with_curl(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment, with a `curl` of ours where the machine has none."""
    if shutil.which("curl"):
        return environment
    stand_in = folder / "curl"
    stand_in.write_text(
        f"#!{sys.executable}\n" + Path(__file__).with_name("curl.py").read_text("utf-8"), "utf-8"
    )
    stand_in.chmod(0o755)
    return environment | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
