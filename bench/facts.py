"""Where the figures were measured: machine and versions."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from bench.places import DATA, PEERS, ROOT
from meibo.testing.postgres import find_binaries

OURS = ("strawberry-graphql", "graphql-core", "sqlalchemy", "asyncpg", "orjson", "uvicorn")
NODE = {"postgraphile": ("postgraphile", "grafast", "graphql", "pg"),
        "yoga": ("graphql-yoga", "graphql-jit", "graphql", "pg", "dataloader")}  # fmt: skip
ORM = ("strawberry-graphql", "sqlalchemy", "asyncpg", "uvicorn", "uvloop", "httptools")


def facts() -> dict[str, Any]:
    """What the page says of machine and versions."""
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _said(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
        "machine": _machine(),
        "load": [round(each, 1) for each in os.getloadavg()],
        "versions": {
            "PostgreSQL": _said([str(find_binaries(18) / "postgres"), "--version"]).split()[-1],
            "wrk": _said(["dpkg-query", "--show", "--showformat=${Version}", "wrk"]),
            "meibo": f"Python {platform.python_version()}, {_listed({n: version(n) for n in OURS if _has(n)})}",
            **{name: f"Node {_node(name)}, {_listed(_packages(name))}" for name in NODE},
            "strawberry": f"Python {platform.python_version()}, {_listed(_orm())}",
        },
    }


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = psutil.virtual_memory().total / (1 << 30)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def _has(name: str) -> bool:
    try:
        return bool(version(name))
    except ImportError:
        return False


def _node(peer: str) -> str:
    return _said([str(PEERS / peer / "node_modules" / ".bin" / "node"), "--version"]).lstrip("v")


def _packages(peer: str) -> dict[str, str]:
    modules = PEERS / peer / "node_modules"
    found = {name: modules / name / "package.json" for name in NODE[peer]}
    return {n: json.loads(path.read_text("utf-8"))["version"] for n, path in found.items() if path.is_file()}


def _orm() -> dict[str, str]:
    listed = _said([str(DATA / "strawberry" / "bin" / "python"), "-m", "pip", "list", "--format", "freeze"])
    versions = dict(line.split("==") for line in listed.splitlines() if "==" in line)
    known = {name.lower(): number for name, number in versions.items()}
    return {name: known[name] for name in ORM if name in known}


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "?"


def _read(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
