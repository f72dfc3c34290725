"""Example operations, one `.graphql` file each; their first comment lines are titles and variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "examples"

HEADER = re.compile(r"# (ja|en|variables): (.+)")


@dataclass(frozen=True, slots=True)
class Example:
    """One entry of the explorer's menu."""

    id: str
    ja: str
    en: str
    query: str
    variables: dict[str, Any]

    def as_json(self) -> dict[str, object]:
        """As `examples.json` has it."""
        title = {"ja": self.ja, "en": self.en}
        return {"id": self.id, "title": title, "query": self.query, "variables": self.variables}


def read_examples(folder: Path = FOLDER) -> list[Example]:
    """All examples, in the order of their file names."""
    return [read_example(file) for file in sorted(folder.glob("*.graphql"))]


def read_example(file: Path) -> Example:
    """One file: `# ja: …`, `# en: …`, `# variables: {…}` (may be left out), then the operation.

    Raises KeyError where a title is missing.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    header: dict[str, str] = {}
    while lines and (match := HEADER.fullmatch(lines[0])):
        header[match[1]] = match[2]
        del lines[0]
    variables = orjson.loads(header.get("variables", "{}"))
    return Example(file.stem, header["ja"], header["en"], "\n".join(lines).strip() + "\n", variables)
