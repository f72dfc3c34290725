"""The conformance kit on our own plugins: what a stranger's must show, ours show too."""

from __future__ import annotations

from pathlib import Path

import pytest

from meibo.host import load_host
from meibo.testing import PluginConformance, check_plugin

PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.mark.slow
class TestDoctor(PluginConformance):
    """Every check as a test of its own, as the tests of a plugin have it."""

    path = PLUGINS / "doctor"


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(load_host().professions.keys() - {"doctor"}))
def test_our_plugins_have_nothing_to_mend(code: str) -> None:
    assert [str(finding) for finding in check_plugin(PLUGINS / code)] == []
