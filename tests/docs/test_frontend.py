"""What the page for frontends tells of configuration is what the conformance suite compiles and runs."""

from __future__ import annotations

import json
import re

from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "how-to" / "frontend.md"
CLIENTS = ROOT / "tests" / "conformance" / "clients"
PLACES = ("schema", "documents", "src", "artifactDirectory")
"""What differs from project to project."""


def block(language: str) -> str:
    """The page's only block in a language."""
    [found] = [b.text for b in blocks(PAGE) if b.language == language]
    return found


def lines(text: str) -> list[str]:
    """The lines of a configuration but those that say where files are."""
    told = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [line for line in told if not re.match(rf"\s*({'|'.join(PLACES)}|\S+\.ts):", line)]


def test_the_configuration_of_codegen() -> None:
    told, run = lines(block("yaml")), lines((CLIENTS / "codegen.yml").read_text("utf-8"))
    assert told == run[: len(told)]


def test_the_configuration_of_relay() -> None:
    told = json.loads(block("json"))
    run = json.loads((CLIENTS / "relay.config.json").read_text("utf-8"))
    assert {k: v for k, v in told.items() if k not in PLACES} == {
        k: v for k, v in run.items() if k not in PLACES
    }
