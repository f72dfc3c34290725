"""The partners' tutorial: from the registration to the first VALID, timed, and every answer that it shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.docs.conftest import Demo, serving
from tests.docs.pages import ROOT, answer, blocks, constant, run, with_curl

PAGE = ROOT / "docs/tutorial/verify.md"
PROFESSIONS = {"MEIBO_PROFESSIONS": "doctor,careworker"}
"""Those of the employees; filling ten registers would take a minute more."""
LONGEST_SECONDS = 15 * 60


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A running demo with few holders."""
    data = tmp_path / "data"
    data.mkdir()
    with serving(data, PROFESSIONS, "--holders", "2") as addresses:
        environment = with_curl(PROFESSIONS | {"MEIBO_DATA": str(data)}, tmp_path)
        yield Demo(*addresses, environment)


@pytest.mark.slow
def test_a_partner_verifies_within_minutes(
    demo: Demo, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    steps = run(PAGE, demo.address, demo.environment, demo.provider)
    took = time.monotonic() - began
    record_property("figures", f"the partners' tutorial, every command of it: {took:.0f} s")
    checked = [step for step in steps if step.expected]
    for step in checked:
        assert step.expected is not None
        if step.expected.language == "json":
            assert answer(step.printed) == answer(step.expected.text), step.commands
        else:
            assert constant(step.printed) == constant(step.expected.text).strip(), step.commands
    assert len(checked) == len([block for block in blocks(PAGE) if block.language in ("json", "text")])
    assert '"outcome": "VALID"' in next(
        step.printed for step in checked if step.commands.startswith("partner share")
    )
    assert took < LONGEST_SECONDS
