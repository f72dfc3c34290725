"""What the pages say is so: commands run, answers are the real ones, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.conftest import Demo
from tests.docs.pages import ROOT, anchors, answer, blocks, constant, links, markdown, run

RUN = (
    "README.md",
    "docs/tutorial/first-steps.md",
    "docs/how-to/accounts.md",
    "docs/how-to/audit.md",
    "docs/how-to/backup.md",
    "docs/how-to/annex.md",
    "docs/how-to/exchange.md",
    "docs/how-to/export.md",
    "docs/how-to/jobs.md",
    "docs/how-to/keys.md",
    "docs/how-to/import.md",
    "docs/how-to/partners.md",
    "docs/how-to/links.md",
    "docs/how-to/handover.md",
    "docs/how-to/papers.md",
    "docs/how-to/family-register.md",
    "docs/how-to/portal.md",
    "docs/how-to/publish-status.md",
    "docs/how-to/residents.md",
    "docs/how-to/sandbox.md",
    "docs/how-to/sandbox-in-ci.md",
    "docs/how-to/trusted-documents.md",
)
"""Pages whose commands run against a demo; the others have no `sh` block."""
ELSEWHERE = ("docs/tutorial/verify.md",)
"""Pages that run against a demo of their own."""
SYNTHETIC = ("All demo data are synthetic.", "デモのデータはすべて架空のものです。")


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN)
def test_commands_print_what_the_page_says(name: str, demo: Demo) -> None:
    checked = [
        step
        for step in run(ROOT / name, demo.address, demo.environment, demo.provider, demo.sandbox)
        if step.expected
    ]
    for step in checked:
        assert step.expected is not None
        if step.expected.language == "json":
            assert answer(step.printed) == answer(step.expected.text), step.commands
        else:
            assert constant(step.printed) == constant(step.expected.text).strip(), step.commands
    assert len(checked) == len([b for b in blocks(ROOT / name) if b.language in ("json", "text")])


def test_every_page_with_commands_is_run() -> None:
    with_commands = {
        p.relative_to(ROOT).as_posix() for p in markdown() if any(b.language == "sh" for b in blocks(p))
    }

    assert with_commands == {*RUN, *ELSEWHERE}


@pytest.mark.parametrize("page", markdown(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{path}#{anchor}")

    assert broken == []


def test_every_page_can_be_reached() -> None:
    """From the README, link by link."""
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        waiting += [(page.parent / path).resolve() for path, _ in links(page) if path]

    assert sorted(set(markdown()) - reached) == []


def test_the_readme_says_that_the_data_are_synthetic() -> None:
    text = (ROOT / "README.md").read_text("utf-8")

    assert [said for said in SYNTHETIC if said not in text] == []


def test_the_picture_is_legible_in_light_and_dark_and_loads_nothing() -> None:
    text = (ROOT / "docs" / "architecture.svg").read_text("utf-8")

    assert "prefers-color-scheme: dark" in text
    assert re.findall(r"(?:href|src)=|@import|url\((?!#)", text) == []
