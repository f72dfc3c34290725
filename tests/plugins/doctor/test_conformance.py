"""The conformance kit on our own plugin, as a stranger's tests run it on hers."""

from __future__ import annotations

from pathlib import Path

import pytest

from meibo.testing import PluginConformance


@pytest.mark.slow
class TestDoctor(PluginConformance):
    """Every check of `meibo plugin check`."""

    path = Path(__file__).parents[3] / "plugins" / "doctor"
